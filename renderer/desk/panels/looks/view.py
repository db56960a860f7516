"""Show the looks: one-press states of the rig."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.looks.model import LookRow, LooksModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import draw_keys
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.rows import ROW, RowsView
from renderer.desk.widgets.shapes import Shape
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr


class LooksView(RowsView[LookRow]):
    """A row for each look; a click fades to it."""

    def __init__(self, model: LooksModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: row.name,
            tr("No looks. Give the show's document [[looks]]: docs/directing.md."),
            model.choose,
            row=ROW,
            fewest=4,
        )
        model.rows.watch(self.set_rows)


def draw_row(painter: QPainter, box: QRectF, row: LookRow, _is_chosen: bool) -> None:
    """Draw a look's key, name and tally."""
    if row.is_on:
        painter.fillRect(box, theme.BG3)
    if row.key:
        draw_keys(painter, (row.key,), 40, box.center().y())
    draw_text(painter, QRectF(52, box.y(), box.width() - 170, box.height()), row.name, theme.HI)
    side = QRectF(box.right() - 104, box.y(), 96, box.height())
    if row.is_live:
        Chip(tr("ON AIR"), Shape.DOT, theme.AIR, Ground.FILLED).draw(painter, side)
    elif row.is_on:
        Chip(tr("on"), Shape.PLAY, theme.HI).draw(painter, side)
