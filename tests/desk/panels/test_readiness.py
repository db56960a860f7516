"""Test the go-live check: green, or answered for by name; latency; other machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.checks.model import checks_of, decision_of
from renderer.desk.panels.find import find_panels
from renderer.desk.widgets.formatting import Level
from renderer.protocol.latency import LatencyHealth, StageLatency
from renderer.protocol.machines import MachinePart, MachinesHealth, MachineStatus
from renderer.protocol.outputs import GoLive
from renderer.protocol.readiness import Finding, Readiness, Verdict
from renderer.protocol.show import ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.conftest import Show

BAD = Finding("Rights", Verdict.PROBLEM, "Aoi: denied", "ask the author")
GOOD = Finding("Input 1, camera:0", Verdict.OK, "seeing")


@pytest.fixture
def desk(tmp_path: Path) -> DeskModel:
    return DeskModel(ShowConnection(), tmp_path, operator="Sora")


def follow(desk: DeskModel, show: Show, until: Callable[..., None], *findings: Finding) -> None:
    """Have a desk follow a show that has found this."""
    show.change(state=ShowState.PREVIEW)
    show.status = show.status.with_sections([Readiness(1, list(findings))])

    def tick() -> None:
        show.tick()
        desk.poll()

    until(lambda: desk.in_contact.value and desk.status.has(Readiness), tick)


def told(desk: DeskModel, show: Show, until: Callable[..., None]) -> list[GoLive]:
    """Return the commands to go live that the show received."""
    until(lambda: any(isinstance(one, GoLive) for one in show.heard), lambda: show.tick())
    return [one for one in show.heard if isinstance(one, GoLive)]


def test_the_shows_own_findings_are_shown_with_their_remedies(status: Status) -> None:
    found = checks_of(status.with_sections([Readiness(1, [GOOD, BAD])]))
    assert [(one.name, one.level) for one in found[:2]] == [
        ("Input 1, camera:0", Level.GOOD), ("Rights", Level.BAD),
    ]  # fmt: skip
    assert found[1].remedy == "ask the author"
    assert {"faces", "frame rate"} <= {one.name for one in found}, "what the show does not judge"


def test_go_and_no_go_are_told_in_a_word(status: Status) -> None:
    assert decision_of(status).word == ""
    assert decision_of(status.with_sections([Readiness(1, [GOOD])])).level is Level.GOOD
    bad = decision_of(status.with_sections([Readiness(1, [GOOD, BAD, BAD])]))
    assert (bad.level, bad.word) == (Level.BAD, "no-go: 2")


def test_a_problem_keeps_the_show_off_the_air_until_a_name_answers(
    desk: DeskModel, show: Show, until: Callable[..., None]
) -> None:
    with desk.connection:
        follow(desk, show, until, GOOD, BAD)
        desk.press("outputs.live")
        assert desk.note.value.text.startswith("No-go: Rights, Aoi: denied.")
        desk.press("outputs.answer")
        desk.press("outputs.answer")
        assert told(desk, show, until) == [GoLive(override="Sora")]


def test_nobody_answers_for_a_show_that_is_ready(
    desk: DeskModel, show: Show, until: Callable[..., None]
) -> None:
    with desk.connection:
        follow(desk, show, until, GOOD)
        desk.press("outputs.answer")
        assert desk.note.value.text == "Nothing stands in the way: go live."
        desk.press("outputs.live")
        assert told(desk, show, until) == [GoLive()]


def test_latency_is_told_by_stage_in_the_order_of_a_frame(desk: DeskModel) -> None:
    model = find_panels()["latency"].model(desk)
    stages = {"total": StageLatency(60.4, 80.0, 90.6, 300), "draw": StageLatency(16.2, 18, 20, 300)}
    model.update(Status([LatencyHealth(stages)]))
    rows = model.rows.value
    assert [(row.name, row.p50_ms, row.p99_ms) for row in rows] == [
        ("in all", 60, 91), ("draw", 16, 20),
    ]  # fmt: skip
    assert {row.scale_ms for row in rows} == {91}


def test_machines_are_told_with_who_was_refused(desk: DeskModel) -> None:
    model = find_panels()["machines"].model(desk)
    machines = [
        MachineStatus("studio-b", MachinePart.CAPTURE, True, "10.0.0.41", round_trip_ms=0.6),
        MachineStatus("laptop", MachinePart.DESK, detail="It has another version."),
        MachineStatus("spare", MachinePart.DESK),
    ]
    health = MachinesHealth(1, machines, refused=2, stranger="10.0.0.9 is not paired.")
    model.update(Status([health]))
    assert [(row.word, row.level) for row in model.rows.value] == [
        ("joined", Level.GOOD), ("refused", Level.BAD), ("not here", Level.WARN),
        ("refused: 2", Level.WARN),
    ]  # fmt: skip
    assert model.rows.value[0].delay == "0.6 ms"
