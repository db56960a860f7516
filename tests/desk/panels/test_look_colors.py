"""Test colours and positions of the look that is on: read, picked by mouse and keyboard, edited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.look_colors.model import (
    HEADS,
    LIGHTS,
    PATTERNS,
    LookColorsModel,
    read_color,
    role_rows,
    to_linear,
    to_srgb,
)
from renderer.desk.widgets.color_picker import ColorPicker
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent, EditDocument, SetValue
from renderer.protocol.schema import Command
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LOOKS = {
    "looks": [
        {"name": "Blue"},
        {"name": "Amber", "lights": {"key": [1.0, 0.0, 0.0]},
         "heads": {"back": {"colors": [[0.0, 1.0, 0.0]], "pattern": "fan"}}},
    ]
}  # fmt: skip


@given(st.floats(0, 1))
def test_a_colour_comes_back_as_it_was(value: float) -> None:
    assert to_linear(to_srgb(value)) == pytest.approx(value, abs=1e-6)


def test_roles_are_those_that_a_document_may_name() -> None:
    """A role or position that the show refuses would make a dead control."""
    from renderer.show.document.read import parse_show  # The desk itself knows no show.
    from renderer.show.document.schema import SCHEMA

    lights = ", ".join(f"{role} = [1, 0, 0]" for role in LIGHTS)
    heads = ", ".join(
        f'{role} = {{ colors = [[1, 0, 0]], pattern = "{pattern}" }}'
        for role, pattern in zip(HEADS, PATTERNS[: len(HEADS)], strict=True)
    )
    others = "".join(
        f'[[looks]]\nname = "{one}"\nheads = {{ back = {{ pattern = "{one}" }} }}\n'
        for one in PATTERNS
    )
    text = (
        f'schema = {SCHEMA}\n[[looks]]\nname = "A"\nlights = {{ {lights} }}\n'
        f"heads = {{ {heads} }}\n{others}"
    )
    from renderer.faults import FaultCollector

    faults = FaultCollector()
    assert parse_show(text, Path("show.toml"), faults) is not None
    faults.raise_first()


def test_odd_looks_are_borne() -> None:
    for look in ({}, {"lights": 3, "heads": [1]}, {"heads": {"back": {"colors": "red"}}}):
        assert len(role_rows(look)) == len(LIGHTS) + len(HEADS)
    assert read_color([1, "a", 2]) is None
    assert read_color([2.0, 0, 0]) == (1.0, 0.0, 0.0)


def test_the_look_that_is_on_is_edited_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = DeskModel(ShowConnection(), tmp_path, operator="Sora")
    asked: list[Command] = []
    monkeypatch.setattr(desk, "ask", asked.append)
    model = LookColorsModel(desk)
    model.update(Status([CuesHealth(look="Amber"), DocumentContent(1, LOOKS)]))
    assert (model.look.value, model.rows.value[0].color) == ("Amber", (1.0, 0.0, 0.0))
    model.set_color((0.0, 0.0, 1.0))
    model.set_pattern("cross")
    model.choose(len(LIGHTS))
    model.set_color((1.0, 1.0, 0.0))
    model.set_pattern("cross")
    edits = [edit for one in asked if isinstance(one, EditDocument) for edit in one.edits]
    assert edits == [
        SetValue(["looks", 1, "lights", "key"], [0.0, 0.0, 1.0]),
        SetValue(["looks", 1, "heads", "back", "colors"], [[1.0, 1.0, 0.0]]),
        SetValue(["looks", 1, "heads", "back", "pattern"], "cross"),
    ], "static lights have no position"
    model.update(Status([CuesHealth(look="the house's own"), DocumentContent(1, LOOKS)]))
    assert model.rows.value == ()


def test_a_colour_is_picked_by_mouse_and_by_keyboard(qtbot: QtBot) -> None:
    picker = ColorPicker()
    qtbot.addWidget(picker)
    picker.resize(240, 160)
    picker.show()
    picked: list[tuple[float, ...]] = []
    picker.picked.connect(lambda *color: picked.append(color))
    picker.show_color((1.0, 0.0, 0.0))
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton, pos=QPoint(10, 6))
    assert picked[-1] == pytest.approx((1.0, 1.0, 1.0), abs=0.02), "white, at the upper left"
    picker.setFocus()
    before = len(picked)
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    assert len(picked) == before + 1
    assert max(picked[-1]) == pytest.approx(0.95, abs=0.02)
