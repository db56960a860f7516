"""Show how long a frame takes from light to output: a bar for each stage."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.latency.model import LatencyModel, LatencyRow
from renderer.desk.widgets import theme
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW: Final = 26
_NAME: Final = 110
_FIGURES: Final = 150


class LatencyView(RowsView[LatencyRow]):
    """Median, 95th and 99th percentile of each stage."""

    def __init__(self, model: LatencyModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: tr(
                "{stage}: half of the frames take up to {p50} ms, 95 % {p95} ms, 99 % {p99} ms",
                stage=row.name, p50=row.p50_ms, p95=row.p95_ms, p99=row.p99_ms,
            ),
            tr("No live input: nothing has a latency."),
            row=_ROW,
            fewest=2,
        )  # fmt: skip
        model.rows.watch(self.set_rows)


def draw_row(painter: QPainter, box: QRectF, row: LatencyRow, _is_chosen: bool) -> None:
    """Draw a stage: the bar is its median, the line behind it ends at the 99th percentile."""
    high, top = box.height(), box.y()
    weight = 600 if row.is_total else 400
    ink = theme.HI if row.is_total else theme.TEXT
    draw_text(painter, QRectF(12, top, _NAME, high), row.name, ink, weight=weight)
    track = QRectF(12 + _NAME, box.center().y() - 3, box.width() - 24 - _NAME - _FIGURES, 6)
    painter.fillRect(track, theme.BG2)
    for value, color, thick in ((row.p99_ms, theme.EDGE, 2.0), (row.p50_ms, ink, 6.0)):
        wide = track.width() * value / row.scale_ms
        painter.fillRect(QRectF(track.x(), box.center().y() - thick / 2, wide, thick), color)
    side = QRectF(box.right() - 12 - _FIGURES + 8, top, _FIGURES - 8, high)
    words = f"{row.p50_ms} · {row.p95_ms} · {row.p99_ms} ms"
    draw_text(painter, side, words, ink, weight=weight, right=True)
