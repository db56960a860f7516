"""Test that the desk can be used by everybody: colour-blind, by keyboard, by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from renderer.desk.actions.desk_actions import PERSPECTIVES
from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.reader import CardReader
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.tokens import COLORS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

F64 = npt.NDArray[np.float64]

SIGHTS = {
    "normal": np.eye(3),
    "protanope": np.array(
        ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
         (-0.003882, -0.048116, 1.051998))
    ),
    "deuteranope": np.array(
        ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
         (-0.011820, 0.042940, 0.968881))
    ),
    "tritanope": np.array(
        ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
         (0.004733, 0.691367, 0.303900))
    ),
}  # fmt: skip
"""Linear RGB as each sees it: Machado, Oliveira and Fernandes 2009, severity 1."""
STATES = (("air", "next"), ("airline", "next"), ("air", "warn"), ("airline", "warn"),
          ("next", "warn"))  # fmt: skip
"""Pairs of states that may stand beside each other and mean something else."""
XYZ = np.array(
    ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
)  # fmt: skip
APART = 30.0
"""Least difference in CIE76 Lab; 2.3 is just noticeable."""


def linear(token: str) -> F64:
    """Return a token's colour, linear RGB."""
    parts = [int(COLORS[token][at : at + 2], 16) / 255 for at in (1, 3, 5)]
    values = np.array(parts)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: F64) -> F64:
    """Return CIE Lab of linear RGB under D65."""
    x, y, z = np.cbrt(XYZ @ np.clip(rgb, 0, 1) / (0.9505, 1.0, 1.089))
    return np.array((116 * y - 16, 500 * (x - y), 200 * (y - z)))


def luminance(token: str) -> float:
    return float(XYZ[1] @ linear(token))


@pytest.mark.parametrize("sight", SIGHTS)
def test_states_differ_for_every_kind_of_sight(sight: str) -> None:
    for one, other in STATES:
        seen = [lab(SIGHTS[sight] @ linear(token)) for token in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > APART, f"{one} and {other}"


@pytest.mark.parametrize("ink", ["hi", "text", "dim", "next", "warn", "sel"])
@pytest.mark.parametrize("ground", ["bg0", "bg1", "bg2", "bg3"])
def test_words_are_read_on_every_ground(ink: str, ground: str) -> None:
    assert (luminance(ink) + 0.05) / (luminance(ground) + 0.05) > 4.5, "WCAG 2, level AA"


@pytest.fixture
def window(
    qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DeskWindow]:
    monkeypatch.setattr(CardReader, "start", lambda *_: None)
    made = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    made.start()
    qtbot.waitUntil(lambda: show.tick() or made.top.lamp.word == "OFF AIR", timeout=60_000)
    yield made
    made.close()


def focusable(window: DeskWindow) -> list[QWidget]:
    """Return what can have the focus, in sight."""
    return [
        one
        for one in window.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
    ]


def pixels(widget: QWidget) -> bytes:
    image = widget.window().grab(
        widget.rect().adjusted(-3, -3, 3, 3).translated(widget.mapTo(widget.window(), QPoint()))
    ).toImage()  # fmt: skip
    return bytes(image.constBits())


def test_controls_have_names_and_show_their_focus(qtbot: QtBot, window: DeskWindow) -> None:
    nameless, dim = [], []
    for id, _, _ in PERSPECTIVES:
        window.desk.set_perspective(id)
        QApplication.processEvents()
        for one in focusable(window):
            words = one.accessibleName() or getattr(one, "text", str)()
            kind = f"{id}: {type(one).__name__} {one.objectName()}"
            if not words and not isinstance(one, QLineEdit):
                nameless.append(kind)
            window.setFocus()
            before = pixels(one)
            one.setFocus(Qt.FocusReason.TabFocusReason)
            if one.hasFocus() and pixels(one) == before:
                dim.append(f"{kind} {words}")
    assert "\n".join(nameless) == ""
    assert "\n".join(dim) == ""


def test_tab_goes_round_every_control(qtbot: QtBot, window: DeskWindow) -> None:
    """Nobody is caught in a field: Tab leaves each control, and comes back to the first."""
    window.desk.set_perspective("capture")
    QApplication.processEvents()
    wanted, met = set(focusable(window)), []
    for _ in range(3 * len(wanted)):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        met.append(now)
    assert all(one is not other for one, other in pairwise(met)), "Tab leaves a control"
    assert wanted <= set(met)
