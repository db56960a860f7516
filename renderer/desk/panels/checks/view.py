"""Show the go-live check: a row of ticks, or what stands in the way."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.checks.model import Check, ChecksModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import RowsView, draw_text
from renderer.desk.words import tr

_ROW = 26


class ChecksView(RowsView[Check]):
    """The points of the check, what is wrong first."""

    def __init__(self, model: ChecksModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.name}: {row.text}",
            tr("No show to check. Start one from the start page: F9."),
            row=_ROW,
            fewest=3,
        )
        model.checks.watch(self._show)

    def _show(self, checks: tuple[Check, ...]) -> None:
        order = ["bad", "warn", "good"]
        self.set_rows(tuple(sorted(checks, key=lambda one: order.index(one.level.value))))


def draw_row(painter: QPainter, box: QRectF, row: Check, _is_chosen: bool) -> None:
    """Draw a point: a tick with its name, and what was found."""
    chip_of(row.level, row.name).draw(painter, QRectF(12, box.y(), 150, box.height()))
    room = QRectF(170, box.y(), box.width() - 180, box.height())
    draw_text(painter, room, row.text, theme.DIM)
