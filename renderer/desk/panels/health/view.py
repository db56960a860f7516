"""Show where the time of a frame goes, as bars of the frame interval."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.health.model import HealthModel, StageTime
from renderer.desk.widgets import formatting, theme
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW = 26


class HealthView(RowsView[StageTime]):
    """A bar for each stage."""

    def __init__(self, model: HealthModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.name}: {row.milliseconds} ms",
            tr("No frame has been drawn yet."),
            row=_ROW,
            fewest=3,
        )
        model.times.watch(self.set_rows)


def draw_row(painter: QPainter, box: QRectF, row: StageTime, _is_chosen: bool) -> None:
    """Draw a stage's name, bar and time."""
    draw_text(painter, QRectF(12, box.y(), 110, box.height()), row.name)
    track = QRectF(126, box.center().y() - 3, box.width() - 126 - 90, 6)
    painter.fillRect(track, theme.BG2)
    color = theme.WARN if row.is_late else theme.TEXT
    share = min(row.share, 1.0)
    painter.fillRect(QRectF(track.x(), track.y(), track.width() * share, 6), color)
    side = QRectF(box.right() - 84, box.y(), 74, box.height())
    words = formatting.milliseconds(row.milliseconds)
    draw_text(painter, side, words, color, right=True)
