"""Test the registry of actions: confirmation, refusal, keys, key map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.actions.board import ARMED_S, GUARD_S, ActionBoard, require_distinct_keys
from renderer.desk.actions.catalogue import all_actions
from renderer.desk.actions.cue_actions import free_number
from renderer.desk.actions.key_map import key_map_page, key_map_text
from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.settings import SettingsFile
from renderer.desk.shell.palette import matches
from renderer.protocol.control.keys import PressKey
from renderer.protocol.cues import CueListStatus, CuesHealth, Go, Panic, StandByCue, TakePreview
from renderer.protocol.document import DocumentContent, RecordCue, UndoEdit
from renderer.protocol.performers import FreezeLimb
from renderer.protocol.schema import Command
from renderer.protocol.show import EndShow, ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from tests.desk.conftest import FakeClock

CUES = CuesHealth(lists=[CueListStatus("Main", "2", "Chorus", "wait")], camera=1, preview=2)
CONTENT = DocumentContent(
    1,
    {
        "cameras": [{"number": 7, "name": "Wide"}],
        "cue_lists": [{"name": "Main", "cues": [{"number": n} for n in ("1", "2", "3")]}],
    },
)


class Desk(DeskModel):
    """A desk whose commands are kept rather than sent."""

    def __init__(self, tmp_path: Path, clock: FakeClock) -> None:
        self.sent: list[Command] = []
        super().__init__(
            ShowConnection(clock=clock), tmp_path, clock, SettingsFile(tmp_path / "s"), "Sora"
        )
        self.status = Status([ShowHealth(ShowState.ON_AIR), CUES, CONTENT])
        self.in_contact.set(True)
        self.board.refresh()

    def ask(self, command: Command, *, is_quiet: bool = False) -> None:
        self.sent.append(command)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Desk:
    return Desk(tmp_path, clock)


def test_go_starts_the_standby_once_even_if_the_key_bounces(desk: Desk, clock: FakeClock) -> None:
    desk.press("cues.go")
    clock.now += GUARD_S / 2
    desk.press("cues.go")
    assert desk.sent == [Go("Main")]
    clock.now += GUARD_S
    desk.press("cues.go")
    assert desk.sent == [Go("Main")] * 2


@pytest.mark.parametrize(
    ("id", "command"), [("show.slate", Panic()), ("show.end", EndShow())], ids=["slate", "end"]
)
def test_what_takes_the_show_off_air_is_pressed_twice(
    desk: Desk, clock: FakeClock, id: str, command: Command
) -> None:
    desk.press(id)
    assert desk.sent == []
    assert desk.board.states[id].value.armed == 10
    clock.now += ARMED_S + 0.1
    desk.press(id)
    assert desk.sent == [], "the first press has expired"
    clock.now += ARMED_S / 2
    desk.press(id)
    assert desk.sent == [command]
    assert desk.board.states[id].value.armed == 0


def test_another_press_or_escape_disarms(desk: Desk) -> None:
    desk.press("show.slate")
    desk.press("cameras.cut")
    desk.press("show.slate")
    desk.board.disarm()
    desk.press("show.slate")
    assert desk.sent == [TakePreview()]


def test_the_way_back_is_one_press(desk: Desk) -> None:
    desk.status = desk.status.with_sections([CuesHealth(slate=True)])
    desk.press("show.slate")
    assert desk.sent == [Panic(on=False)]


def test_a_refused_press_says_why_and_sends_nothing(desk: Desk) -> None:
    desk.status = Status([ShowHealth(ShowState.ON_AIR)])
    desk.press("cues.go")
    assert desk.sent == []
    assert "no cues" in desk.note.value.text
    desk.in_contact.set(False)
    desk.press("show.end")
    assert "No show is running" in desk.note.value.text


def test_keys_of_cameras_follow_the_document(desk: Desk) -> None:
    desk.press("cameras.preview1")
    desk.press("cameras.preview2")
    assert [getattr(one, "camera", None) for one in desk.sent] == [7]
    assert "no camera 2" in desk.note.value.text


def test_skip_and_previous_move_the_standby(desk: Desk) -> None:
    desk.press("cues.skip")
    desk.press("cues.previous")
    assert desk.sent == [StandByCue("Main", cue="3"), StandByCue("Main", cue="1")]


def test_recording_and_undo_carry_the_operator(desk: Desk) -> None:
    from renderer.protocol.document import DocumentHealth

    desk.status = desk.status.with_sections([DocumentHealth(3, undo="rename cue 2")])
    desk.press("cues.record")
    desk.press("document.undo")
    assert desk.sent == [RecordCue("Sora", cue="1.1", list="Main"), UndoEdit("Sora")]


def test_holding_freezes_every_limb_of_every_idol(desk: Desk) -> None:
    from renderer.protocol.performers import LimbState, PerformersHealth, PerformerStatus

    both = [PerformerStatus(k, name, [LimbState.LIVE] * 9) for k, name in enumerate("AB")]
    desk.status = desk.status.with_sections([PerformersHealth(both)])
    desk.press("show.hold")
    assert len(desk.sent) == 18
    assert all(isinstance(one, FreezeLimb) for one in desk.sent)


def test_no_key_means_two_things() -> None:
    require_distinct_keys(all_actions())
    twin = Action("a.b", "B", Group.DESK, lambda _: None, "F1")
    with pytest.raises(ValueError, match="share the key F1"):
        require_distinct_keys([*all_actions(), twin])


def test_two_actions_of_one_name_are_refused(desk: Desk, clock: FakeClock) -> None:
    one = Action("a.b", "B", Group.DESK, lambda _: None)
    with pytest.raises(ValueError, match="two actions"):
        ActionBoard(desk, [one, one], clock)


def test_what_ends_a_picture_asks_twice() -> None:
    """A new action that the audience would see as an end must ask twice, too."""
    by_id = {action.id: action for action in all_actions()}
    for id in ("show.slate", "show.black", "show.end", "outputs.off", "cues.start"):
        assert by_id[id].confirm is Confirm.TWICE, id


def test_every_key_is_in_the_key_map() -> None:
    text, page = key_map_text(all_actions()), key_map_page(all_actions())
    for action in all_actions():
        if action.key:
            assert action.title in text
            assert action.title in page
    assert "S S" in text, "a key drawn twice is pressed twice"


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=20))
def test_any_words_can_be_typed_into_the_palette(words: str) -> None:
    for action in all_actions():
        matches(action, words)


def test_the_palette_finds_by_the_beginnings_of_words() -> None:
    found = {action.id for action in all_actions() if matches(action, "fad bla")}
    assert found == {"show.black"}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.from_regex(r"[1-9]\d?(\.\d)?", fullmatch=True), unique=True, max_size=20))
def test_a_recorded_cue_gets_a_free_number(numbers: list[str]) -> None:
    for standby in (*numbers, ""):
        assert free_number(numbers, standby) not in numbers


def test_a_take_is_put_on_a_limb_or_the_whole_idol(desk: Desk) -> None:
    from renderer.protocol.performers import (
        HandToTake,
        PerformersHealth,
        PerformerStatus,
        ReplaceLimb,
    )

    desk.status = desk.status.with_sections([PerformersHealth([PerformerStatus(0, "Ren")])])
    desk.direction.update(desk.status)
    desk.takes.set(("wave.mcap",))
    desk.direction.choose("leftHand")
    desk.press("capture.take1")
    desk.press("capture.whole")
    desk.press("capture.take1")
    assert desk.sent == [ReplaceLimb(0, "leftHand", "wave.mcap"), HandToTake(0, "wave.mcap")]


def test_a_performer_s_camera_is_replaced(desk: Desk) -> None:
    from renderer.protocol.inputs import (
        CameraState,
        CameraStatus,
        CameraTrial,
        EndCameraTrial,
        InputsHealth,
        RestoreCamera,
        SwapCamera,
        TryCamera,
    )  # fmt: skip

    cameras = [CameraStatus(f"camera:{k}", CameraState.SEEING, performers=[k]) for k in range(2)]
    desk.status = desk.status.with_sections([InputsHealth(cameras)])
    desk.choose_performer(1)
    desk.swap.try_address("  ")
    desk.swap.try_address(" camera:5 ")
    assert desk.sent == [TryCamera(1, "camera:5")]
    desk.press("capture.swap")
    desk.press("capture.restore")
    assert len(desk.sent) == 1, "nothing is tried, and nothing was replaced"
    trial = CameraTrial(1, "camera:5", CameraState.OPENING)
    desk.status = desk.status.with_sections([InputsHealth(cameras, trial=trial)])
    desk.press("capture.swap")
    assert len(desk.sent) == 1, "the camera that is tried gives no picture yet"
    trial = CameraTrial(1, "camera:5", CameraState.SEEING)
    cameras[1] = CameraStatus("camera:1", CameraState.SEEING, performers=[1], before="camera:3")
    desk.status = desk.status.with_sections([InputsHealth(cameras, trial=trial)])
    for id in ("capture.swap", "capture.end_trial", "capture.restore"):
        desk.press(id)
    assert desk.sent[1:] == [SwapCamera(1), EndCameraTrial(1), RestoreCamera(1)]


KEYED = DocumentContent(
    2,
    {
        "keys": {
            "Ctrl+F9": {"address": "/look/Gold", "name": "Gold"},
            "Space": {"address": "/master"},
            "F10": "not a table",
        }
    },
)


def test_a_shows_own_keys_are_actions_and_take_no_key_of_the_desk(desk: Desk) -> None:
    before = {one.id for one in desk.board.all()}
    desk.status = Status([KEYED])
    desk._follow_keys()
    assert {one.id for one in desk.board.all()} - before == {"keys.Ctrl+F9", "keys.Space"}
    assert [(one.title, one.key) for one in desk.own_keys.value] == [
        ("Gold", "Ctrl+F9"),
        ("/master", ""),
    ]
    assert "Space" in desk.note.value.text
    desk.board.press("keys.Ctrl+F9")
    assert desk.sent == [PressKey(key="Ctrl+F9")]
    assert "Gold" in key_map_text(desk.board.all())
    desk.status = Status([CONTENT])
    desk._follow_keys()
    assert {one.id for one in desk.board.all()} == before and not desk.own_keys.value
