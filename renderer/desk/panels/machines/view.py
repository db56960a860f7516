"""Show the other machines of the show: who has joined, how far away, who was refused."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.machines.model import MachineRow, MachinesModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_STATE: Final = 116
"""Least width of a state, pixels: a word such as “refused: 12” with its shape."""
_WIDE_FROM: Final = 460
"""Width from which there is room for part, round trip and address, pixels."""


class MachinesView(RowsView[MachineRow]):
    """A row for each machine."""

    def __init__(self, model: MachinesModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.name}, {row.part}: {row.word}\n{row.detail}".strip(),
            tr("None. Pair another machine: encore pair."),
            fewest=2,
        )
        model.rows.watch(self.set_rows)


def draw_row(painter: QPainter, box: QRectF, row: MachineRow, _is_chosen: bool) -> None:
    """Draw a machine's name and state; where there is room, its part, round trip and address."""
    wide, high, top = box.width() - 24, box.height(), box.y()
    state = max(_STATE, wide * 0.25)
    if wide < _WIDE_FROM:
        draw_text(painter, QRectF(12, top, wide - state - 8, high), row.name, theme.HI)
        chip_of(row.level, row.word).draw(painter, QRectF(12 + wide - state, top, state, high))
        return
    rest = wide - state
    draw_text(painter, QRectF(12, top, rest * 0.36, high), row.name, theme.HI)
    part = QRectF(12 + rest * 0.38, top, rest * 0.2, high)
    draw_text(painter, part, row.part, size=tokens.SMALL)
    chip_of(row.level, row.word).draw(painter, QRectF(12 + rest * 0.6, top, state, high))
    left = 12 + rest * 0.6 + state
    delay = QRectF(left, top, rest * 0.14, high)
    draw_text(painter, delay, row.delay, size=tokens.SMALL, right=True)
    detail = QRectF(left + rest * 0.16, top, rest * 0.24, high)
    draw_text(painter, detail, row.detail, theme.DIM, size=tokens.SMALL)
