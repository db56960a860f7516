"""Show the duration of each stage of a frame as bars."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.stage_times.model import StageTimes
from renderer.desk.widgets import formatting, theme
from renderer.desk.widgets.formatting import Level

_ROW: Final = 19


class StageTimesView(QWidget):
    """Shows the duration of each stage of a frame, as bars relative to the frame's budget."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._times = StageTimes()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        model.stage_times.watch(self._show)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of one row for each stage."""
        return QSize(260, _ROW * (len(self._times.stages) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the rows that fit, and the sum."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = sum(value for _, value in self._times.stages)
        rows = [*self._times.stages, ("in all", total)] if self._times.stages else []
        for row, (name, value) in enumerate(rows):
            self._draw_row(painter, row * _ROW, name, value)
        painter.end()

    def _draw_row(self, painter: QPainter, top: int, name: str, value: float) -> None:
        budget = self._times.budget_ms
        share = min(value / budget, 1.0) if budget > 0 else 0.0
        names, values = 92, 56
        track = QRectF(names, top + _ROW / 2 - 3, max(0, self.width() - names - values), 6)
        painter.setPen(theme.QUIET)
        painter.drawText(
            QRectF(0, top, names - 8, _ROW), Qt.AlignmentFlag.AlignVCenter, name.replace("_", " ")
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.BAR_BACK)
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(theme.LEVEL_COLORS[Level.WARN] if share >= 1.0 else theme.BAR)
        painter.drawRoundedRect(
            QRectF(track.x(), track.y(), track.width() * share, track.height()), 3, 3
        )
        painter.setPen(theme.TEXT)
        painter.drawText(
            QRectF(self.width() - values, top, values, _ROW),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            formatting.milliseconds(value),
        )

    def _show(self, times: StageTimes) -> None:
        self._times = times
        self.update()
