"""Show the log: who did what."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.log.model import LogModel, LogRow
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW = 26


class LogView(RowsView[LogRow]):
    """The events, the newest last."""

    def __init__(self, model: LogModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.time} {row.kind}: {row.text}",
            tr("Nothing has happened yet. The whole evening is in the journal: encore log."),
            row=_ROW,
            fewest=3,
        )
        model.rows.watch(self._show)

    def _show(self, rows: tuple[LogRow, ...]) -> None:
        self.set_rows(rows)
        self.keep_in_sight(len(rows))


def draw_row(painter: QPainter, box: QRectF, row: LogRow, _is_chosen: bool) -> None:
    """Draw an event."""
    high, top = box.height(), box.y()
    draw_text(painter, QRectF(12, top, 64, high), row.time, theme.DIM, size=tokens.SMALL)
    draw_text(painter, QRectF(80, top, 96, high), row.kind, theme.DIM, size=tokens.SMALL)
    ink = theme.WARN if row.level in (Level.BAD, Level.WARN) else theme.TEXT
    draw_text(painter, QRectF(180, top, box.width() - 190, high), row.text, ink)
