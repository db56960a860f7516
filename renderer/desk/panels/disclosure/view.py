"""Show what the show declares and discloses."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.disclosure.model import Declared, DisclosureModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr


class DisclosureView(RowsView[Declared]):
    """A row for each point."""

    def __init__(self, model: DisclosureModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.name}: {row.text}",
            tr("Nothing is declared yet: [rights] in the show's document."),
            fewest=3,
        )
        model.rows.watch(self.set_rows)


def draw_row(painter: QPainter, box: QRectF, row: Declared, _is_chosen: bool) -> None:
    """Draw a point and what was declared."""
    wide = min(box.width() * 0.4, 170)
    draw_text(painter, QRectF(12, box.y(), wide - 12, box.height()), row.name, theme.DIM)
    room = QRectF(wide + 8, box.y(), box.width() - wide - 16, box.height())
    draw_text(painter, room, row.text, theme.HI)
