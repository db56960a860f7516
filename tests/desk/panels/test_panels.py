"""Test the panels: each is found, shows an empty state that says what to do, and bears anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.checks.model import checks_of
from renderer.desk.panels.find import find_panels
from renderer.desk.panels.log.model import KEPT, LogModel
from renderer.desk.panels.performers.columns import bars_of, columns_of
from renderer.desk.panels.rights.model import rights_of
from renderer.desk.panels.take_bin.model import TakeBinModel
from renderer.desk.shell.perspectives import LAYOUTS, own_layout
from renderer.desk.widgets.formatting import Level
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.document import DocumentContent
from renderer.protocol.inputs import InputsHealth, LandmarkPoints
from renderer.protocol.log import EventKind, LogEvent, ShowLog
from renderer.protocol.performers import LimbState, PerformersHealth, PerformerStatus
from renderer.protocol.schema import section_types
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


TERMS = ["Credit <b>is</b> required."]


@pytest.fixture
def desk(tmp_path: Path) -> DeskModel:
    return DeskModel(ShowConnection(), tmp_path)


def test_every_panel_of_a_layout_is_there() -> None:
    for layout in (*LAYOUTS.values(), own_layout(()), own_layout(("log",))):
        assert set(layout.panels()) <= set(find_panels())


@pytest.mark.parametrize("id", sorted(find_panels()))
def test_a_panel_is_drawn_with_nothing_and_with_everything(
    qtbot: QtBot, desk: DeskModel, status: Status, id: str
) -> None:
    kind = find_panels()[id]
    model = kind.model(desk)
    view = kind.view(model, desk)
    qtbot.addWidget(view)
    view.resize(600, 300)
    assert not view.grab().isNull()
    desk.status = status
    desk.in_contact.set(True)
    model.update(status)
    if hasattr(view, "refresh"):
        view.refresh()
    assert not view.grab().isNull()
    assert set(model.sections) <= set(section_types())


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_sections_that_do_not_fit_each_other_are_borne(
    desk: DeskModel, data: st.DataObject
) -> None:
    """Sections come one by one, from a show that may be of another version."""
    count = st.integers(0, 3)
    performers = [
        PerformerStatus(
            k, f"P{k}",
            [LimbState.LIVE] * data.draw(st.integers(0, 12)),
            [0.5] * data.draw(st.integers(0, 12)),
        )
        for k in range(data.draw(count))
    ]  # fmt: skip
    desk.status = Status(
        [
            PerformersHealth(performers),
            DocumentContent(1, {"cue_lists": data.draw(st.none() | st.just([{"cues": 3}]))}),
            ShowHealth(),
            InputsHealth(),
            LandmarkPoints(),
        ]
    )
    desk.in_contact.set(True)
    for kind in find_panels().values():
        kind.model(desk).update(desk.status)


def test_limbs_are_told_by_word_as_well(status: Status) -> None:
    limbs = [LimbState.FROZEN] + [LimbState.LIVE] * 8
    one = PerformerStatus(0, "Ren", limbs, [0.9, 0.9, 0.3, 0.0, *[0.9] * 5])
    bars = bars_of(one)
    assert [bar.word for bar in bars[:4]] == ["frozen", "seen", "weak", "lost"]
    assert bars[0].is_driven
    changed = status.with_sections([PerformersHealth([one])])
    (column,) = columns_of(changed, True)
    assert column.camera == 0
    assert "29.9 fps" in column.caption


def test_the_check_names_what_stands_in_the_way(status: Status) -> None:
    good = {one.name: one.level for one in checks_of(status)}
    assert (good["cameras"], good["frame rate"]) == (Level.GOOD, Level.GOOD)
    alarm = Alarm("rights.1", Severity.CRITICAL, "Aoi is refused", 0.0)
    bad = checks_of(status.with_sections([ShowHealth(alarms=[alarm], frame_rate=12.0)]))
    levels = {one.name: (one.level, one.text) for one in bad}
    assert levels["rights"] == (Level.BAD, "Aoi is refused")
    assert levels["frame rate"][0] is Level.BAD


def test_a_refused_idol_is_told_with_the_reason(status: Status) -> None:
    alarm = Alarm("rights.1", Severity.CRITICAL, "Aoi leaves the picture: refused", 0.0)
    clause = "its licence ended on 2026-12-08"
    licence = ["Not allowed: Aoi", f"  {clause} → ask Haneul for a new licence", *TERMS]
    performers = [PerformerStatus(0, "Ren", [], [], avatar="Aoi")]
    rights = rights_of(
        status.with_sections([
            ShowHealth(alarms=[alarm]), ShowDocument(licence=licence), PerformersHealth(performers),
        ])
    )  # fmt: skip
    (card,) = rights.cards
    assert (card.word, card.level) == ("refused", Level.BAD)
    assert card.clauses[0] == alarm.text
    assert card.clauses[1].startswith(clause), "the verdict stands on the card of its idol"
    assert TERMS[0] in [line.text for line in rights.lines], "and it is no markup"


def test_the_log_keeps_order_and_its_bound(desk: DeskModel) -> None:
    model = LogModel(desk)
    for first in range(1, KEPT + 100, 50):
        events = [LogEvent(k, 0.0, EventKind.STATE, str(k)) for k in range(first, first + 60)]
        model.update(Status([ShowLog(first, events)]))
    numbers = [row.number for row in model.rows.value]
    assert len(numbers) == KEPT
    assert numbers == sorted(set(numbers))


def test_the_take_bin_takes_folders_and_tells_what_is_none(desk: DeskModel, tmp_path: Path) -> None:
    (tmp_path / "a.mcap").touch()
    (tmp_path / "b.txt").touch()
    model = TakeBinModel(desk)
    model.add(str(tmp_path))
    assert [Path(row).name for row in model.rows.value] == ["a.mcap"]
    assert desk.takes.value == model.rows.value
    model.add(str(tmp_path / "b.txt"))
    assert "no folder and no take" in model.fault.value


def test_what_was_declared_is_told(status: Status, desk: DeskModel) -> None:
    kind = find_panels()["disclosure"]
    model = kind.model(desk)
    data = {"rights": {"without_disclosure": "Sora", "territories": ["KR", "JP"]}}
    model.update(
        status.with_sections([DocumentContent(1, data), ShowDocument(usage="corporation")])
    )
    told = {row.name: row.text for row in model.rows.value}
    assert told["Use"] == "by a company"
    assert told["Label in the picture"] == "switched off by Sora"
    assert told["Territories"] == "KR, JP"
    assert told["Camera pictures"] == "are seen by the crew alone"
    cameras = [{"number": 7, "input": "Mai"}, {"number": 8, "input": 1}, {"number": 1}]
    model.update(status.with_sections([DocumentContent(2, {"cameras": cameras}), ShowDocument()]))
    told = {row.name: row.text for row in model.rows.value}
    assert told["Camera pictures"] == "are in the program while camera 7, 8 is"


def test_a_song_shows_its_own_cues_alone(desk: DeskModel) -> None:
    from renderer.desk.panels.song.model import SongModel
    from renderer.protocol.songs import SongsHealth, SongState

    cues = [
        {"number": "1", "trigger": {"on": "beat", "at": "3:1", "song": "Tide"}},
        {"number": "2", "trigger": {"on": "beat", "at": "5:1", "song": "Moon"}},
        {"number": "3", "trigger": {"on": "time", "at": 61.0}},
        {"number": "4", "trigger": {"on": "go"}},
    ]
    data = {"songs": [{"name": "Moon"}, {"name": "Tide"}], "cue_lists": [{"cues": cues}]}
    model = SongModel(desk)
    health = SongsHealth(SongState.PLAYING, "Tide", position_s=4.5, position="3:2")
    model.update(Status([DocumentContent(1, data), health]))
    state = model.state.value
    assert [(flag.number, flag.at_s) for flag in state.flags] == [("1", 4.0)]
    assert (state.seconds, state.position) == (4.5, "3:2")
