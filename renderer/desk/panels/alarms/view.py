"""Show all that is wrong, with the remedy: a drawer over the song, never over a monitor."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from renderer.desk.alarms import AlarmRow
from renderer.desk.model import DeskModel
from renderer.desk.shell.bottom_row import severity_chip
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.rows import ROW, RowsView
from renderer.desk.widgets.shapes import Shape
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_SEVERITY: Final = 108
_SINCE: Final = 72
_BY: Final = 150


class AlarmDrawer(QFrame):
    """The list of alarms; a click on a row acknowledges it."""

    def __init__(self, desk: DeskModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._desk = desk
        self.list = RowsView[AlarmRow](
            draw_row,
            lambda row: f"{row.text}\n{row.remedy}".strip(),
            tr("Nothing is wrong."),
            self._choose,
            row=ROW,
            fewest=3,
        )
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 4)
        head.setSpacing(8)
        head.addWidget(theme.label("title", tr("Alarms")))
        head.addWidget(ElidedLabel("label", tr("worst first; click one to acknowledge it")), 1)
        head.addWidget(ActionButton(desk.board, "alarms.acknowledge", quiet=True))
        head.addWidget(ActionButton(desk.board, "alarms.show", quiet=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        self.hide()
        desk.alarms.watch(self.list.set_rows)

    def _choose(self, place: int) -> None:
        self._desk.acknowledge(self.list.rows[place].id)


def draw_row(painter: QPainter, box: QRectF, row: AlarmRow, _is_chosen: bool) -> None:
    """Draw an alarm: severity, time, text, remedy, who takes care of it."""
    high, top = box.height(), box.y()
    severity_chip(row).draw(painter, QRectF(12, top, _SEVERITY, high))
    left = 12.0 + _SEVERITY
    draw_text(painter, QRectF(left, top, _SINCE, high), row.since, theme.DIM, size=tokens.SMALL)
    left += _SINCE
    wide = box.width() - left - _BY - 12
    ink = theme.DIM if row.cleared_at else theme.HI
    draw_text(painter, QRectF(left, top, wide * 0.58, high), row.text, ink)
    remedy = tr("cleared by itself") if row.cleared_at else row.remedy
    draw_text(painter, QRectF(left + wide * 0.6, top, wide * 0.4, high), remedy, theme.DIM)
    side = QRectF(box.right() - _BY, top, _BY - 8, high)
    if row.by:
        Chip(row.by, Shape.TICK, theme.DIM).draw(painter, side)
    elif row.is_open:
        Chip(tr("open"), Shape.TRIANGLE, theme.WARN).draw(painter, side)
