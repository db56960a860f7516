"""Test the view model with a real show at the other end: what it tells and keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from renderer.desk.alarms import CLEARED_S, alarm_rows
from renderer.desk.connection import Contact, ShowConnection
from renderer.desk.model import NOTE_S, DeskModel
from renderer.desk.panels.cues.model import CuesModel
from renderer.desk.panels.header.model import NO_CONTACT, NO_SHOW, Lamp, header_of
from renderer.desk.panels.outputs.model import output_rows
from renderer.desk.settings import OperatorSettings, SettingsFile
from renderer.desk.widgets.banner import Banner
from renderer.desk.widgets.formatting import Level
from renderer.protocol.alarms import AcknowledgeAlarm, Alarm, Severity
from renderer.protocol.cues import CueListStatus, CuesHealth, Go, RunningCue
from renderer.protocol.document import DocumentContent, DocumentHealth
from renderer.protocol.outputs import OutputsHealth
from renderer.protocol.schema import Reply
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from tests.desk.conftest import FakeClock, Show, Until


@pytest.fixture
def model(show: Show, clock: FakeClock, tmp_path: Path, until: Until) -> Iterator[DeskModel]:
    with ShowConnection(clock=clock) as connection:
        model = DeskModel(connection, tmp_path / "films", clock, operator="Sora")
        until(lambda: model.in_contact.value, lambda: step(show, model, clock))
        yield model


def step(show: Show, model: DeskModel, clock: FakeClock) -> None:
    show.tick()
    clock.now += 0.02
    model.poll()


def test_the_header_tells_where_the_evening_is(status: Status) -> None:
    shown = header_of(status, Contact.GOOD, datetime(2026, 5, 1, 20, 0))
    assert shown.lamp == Lamp("OFF AIR", Level.IDLE)
    assert shown.now == "00:01:23"
    values = {name: text for name, text, _ in shown.columns}
    assert values["Left"] == "00:01:56"
    assert values["Ends"] == "20:01"
    assert values["Frame rate"] == "29.9 / 30"
    assert header_of(status, Contact.SILENT, datetime.now()).lamp == NO_CONTACT
    assert header_of(Status(), Contact.NONE, datetime.now()).lamp == NO_SHOW


def test_keys_of_streams_are_never_shown(status: Status) -> None:
    rows = output_rows(status.of(OutputsHealth), is_known=True)
    assert all("secret" not in f"{row}" for row in rows)
    assert [row.level for row in rows] == [Level.GOOD, Level.WARN]
    assert output_rows(status.of(OutputsHealth), is_known=False)[0].word == "running?"


def test_an_alarm_is_told_with_its_remedy_until_it_clears() -> None:
    alarm = Alarm("output.a", Severity.CRITICAL, "rtmp://h/app/key is lost", 0.0)
    first = alarm_rows(ShowHealth(alarms=[alarm], warnings=["No song"]), ["own"], (), 10.0)
    assert [row.is_open for row in first] == [True, False, False]
    assert (first[0].perspective, bool(first[0].remedy)) == ("outputs", True)
    assert "key" not in first[0].text
    after = alarm_rows(ShowHealth(), [], first, 20.0)
    assert {row.cleared_at for row in after} == {20.0}
    assert not any(row.is_open for row in after)
    assert alarm_rows(ShowHealth(), [], after, 20.0 + CLEARED_S + 1) == ()


def test_acknowledging_names_the_operator(
    model: DeskModel, show: Show, clock: FakeClock, until: Until
) -> None:
    show.change(alarms=[Alarm("camera.2", Severity.WARNING, "Camera 2 is dark", 1.0)])
    until(lambda: any(row.is_open for row in model.alarms.value), lambda: step(show, model, clock))
    model.acknowledge()
    until(lambda: show.heard, lambda: step(show, model, clock))
    assert show.heard == [AcknowledgeAlarm("camera.2", "Sora")]


def test_a_reply_is_told_for_some_seconds(
    model: DeskModel, show: Show, clock: FakeClock, until: Until
) -> None:
    show.answer = Reply(False, "rtmp://h/app/key refused.")
    model.ask(Go())
    until(lambda: model.note.value.text, lambda: step(show, model, clock))
    assert model.note.value.level is Level.BAD
    assert "key" not in model.note.value.text
    clock.now += NOTE_S + 0.1
    model.poll()
    assert model.note.value.text == ""


def test_a_panel_is_told_only_what_is_new(
    model: DeskModel, show: Show, clock: FakeClock, until: Until
) -> None:
    class Panel:
        sections = (ShowHealth,)
        updates = 0

        def update(self, _status: Status) -> None:
            self.updates += 1

    panel = Panel()
    model.show_panels([panel])
    assert panel.updates == 1
    # What was published before is on its way still; the cues come after it.
    show.status = Status([CuesHealth()])
    until(lambda: model.status.has(CuesHealth), lambda: step(show, model, clock))
    panel.updates = 0
    show.status = Status([CuesHealth(camera=2)])
    until(lambda: model.status.of(CuesHealth).camera == 2, lambda: step(show, model, clock))
    assert panel.updates == 0


def test_cues_show_what_was_is_and_will_be(tmp_path: Path, clock: FakeClock) -> None:
    desk = DeskModel(ShowConnection(clock=clock), tmp_path, clock)
    cues = [{"number": n, "name": n, "duration": 4.0} for n in "1234"]
    data = {"cue_lists": [{"name": "Main", "cues": cues}]}
    running = [RunningCue("2", "2", 0.0, 0.25)]
    desk.status = Status(
        [
            CuesHealth(lists=[CueListStatus("Main", "3", running=running)]),
            DocumentContent(1, data),
        ]
    )
    model = CuesModel(desk)
    model.update(desk.status)
    assert [line.state for line in model.lines.value] == ["done", "running", "standby", ""]
    assert model.lines.value[1].left == "3.0 s"


def test_settings_belong_to_the_operator(tmp_path: Path) -> None:
    files = SettingsFile(tmp_path)
    files.keep_operator("지윤 / ../Sora", OperatorSettings(perspective="lights"))
    assert SettingsFile(tmp_path).operator("지윤 / ../Sora").perspective == "lights"
    assert files.operator("Mai") == OperatorSettings()
    assert [path.parent for path in tmp_path.rglob("*.json")] == [tmp_path]


def test_broken_settings_start_again_and_unwritable_ones_are_told(tmp_path: Path) -> None:
    (tmp_path / "operator-Sora.json").write_text("{broken")
    assert SettingsFile(tmp_path).operator("Sora") == OperatorSettings()
    (tmp_path / "file").touch()
    files = SettingsFile(tmp_path / "file")
    files.keep_operator("Sora", OperatorSettings())
    assert "cannot be written" in files.fault


def test_shows_that_ran_are_found_again(
    model: DeskModel, show: Show, clock: FakeClock, until: Until
) -> None:
    show.status = show.status.with_sections([DocumentHealth(1, "/shows/spring.toml")])
    until(lambda: model.files.studio.recent, lambda: step(show, model, clock))
    assert SettingsFile().studio.recent == ["/shows/spring.toml"]


def test_the_banner_says_what_to_do(
    model: DeskModel, show: Show, clock: FakeClock, until: Until
) -> None:
    assert model.banner.value == Banner()

    def hear_nothing() -> None:
        clock.now += 0.5
        model.poll()

    until(lambda: "stopped answering" in model.banner.value.title, hear_nothing)
    show.change(state=ShowState.ENDED)
    until(lambda: "ended" in model.banner.value.title, lambda: step(show, model, clock))


def test_a_fault_of_the_desk_is_among_the_alarms(model: DeskModel) -> None:
    model.show_fault("The desk had a fault.")
    assert any(row.text == "The desk had a fault." for row in model.alarms.value)
