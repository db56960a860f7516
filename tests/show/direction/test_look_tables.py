"""Test that looks grade by decision list and `.cube` table, and survive a broken table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from renderer.faults import FaultCollector
from renderer.protocol.log import EventKind
from renderer.show.direction.look_tables import LookTables
from renderer.show.direction.looks import HOUSE, build_looks
from renderer.show.document.plan import find_document_faults
from renderer.show.document.read import ReadShow, read_show
from renderer.show.event_log import EventLog
from renderer.stage.lights.looks import blend
from renderer.stage.lut import Cdl

POINTS = "\n".join(f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1))
CUBE = f'TITLE "Night"\nLUT_3D_SIZE 2\n{POINTS}\n'
LOOKS = """
[[looks]]
name = "night"
base = "ballad"
cube = "night.cube"
cdl = { slope = [1.1, 1.0, 0.9], saturation = 0.8 }

[[looks]]
name = "plain"
"""


@pytest.fixture
def night(tmp_path: Path) -> ReadShow:
    """Return a document whose first look has a table beside it."""
    (tmp_path / "night.cube").write_text(CUBE)
    file = tmp_path / "show.toml"
    file.write_text(LOOKS)
    read = read_show(file, FaultCollector())
    assert read is not None
    return read


def test_a_look_has_the_grade_of_its_document(night: ReadShow) -> None:
    events = EventLog()
    tables = LookTables(night.folder, events)
    looks = build_looks(night.show, tables.get)
    grade = looks["night"].grade
    assert grade.lut is not None and grade.lut.name == "Night"
    assert grade.cdl == Cdl(slope=(1.1, 1.0, 0.9), saturation=0.8)
    assert looks["plain"].grade == HOUSE["verse"].grade
    # An edit of another part keeps the table, which is on the GPU already.
    again = build_looks(night.show, tables.get)
    assert again["night"].grade.lut is grade.lut
    found: FaultCollector = FaultCollector()
    find_document_faults(night, found)
    assert not found.faults


def test_two_tables_are_never_mixed_into_another(night: ReadShow) -> None:
    look = build_looks(night.show, LookTables(night.folder, EventLog()).get)["night"]
    assert look.grade.lut is not None
    other = replace(look, grade=replace(look.grade, lut=replace(look.grade.lut, low=(0.1,) * 3)))
    for share in (0.2, 0.8):
        assert blend(look, other, share).grade.lut in (look.grade.lut, other.grade.lut)


@pytest.mark.parametrize(
    ("text", "reason"), [(None, "cannot be read"), (CUBE + "0 0 0\n", "is beyond the 8")]
)
def test_a_broken_table_is_refused_before_air_and_left_out_on_air(
    night: ReadShow, text: str | None, reason: str
) -> None:
    file = night.folder / "night.cube"
    file.unlink() if text is None else file.write_text(text)
    faults = FaultCollector()
    find_document_faults(night, faults)
    (fault,) = faults.faults
    assert "show.toml:5:" in str(fault) and reason in str(fault) and "\n" not in str(fault)
    events = EventLog()
    looks = build_looks(night.show, LookTables(night.folder, events).get)
    assert looks["night"].grade.lut is None
    assert looks["night"].grade.cdl is not None
    (event,) = [one for one in events.section().events if one.kind is EventKind.FAULT]
    assert reason in event.text and "drawn without it" in event.text
