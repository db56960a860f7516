"""Show a picture with its aspect ratio kept, and overlays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.panels.cameras.landmarks import Landmarks, Line, Tag
from renderer.desk.widgets import theme
from renderer.desk.widgets.banner import Banner
from renderer.desk.widgets.formatting import Level

_CAPTION_MARGIN = 10


class PictureView(QWidget):
    """Draws the newest picture without copying it."""

    def __init__(self, caption: str, nothing: str, *, at_foot: bool = False) -> None:
        """Start without a picture.

        Args:
            caption: text in the corner of the picture.
            nothing: placeholder text while there is no picture.
            at_foot: whether the caption is in the lower corner, where it covers no head.
        """
        super().__init__()
        self._caption, self._nothing, self._at_foot = caption, nothing, at_foot
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._banner = Banner()
        self._is_live = False
        self._is_stale = False
        self._lines: tuple[tuple[QColor, float, list[QLineF]], ...] = ()
        self._face = QPolygonF()
        self._tags: tuple[Tag, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 54)

    @property
    def has_picture(self) -> bool:
        """Return whether there is a picture, not only the placeholder."""
        return self._image is not None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the default size of a monitor."""
        return QSize(640, 360)

    def set_pixels(self, pixels: npt.NDArray[np.uint8] | None) -> None:
        """Show (h, w, 3) uint8 RGB, C-contiguous; it must not change until the next call."""
        if pixels is None and self._image is None:
            return
        self._pixels = pixels  # The QImage refers to this memory.
        self._image = None
        if pixels is not None:
            height, width = pixels.shape[:2]
            self._image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self.update()

    def set_caption(self, caption: str) -> None:
        """Set the caption."""
        if caption != self._caption:
            self._caption = caption
            self.update()

    def set_landmarks(self, landmarks: Landmarks) -> None:
        """Set the performers' landmarks to draw over the picture."""
        self._lines = tuple(
            (color, width, _unit_lines(lines))
            for color, width, lines in (
                (theme.TORSO, 2.0, landmarks.torso),
                (theme.LEFT, 2.4, landmarks.left),
                (theme.RIGHT, 2.4, landmarks.right),
            )
            if lines
        )
        self._face = QPolygonF([QPointF(x, y) for x, y in landmarks.face])
        self._tags = landmarks.tags
        self.update()

    def set_banner(self, banner: Banner) -> None:
        """Set the text over the picture; an empty banner shows nothing."""
        self._banner = banner
        self.update()

    def set_live(self, is_live: bool) -> None:
        """Draw a red frame around the picture while it is on air."""
        self._is_live = is_live
        self.update()

    def set_stale(self, is_stale: bool) -> None:
        """Darken a picture that is not current."""
        self._is_stale = is_stale
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the picture, then the overlays."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        around = QRectF(self.rect())
        painter.fillRect(around, theme.PICTURE_BACK)
        if self._image is not None:
            target = _fitted(self._image.size(), around)
            painter.drawImage(target, self._image)
            self._draw_landmarks(painter, target)
            self._draw_tags(painter, target)
        if self._is_stale or self._banner.title:
            painter.fillRect(around, theme.SHADE)
        if self._banner.title:
            self._draw_banner(painter, around)
        elif self._image is None:
            painter.setPen(theme.QUIET)
            painter.drawText(around, Qt.AlignmentFlag.AlignCenter, self._nothing)
        self._draw_caption(painter)
        edge = theme.LEVEL_COLORS[Level.LIVE] if self._is_live else theme.PICTURE_EDGE
        width = 4.0 if self._is_live else 1.0
        painter.setPen(QPen(edge, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(around.adjusted(width / 2, width / 2, -width / 2, -width / 2))
        painter.end()

    def _draw_landmarks(self, painter: QPainter, target: QRectF) -> None:
        # Points are fractions of the picture; the pens are cosmetic, so their width is in pixels.
        painter.save()
        painter.setClipRect(target)
        onto = QTransform(target.width(), 0, 0, target.height(), target.x(), target.y())
        if not self._face.isEmpty():
            painter.setPen(QPen(theme.FACE, 1.6, c=Qt.PenCapStyle.RoundCap))
            painter.drawPoints(onto.map(self._face))
        painter.setTransform(onto, True)
        for color, width, lines in self._lines:
            pen = QPen(color, width, c=Qt.PenCapStyle.RoundCap)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(lines)
        painter.restore()

    def _draw_tags(self, painter: QPainter, target: QRectF) -> None:
        painter.setFont(_font(self.font(), 11, bold=True))
        for tag in self._tags:
            x, y = tag.at
            _draw_label(
                painter,
                target,
                QPointF(target.x() + x * target.width(), target.y() + y * target.height() - 4),
                tag.text,
            )

    def _draw_banner(self, painter: QPainter, around: QRectF) -> None:
        middle = around.center().y()
        inner = around.adjusted(24, 0, -24, 0)
        painter.setPen(theme.TEXT)
        painter.setFont(_font(self.font(), 21, bold=True))
        painter.drawText(
            QRectF(inner.x(), middle - 48, inner.width(), 40),
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
            self._banner.title,
        )
        painter.setPen(theme.QUIET)
        painter.setFont(_font(self.font(), 14))
        painter.drawText(
            QRectF(inner.x(), middle + 4, inner.width(), 80),
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self._banner.text,
        )

    def _draw_caption(self, painter: QPainter) -> None:
        painter.setFont(_font(self.font(), 11, bold=True))
        around = QRectF(self.rect()).adjusted(
            _CAPTION_MARGIN, _CAPTION_MARGIN, -_CAPTION_MARGIN, -_CAPTION_MARGIN
        )
        corner = around.bottomLeft() if self._at_foot else around.topLeft()
        _draw_label(painter, around, corner, self._caption)


def _draw_label(painter: QPainter, within: QRectF, foot: QPointF, text: str) -> None:
    """Draw a text on a shaded box, centred above a point and kept within a rectangle."""
    metrics = painter.fontMetrics()
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(within.width()) - 16)
    box = QRectF(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 6)
    box.moveCenter(foot)
    box.moveBottom(foot.y())
    box.moveLeft(min(max(box.left(), within.left()), within.right() - box.width()))
    box.moveTop(min(max(box.top(), within.top()), within.bottom() - box.height()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.SHADE)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.TEXT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _unit_lines(lines: tuple[Line, ...]) -> list[QLineF]:
    return [QLineF(*start, *end) for start, end in lines]


def _fitted(size: QSize, around: QRectF) -> QRectF:
    """Return the largest centred rectangle with a picture's aspect ratio within another one."""
    scale = min(around.width() / size.width(), around.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    return QRectF(around.center().x() - width / 2, around.center().y() - height / 2, width, height)


def _font(base: QFont, pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
