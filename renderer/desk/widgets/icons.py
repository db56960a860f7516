"""Draw the icons of the perspectives: lines of one thickness, in the colour of their words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

_SIDE: Final = 16.0
"""Side of the square in which the icons are designed."""


def draw_icon(painter: QPainter, id: str, box: QRectF, color: QColor) -> None:
    """Draw the icon of a perspective in a square box; nothing for an unknown one."""
    drawer = _DRAWERS.get(id)
    if drawer is None:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _SIDE, box.height() / _SIDE)
    painter.setPen(QPen(color, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    drawer(painter)
    painter.restore()


def _line(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _closed(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))


def _director(painter: QPainter) -> None:
    """Two monitors above the shots."""
    painter.drawRect(QRectF(1.5, 2.5, 5.5, 5))
    painter.drawRect(QRectF(9, 2.5, 5.5, 5))
    painter.drawRect(QRectF(1.5, 10, 13, 3.5))


def _capture(painter: QPainter) -> None:
    """A person who is tracked."""
    painter.drawEllipse(QRectF(6, 1, 4, 4))
    _line(painter, (2, 7), (8, 6.5), (14, 7))
    _line(painter, (8, 6.5), (8, 10.5))
    _line(painter, (4.5, 15), (8, 10.5), (11.5, 15))


def _lights(painter: QPainter) -> None:
    """A lamp with its beam."""
    _closed(painter, (6, 2), (10, 2), (11.5, 6), (4.5, 6))
    _line(painter, (4, 8), (2, 14.5))
    _line(painter, (12, 8), (14, 14.5))
    _line(painter, (8, 8.5), (8, 14.5))


def _outputs(painter: QPainter) -> None:
    """Bars of a signal."""
    for x, top in ((2, 11.5), (6, 8.5), (10, 5.5), (14, 2.5)):
        _line(painter, (x, 14), (x, top))


def _rights(painter: QPainter) -> None:
    """A shield with a tick."""
    path = QPainterPath(QPointF(8, 1.5))
    path.lineTo(13.5, 3.5)
    path.lineTo(13.5, 8)
    path.quadTo(13, 12.5, 8, 14.5)
    path.quadTo(3, 12.5, 2.5, 8)
    path.lineTo(2.5, 3.5)
    path.closeSubpath()
    painter.drawPath(path)
    _line(painter, (5.5, 8), (7.3, 10), (10.7, 6))


def _sound(painter: QPainter) -> None:
    """Three faders."""
    for x, cap in ((3, 10), (8, 5), (13, 8)):
        _line(painter, (x, 1.5), (x, 14.5))
        painter.drawRect(QRectF(x - 1.5, cap - 1, 3, 2))


def _avatars(painter: QPainter) -> None:
    """A portrait in its frame."""
    painter.drawRect(QRectF(1.5, 1.5, 13, 13))
    painter.drawEllipse(QRectF(5.75, 4, 4.5, 4.5))
    painter.drawArc(QRectF(3.5, 10, 9, 9), 20 * 16, 140 * 16)


def _own(painter: QPainter) -> None:
    """Panels side by side."""
    painter.drawRect(QRectF(1.5, 2, 5, 12))
    painter.drawRect(QRectF(9, 2, 5.5, 5))
    painter.drawRect(QRectF(9, 9.5, 5.5, 4.5))


_DRAWERS: Final[dict[str, Callable[[QPainter], None]]] = {
    "director": _director,
    "capture": _capture,
    "lights": _lights,
    "outputs": _outputs,
    "rights": _rights,
    "sound": _sound,
    "avatars": _avatars,
    "own": _own,
}
