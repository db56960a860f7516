"""Show the bit rate of the chosen output over the last ten minutes: when did it break."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.outputs.model import (
    HISTORY,
    OutputsModel,
    bit_rate,
    describe_drops,
)
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr
from renderer.protocol.outputs import OutputState, OutputStatus

_HEAD: Final = 26
_FOOT: Final = 22
_HEADROOM: Final = 1.2
"""Top of the scale, over the highest bit rate."""


class OutputDetailView(QWidget):
    """The bit rate as a line; the reason of a fault below it."""

    def __init__(self, model: OutputsModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model, self._desk = model, desk
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 90)
        model.ticks.watch(lambda _: self.update())
        desk.selected_output.watch(lambda _: self.update())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the line."""
        painter = QPainter(self)
        rows = self._model.rows.value
        chosen = self._desk.selected_output.value
        row = next((one for one in rows if one.name == chosen), rows[0] if rows else None)
        wide = self.width() - 24
        if row is None:
            text = tr("Choose an output to see its bit rate.")
            draw_text(painter, QRectF(12, 4, wide, _HEAD), text, theme.DIM)
            painter.end()
            return
        rates = list(self._model.rates.get(row.name, ()))
        status = self._model.statuses.get(row.name, OutputStatus("", "", "", OutputState.WAITING))
        most = _HEADROOM * max([*rates, status.target_kbit_s, 1.0])
        draw_text(painter, QRectF(12, 4, wide * 0.4, _HEAD - 4), row.name, theme.HI, weight=600)
        words = tr("last 10 min, up to {rate} kbit/s", rate=bit_rate(most / _HEADROOM))
        right = QRectF(12 + wide * 0.4, 4, wide * 0.6, _HEAD - 4)
        lacks = describe_drops(status)
        draw_text(
            painter, right, f"{lacks}   {words}", theme.DIM, size=tokens.SMALL, right=True,
        )  # fmt: skip
        box = QRectF(12, _HEAD + 2, wide, self.height() - _HEAD - _FOOT - 4)
        painter.setPen(QPen(theme.LINE, 1))
        painter.drawRect(box)
        if status.target_kbit_s > 0:
            level = box.bottom() - status.target_kbit_s / most * (box.height() - 2)
            painter.setPen(QPen(theme.EDGE, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(box.x(), level), QPointF(box.right(), level))
        if len(rates) > 1:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            step = box.width() / (HISTORY - 1)
            first = box.right() - step * (len(rates) - 1)
            points = [
                QPointF(first + step * k, box.bottom() - rate / most * (box.height() - 2))
                for k, rate in enumerate(rates)
            ]
            painter.setPen(QPen(theme.TEXT, 1.5))
            painter.drawPolyline(QPolygonF(points))
        foot = QRectF(12, self.height() - _FOOT, wide, _FOOT - 2)
        ink = theme.WARN if row.detail else theme.DIM
        draw_text(painter, foot, row.detail or row.address, ink, size=tokens.SMALL)
        painter.end()
