"""Test that Qt's binding keeps reference counts: a desk paints 30 times per second for hours."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

PAINTS = 1000
SLACK = PAINTS // 2
"""References that the interpreter may release meanwhile, far fewer than one per paint."""


class Painted(QWidget):
    """Paints as the desk's pictures do: by calls that return None."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), "black")
        painter.setPen("white")
        painter.drawText(4, 12, "ON AIR")
        painter.end()


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None is immortal since CPython 3.12 and cannot be lost"
)
def test_painting_loses_no_reference_to_none(qtbot: QtBot) -> None:
    widget = Painted()
    qtbot.addWidget(widget)
    widget.resize(64, 32)
    picture = QPixmap(64, 32)
    widget.render(picture)
    before = sys.getrefcount(None)
    for _ in range(PAINTS):
        widget.render(picture)
    lost = before - sys.getrefcount(None)
    assert lost < SLACK, f"{lost} references to None lost in {PAINTS} paints"
