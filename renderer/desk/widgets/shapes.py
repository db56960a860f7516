"""Draw the shape of each state: it reads in grey, without its colour."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF


class Shape(Enum):
    """Shapes of states."""

    NONE = "none"
    DOT = "on air"
    ARROW = "next"
    PLAY = "running"
    TICK = "done, running well"
    RING = "planned, off"
    RETRY = "retrying"
    TRIANGLE = "warning"
    OCTAGON = "fault, refusal"
    INFO = "notice"
    BARS = "held"
    CROSS = "muted, refused"
    HATCH = "lost"


def draw_shape(painter: QPainter, shape: Shape, box: QRectF, color: QColor) -> None:
    """Draw a shape in a square box."""
    if shape is Shape.NONE:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 16, box.height() / 16)
    painter.setPen(QPen(color, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _DRAWERS[shape](painter, color)
    painter.restore()


def _fill(painter: QPainter, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)


def _polygon(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))


def _dot(painter: QPainter, color: QColor) -> None:
    _fill(painter, color)
    painter.drawEllipse(QRectF(3, 3, 10, 10))


def _arrow(painter: QPainter, _color: QColor) -> None:
    _polygon(painter, (4, 3), (13, 8), (4, 13))


def _play(painter: QPainter, color: QColor) -> None:
    _fill(painter, color)
    _arrow(painter, color)


def _tick(painter: QPainter, _color: QColor) -> None:
    painter.drawPolyline(QPolygonF([QPointF(3, 8.5), QPointF(6.5, 12), QPointF(13, 4.5)]))


def _ring(painter: QPainter, _color: QColor) -> None:
    painter.drawEllipse(QRectF(3, 3, 10, 10))


def _retry(painter: QPainter, color: QColor) -> None:
    painter.drawArc(QRectF(3, 3, 10, 10), 60 * 16, 270 * 16)
    _fill(painter, color)
    _polygon(painter, (9, 0.5), (14.5, 3.5), (9, 6.5))


def _triangle(painter: QPainter, color: QColor) -> None:
    _fill(painter, color)
    _polygon(painter, (8, 2), (15, 14), (1, 14))


def _octagon(painter: QPainter, color: QColor) -> None:
    _fill(painter, color)
    _polygon(
        painter, (5, 1), (11, 1), (15, 5), (15, 11), (11, 15), (5, 15), (1, 11), (1, 5)
    )  # fmt: skip
    painter.setPen(QPen(QColor("#ffc847" if color.lightness() < 128 else "#0b0e12"), 2))
    painter.drawLine(QPointF(5.5, 5.5), QPointF(10.5, 10.5))
    painter.drawLine(QPointF(10.5, 5.5), QPointF(5.5, 10.5))


def _info(painter: QPainter, color: QColor) -> None:
    painter.setPen(QPen(color, 1.5))
    painter.drawEllipse(QRectF(2, 2, 12, 12))
    painter.drawLine(QPointF(8, 7.5), QPointF(8, 11))
    painter.drawPoint(QPointF(8, 5))


def _bars(painter: QPainter, color: QColor) -> None:
    _fill(painter, color)
    painter.drawRect(QRectF(4, 3, 3, 10))
    painter.drawRect(QRectF(9.5, 3, 3, 10))


def _cross(painter: QPainter, _color: QColor) -> None:
    painter.drawLine(QPointF(4, 4), QPointF(12, 12))
    painter.drawLine(QPointF(12, 4), QPointF(4, 12))


def _hatch(painter: QPainter, _color: QColor) -> None:
    for x in (2.0, 7.0, 12.0):
        painter.drawLine(QPointF(x, 12), QPointF(x + 3, 4))


_DRAWERS: Final[dict[Shape, Callable[[QPainter, QColor], None]]] = {
    Shape.DOT: _dot,
    Shape.ARROW: _arrow,
    Shape.PLAY: _play,
    Shape.TICK: _tick,
    Shape.RING: _ring,
    Shape.RETRY: _retry,
    Shape.TRIANGLE: _triangle,
    Shape.OCTAGON: _octagon,
    Shape.INFO: _info,
    Shape.BARS: _bars,
    Shape.CROSS: _cross,
    Shape.HATCH: _hatch,
}
