"""Show the other machines of the show: who has joined, how far away, who was refused."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.machines.model import MachineRow, MachinesModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr


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
    """Draw a machine's name, part, state, round trip and address."""
    wide, high, top = box.width() - 24, box.height(), box.y()
    draw_text(painter, QRectF(12, top, wide * 0.26, high), row.name, theme.HI)
    part = QRectF(12 + wide * 0.27, top, wide * 0.16, high)
    draw_text(painter, part, row.part, size=tokens.SMALL)
    chip_of(row.level, row.word).draw(painter, QRectF(12 + wide * 0.44, top, wide * 0.25, high))
    delay = QRectF(12 + wide * 0.7, top, wide * 0.1, high)
    draw_text(painter, delay, row.delay, size=tokens.SMALL, right=True)
    detail = QRectF(12 + wide * 0.82, top, wide * 0.18, high)
    draw_text(painter, detail, row.detail, theme.DIM, size=tokens.SMALL)
