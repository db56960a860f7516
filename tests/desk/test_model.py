"""The view-model with a real show at the other end: what is shown, what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.controls.model import ANSWER_SECONDS, Action
from renderer.desk.panels.header.model import Lamp
from renderer.desk.panels.notes.model import Note
from renderer.desk.widgets.banner import Banner
from renderer.desk.widgets.formatting import Level
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.outputs import GoLive, StartRecording
from renderer.protocol.schema import SCHEMA_VERSION, Reply
from renderer.protocol.show import ShowState

if TYPE_CHECKING:
    from tests.desk.conftest import FakeClock, Show, Until


@pytest.fixture
def model(show: Show, clock: FakeClock, tmp_path: Path, until: Until) -> Iterator[DeskModel]:
    with ShowConnection(clock=clock) as connection:
        model = DeskModel(connection, tmp_path / "films", clock)
        until(lambda: model.in_contact.value, lambda: (show.tick(), model.poll()))
        yield model


def shown(model: DeskModel, show: Show, until: Until, there: Callable[[], object]) -> None:
    until(there, lambda: (show.tick(), model.poll()))


def test_a_status_fills_every_section(model: DeskModel) -> None:
    assert model.lamp.value == Lamp("PREVIEW", Level.GOOD)
    assert model.title.value == "camera 0 as Aoi"
    assert (model.clock.value.now, model.clock.value.length) == ("00:01:23", "of 00:03:20")
    assert [figure.text for figure in model.figures.value] == ["29.9 / 30 fps", "62 ms", "3"]
    assert model.cast.value.performance == "Ren performs as Aoi"
    assert ("Song", "anthem.ogg") in model.cast.value.details
    assert ("Seen by", "camera 0") in model.cast.value.details
    assert model.cast.value.licence == ("Credit <b>is</b> required.",)
    first, second = model.outputs.value
    assert (first.state, first.level) == ("running", Level.GOOD)
    assert "secret" not in first.address
    assert (second.state, second.level, second.detail) == ("retrying", Level.WARN, "refused")
    assert dict(model.stage_times.value.stages)["draw"] == 14.2
    assert model.stage_times.value.budget_ms == pytest.approx(1000 / 30)
    assert model.warnings.value == (Note("The song is silent.", Level.WARN),)
    assert model.banner.value == Banner()
    (camera,) = model.cameras.value
    assert (camera.state, camera.level) == ("seeing", Level.GOOD)
    assert len(camera.landmarks.face) == 478
    (performer,) = model.performers.value
    assert (performer.name, performer.note) == ("Ren", "all seen")


@pytest.mark.parametrize(
    ("state", "lamp"),
    [
        (ShowState.STARTING, Lamp("STARTING", Level.WARN)),
        (ShowState.ON_AIR, Lamp("ON AIR", Level.LIVE)),
        (ShowState.STOPPING, Lamp("STOPPING", Level.WARN)),
        (ShowState.ENDED, Lamp("ENDED", Level.IDLE)),
    ],
)
def test_the_lamp_tells_the_state(
    model: DeskModel, show: Show, until: Until, state: ShowState, lamp: Lamp
) -> None:
    show.change(state=state)
    shown(model, show, until, lambda: model.lamp.value == lamp)


def test_the_same_status_again_tells_nobody(model: DeskModel, show: Show, until: Until) -> None:
    heard: list[object] = []
    for section in (model.lamp, model.clock, model.figures, model.cast, model.outputs):
        section.watch(heard.append)
    heard.clear()
    for _ in range(20):
        show.tick()
        model.poll()
    show.change(frames=9999, dropped=4)
    shown(model, show, until, lambda: model.figures.value[2].text == "4")
    assert heard == [model.figures.value]


def test_a_press_is_obeyed_and_its_answer_told(model: DeskModel, show: Show, until: Until) -> None:
    model.press(Action.LIVE, "rtmp://x.example/y/z")
    assert not model.controls.buttons[Action.LIVE].value.enabled
    shown(model, show, until, lambda: model.note.value == Note("Done.", Level.GOOD))
    assert show.heard == [GoLive("rtmp://x.example/y/z")]
    assert model.controls.buttons[Action.LIVE].value.enabled


def test_a_refusal_is_told_in_the_show_s_words(model: DeskModel, show: Show, until: Until) -> None:
    show.answer = Reply(False, "Aoi's licence does not allow commercial use.")
    model.press(Action.LIVE)
    shown(model, show, until, lambda: model.note.value.level is Level.BAD)
    assert model.note.value.text == "Aoi's licence does not allow commercial use."


def test_a_missing_answer_is_told(
    model: DeskModel, show: Show, until: Until, clock: FakeClock
) -> None:
    show.answer = None
    model.press(Action.LIVE)
    shown(model, show, until, lambda: show.heard)
    for number in range(int(ANSWER_SECONDS) + 1):  # The show itself is never silent.
        clock.now += 1.0
        show.change(performer=f"Ren {number}")
        name = f"Ren {number} performs as Aoi"
        shown(model, show, until, lambda name=name: model.cast.value.performance == name)
    shown(model, show, until, lambda: "not answered" in model.note.value.text)
    assert model.controls.buttons[Action.LIVE].value.enabled


def test_recordings_get_their_folder(
    model: DeskModel, show: Show, until: Until, tmp_path: Path
) -> None:
    model.press(Action.RECORD)
    shown(model, show, until, lambda: show.heard)
    (command,) = show.heard
    assert isinstance(command, StartRecording)
    assert Path(command.path).parent.is_dir()


def test_a_recordings_folder_that_cannot_be_made_is_told(
    model: DeskModel, show: Show, tmp_path: Path
) -> None:
    (tmp_path / "films").write_bytes(b"")
    model.press(Action.RECORD)
    assert model.note.value.level is Level.BAD
    assert "films" in model.note.value.text
    assert model.controls.buttons[Action.RECORD].value.enabled


def test_a_silent_show_promises_nothing(
    model: DeskModel, show: Show, clock: FakeClock, until: Until
) -> None:
    show.change(state=ShowState.ON_AIR)
    shown(model, show, until, lambda: model.lamp.value.level is Level.LIVE)

    def wait_in_silence() -> None:  # What is still under way arrives first.
        clock.now += 0.5
        model.poll()

    until(lambda: not model.in_contact.value, wait_in_silence)
    assert model.lamp.value == Lamp("NO CONTACT", Level.WARN)
    assert model.banner.value.title == "The show has stopped answering"
    assert not any(button.value.enabled for button in model.controls.buttons.values())
    assert {row.level for row in model.outputs.value} == {Level.IDLE}
    assert [tile.landmarks for tile in model.cameras.value] == [Landmarks()]
    assert {row.level for row in model.performers.value} == {Level.IDLE}
    assert not any(row.enabled for row in model.performers.value)
    assert model.cast.value.performance == "Ren performs as Aoi", "what is known stays readable"
    shown(model, show, until, lambda: model.lamp.value.level is Level.LIVE)
    assert model.banner.value == Banner()
    assert model.outputs.value[0].level is Level.GOOD


def test_the_show_gone_between_look_and_press_is_told(model: DeskModel, show: Show) -> None:
    show.close()
    model.press(Action.LIVE)
    # The bus may not have noticed yet; then the press is under way and times out like any other.
    assert "does not answer" in model.note.value.text or not (
        model.controls.buttons[Action.LIVE].value.enabled
    )


def test_what_cannot_be_read_becomes_a_warning(model: DeskModel, show: Show, until: Until) -> None:
    def rubbish() -> None:
        show.endpoint._publisher.send(b"\xff\xff")
        model.poll()

    until(lambda: model.connection.unreadable, rubbish)
    shown(model, show, until, lambda: any("cannot be read" in w.text for w in model.warnings.value))
    model.tell_fault("The desk had a fault.")
    assert model.warnings.value[0].text == "The desk had a fault."


def test_without_a_show_the_operator_is_told_what_to_do(clock: FakeClock, tmp_path: Path) -> None:
    with ShowConnection(clock=clock) as connection:
        model = DeskModel(connection, tmp_path, clock)
        model.poll()
        assert model.banner.value.title == "No show is running"
        assert model.lamp.value == Lamp("NO SHOW", Level.IDLE)
    with ShowConnection("show-1-x", clock=clock) as connection:
        model = DeskModel(connection, tmp_path, clock)
        model.poll()
        assert model.banner.value.title == "show-1-x is not running"


def test_alarms_stand_before_warnings_with_the_time_since_when(
    model: DeskModel, show: Show, until: Until
) -> None:
    lost = Alarm("camera.2", Severity.CRITICAL, "Camera 2 is lost", 1_800_000_000.0)
    late = Alarm("inputs.late", Severity.NOTICE, "3 input frames came too late", 1_800_000_000.0)
    show.change(alarms=[lost, late])
    shown(model, show, until, lambda: len(model.warnings.value) == 3)
    since = f"{datetime.fromtimestamp(1_800_000_000.0):%H:%M:%S}"
    assert model.warnings.value[0] == Note(f"Camera 2 is lost (since {since})", Level.BAD)
    assert model.warnings.value[1].level is Level.IDLE
    show.change(alarms=[])
    shown(model, show, until, lambda: len(model.warnings.value) == 1)


def test_a_show_of_another_version_is_told_with_both_versions(
    model: DeskModel, show: Show, clock: FakeClock, tmp_path: Path
) -> None:
    card = show.session.folder / "bus.json"
    written = msgspec.json.decode(card.read_bytes())
    card.write_bytes(msgspec.json.encode({**written, "schema": SCHEMA_VERSION + 1}))
    with ShowConnection(clock=clock) as connection:
        other = DeskModel(connection, tmp_path, clock)
        other.poll()
        assert other.banner.value.title == "The desk cannot follow a show"
        assert f"version {SCHEMA_VERSION + 1}" in other.banner.value.text
        assert f"version {SCHEMA_VERSION}" in other.banner.value.text
