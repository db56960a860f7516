"""Keep what is drawn over pictures as small pictures: laid out once, not at each frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

_DASH: Final = (4, 2)
"""Lengths of dash and gap of a dashed frame, in its thickness."""


class Badge:
    """A small picture that is drawn again only when its size or its subject changes."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pixmap = QPixmap()

    def draw(
        self,
        painter: QPainter,
        place: QRect,
        subject: object,
        draw: Callable[[QPainter, QRectF], None],
    ) -> None:
        """Draw the small picture.

        Args:
            painter: of the widget.
            place: where.
            subject: what it shows; drawn again if it is not equal to the last one.
            draw: draws it in a box at the origin.
        """
        if place.isEmpty():
            return
        scale = painter.deviceTransform().m11() or 1.0
        key = place.width(), place.height(), scale, subject
        if key != self._key:
            self._key = key
            self._pixmap = _paint(place.size(), scale, draw)
        painter.drawPixmap(place.topLeft(), self._pixmap)


class FrameBadge:
    """The frame of a picture: solid, or dashed, by two small pictures for its four sides."""

    def __init__(self) -> None:
        self._across, self._down = Badge(), Badge()

    def draw(
        self, painter: QPainter, place: QRect, color: QColor, thick: int, *, is_dashed: bool = False
    ) -> None:
        """Draw the frame inside a box."""
        top = QRect(place.x(), place.y(), place.width(), thick)
        left = QRect(place.x(), place.y(), thick, place.height())
        bottom, right = QRect(top), QRect(left)
        bottom.moveBottom(place.bottom())
        right.moveRight(place.right())
        if not is_dashed:
            for side in (top, bottom, left, right):
                painter.fillRect(side, color)
            return
        subject = color.rgba(), thick

        def dash(inner: QPainter, box: QRectF) -> None:
            is_across = box.width() > box.height()
            length = round(box.width() if is_across else box.height())
            on, off = (part * thick for part in _DASH)
            for start in range(0, length, on + off):
                inner.fillRect(
                    QRect(start, 0, on, thick) if is_across else QRect(0, start, thick, on), color
                )

        for badge, sides in ((self._across, (top, bottom)), (self._down, (left, right))):
            for side in sides:
                badge.draw(painter, side, subject, dash)


def _paint(size: QSize, scale: float, draw: Callable[[QPainter, QRectF], None]) -> QPixmap:
    made = QPixmap(size * scale)
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return made
