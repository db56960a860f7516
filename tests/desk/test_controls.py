"""The buttons' laws: what an audience would miss is asked twice, and nothing is told twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from statuses import status_with

from renderer.desk.panels.controls.model import ANSWER_SECONDS, ARMED_SECONDS, Action, Controls
from renderer.desk.widgets.formatting import Level
from renderer.protocol.outputs import GoLive, StartRecording, StopLive, StopRecording
from renderer.protocol.show import EndShow, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from tests.desk.conftest import FakeClock


@pytest.fixture
def controls(clock: FakeClock, tmp_path: Path) -> Controls:
    return Controls(tmp_path, clock)


def at(status: Status, state: ShowState, **more: object) -> Status:
    return status_with(status, state=state, **more)


def texts(controls: Controls) -> list[str]:
    return [button.value.text for button in controls.buttons.values()]


def test_without_a_show_nothing_can_be_pressed(controls: Controls, status: Status) -> None:
    for _ in range(2):
        assert not any(button.value.enabled for button in controls.buttons.values())
        assert all(controls.press(action) is None for action in Action)
        controls.update(status)
        controls.update(None)


@pytest.mark.parametrize("state", [ShowState.STOPPING, ShowState.ENDED])
def test_a_show_that_is_over_takes_no_commands(
    controls: Controls, status: Status, state: ShowState
) -> None:
    controls.update(at(status, state))
    assert all(controls.press(action) is None for action in Action for _ in range(2))


def test_going_live_takes_one_press_and_stopping_two(controls: Controls, status: Status) -> None:
    controls.update(status)
    assert controls.press(Action.LIVE, " rtmp://x/y ") == GoLive("rtmp://x/y")
    controls.update(at(status, ShowState.ON_AIR))
    assert texts(controls)[0] == "Stop"
    assert controls.press(Action.LIVE) is None
    assert controls.buttons[Action.LIVE].value.text == "Press again to stop"
    assert controls.buttons[Action.LIVE].value.level is Level.WARN
    assert controls.press(Action.LIVE) == StopLive()


def test_a_first_press_is_forgotten(controls: Controls, status: Status, clock: FakeClock) -> None:
    controls.update(at(status, ShowState.ON_AIR))
    controls.press(Action.LIVE)
    clock.now += ARMED_SECONDS + 0.1
    controls.tick()
    assert texts(controls)[0] == "Stop"
    assert controls.press(Action.LIVE) is None
    controls.disarm()
    assert controls.press(Action.LIVE) is None
    controls.update(status)  # The show went off the air by itself,
    controls.update(at(status, ShowState.ON_AIR))  # and on again.
    assert controls.press(Action.LIVE) is None


def test_arming_one_button_does_not_arm_another(controls: Controls, status: Status) -> None:
    controls.update(at(status, ShowState.ON_AIR))
    assert controls.press(Action.LIVE) is None
    assert controls.press(Action.END) is None
    assert controls.press(Action.LIVE) is None
    assert controls.press(Action.LIVE) == StopLive()


def test_ending_always_asks_twice(controls: Controls, status: Status) -> None:
    controls.update(at(status, ShowState.STARTING))
    assert controls.press(Action.END) is None
    assert controls.press(Action.END) == EndShow()


def test_recording_starts_in_its_folder_and_stops(
    controls: Controls, status: Status, tmp_path: Path
) -> None:
    controls.update(status)
    started = controls.press(Action.RECORD)
    assert isinstance(started, StartRecording)
    assert Path(started.path).parent == tmp_path
    assert Path(started.path).suffix == ".mp4"
    controls.update(at(status, ShowState.PREVIEW, recording=True))
    assert texts(controls)[1] == "Stop recording"
    assert controls.press(Action.RECORD) == StopRecording()


def test_a_button_waits_for_its_answer(
    controls: Controls, status: Status, clock: FakeClock
) -> None:
    controls.update(status)
    controls.sent(Action.LIVE, 7)
    assert controls.press(Action.LIVE) is None
    controls.answered(8)
    assert controls.press(Action.LIVE) is None
    controls.answered(7)
    assert controls.press(Action.LIVE) == GoLive()
    controls.sent(Action.LIVE, 9)
    clock.now += ANSWER_SECONDS + 0.1
    assert controls.tick() == [Action.LIVE]
    assert controls.tick() == []
    assert controls.press(Action.LIVE) == GoLive()


def test_watchers_hear_of_changes_only(controls: Controls, status: Status) -> None:
    heard: list[str] = []
    controls.buttons[Action.LIVE].watch(lambda button: heard.append(button.text))
    for _ in range(5):
        controls.update(status)
    controls.update(at(status, ShowState.ON_AIR))
    assert heard == ["Go live", "Go live", "Stop"]  # At once, when enabled, when on air.
