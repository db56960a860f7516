"""Show a picture pixel for pixel, with the frame and words of its state over it.

The painter never scales: the show sends the picture in the size that the monitor asks for. A
picture of another size, such as a camera's, is scaled once when it arrives, not at each paint.
Where there is a GPU, it draws (surface.py).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QRegion, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.badge import Badge, FrameBadge
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.screen_image import ScreenImage
from renderer.desk.widgets.shapes import Shape
from renderer.desk.widgets.surface import Canvas

U8 = npt.NDArray[np.uint8]

_EDGE: Final = 4
_NARROW: Final = 240
"""Width of a picture below which its name may stand beside it, too, pixels."""


class Tally(Enum):
    """What the crew must know about a picture before anything else."""

    NONE = "none"
    NEXT = "preview"
    AIR = "on air"


class Monitor(QWidget):
    """The newest picture of a view, 16:9 in the largest size that fits.

    Attributes:
        is_awaited: whether the show offers a picture that may not have arrived yet.
    """

    def __init__(self, nothing: str, *, aspect: float = 16 / 9) -> None:
        """Start without a picture.

        Args:
            nothing: text while there is none.
            aspect: width of the pictures over their height.
        """
        super().__init__()
        self._nothing, self._aspect = nothing, aspect
        self.is_awaited = False
        self._picture = ScreenImage()
        self._tally = Tally.NONE
        self._caption, self._tag = "", ""
        self._chip = Chip()
        self._frame = FrameBadge()
        self._tag_badge, self._caption_badge, self._chip_badge = Badge(), Badge(), Badge()
        self._lines: tuple[tuple[QPen, list[QLineF]], ...] = ()
        self._face = QPolygonF()
        self._is_stale = False
        self._brightness = 1.0
        self._canvas = Canvas(self, self._paint)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self.setAccessibleName(nothing)

    @property
    def has_picture(self) -> bool:
        """Return whether there is a picture, not only the placeholder."""
        return self._picture.is_there

    @property
    def place(self) -> QRect:
        """Return where the picture is drawn, in the widget."""
        width = min(self.width(), int(self.height() * self._aspect))
        height = int(width / self._aspect)
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    @property
    def picture_size(self) -> tuple[int, int]:
        """Return the size of the picture in the screen's pixels: what the show is asked for."""
        place, scale = self.place, self.devicePixelRatioF()
        width, height = round(place.width() * scale), round(place.height() * scale)
        return width - width % 2, height - height % 2

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size in a small window."""
        return QSize(424, 238)

    def set_nothing(self, text: str) -> None:
        """Say another text while there is no picture."""
        if text != self._nothing:
            self._nothing = text
            self._canvas.update()

    def set_brightness(self, share: float) -> None:
        """Draw pictures darker, for cameras in a bright studio."""
        self._brightness = share

    def set_pixels(self, pixels: U8 | None) -> None:
        """Show (h, w, 3) uint8 RGB, C-contiguous; None for no picture."""
        if pixels is None:
            if self._picture.is_there:
                self._picture.clear()
                self._canvas.update()
            return
        self._picture.set_pixels(
            pixels, self.picture_size, self.devicePixelRatioF(), self._brightness
        )
        self._canvas.update(self.place)

    def set_state(
        self, tally: Tally = Tally.NONE, tag: str = "", caption: str = "", chip: Chip | None = None
    ) -> None:
        """Set the frame, the word in the corner, the name at the foot and a state at the right."""
        state = tally, tag, caption, chip or Chip()
        if state != (self._tally, self._tag, self._caption, self._chip):
            self._tally, self._tag, self._caption, self._chip = state
            self.setAccessibleName(" ".join(filter(None, (tag, caption, self._chip.word))))
            self._canvas.update()

    def set_stale(self, is_stale: bool) -> None:
        """Darken a picture that is not current."""
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            self._canvas.update()

    def set_landmarks(self, landmarks: Landmarks) -> None:
        """Set what is drawn over the picture, in fractions of it."""
        self._lines = tuple(
            (_pen(color), [QLineF(*start, *end) for start, end in lines])
            for color, lines in (
                (theme.TORSO, landmarks.torso),
                (theme.LEFT, landmarks.left),
                (theme.RIGHT, landmarks.right),
            )
            if lines
        )
        # Every third point shows a face as well, for a third of the time.
        self._face = QPolygonF([QPointF(x, y) for x, y in landmarks.face[::3]])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the picture, the frame and the words."""
        self._canvas.paint_host(event.region())

    def _paint(self, painter: QPainter, region: QRegion) -> None:
        place = self.place
        if not self._picture.is_there or not place.contains(region.boundingRect()):
            painter.fillRect(region.boundingRect(), theme.BG0)
        if self._picture.is_there:
            self._picture.draw(painter, place)
            self._draw_landmarks(painter, place)
            if self._is_stale:
                painter.fillRect(place, theme.SHADE)
        else:
            painter.setFont(theme.font())
            painter.setPen(theme.DIM)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(place).adjusted(16, 16, -16, -16), flags, self._nothing)
        self._draw_state(painter, place)

    def _draw_landmarks(self, painter: QPainter, place: QRect) -> None:
        if not self._lines and self._face.isEmpty():
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(place)
        onto = QTransform(place.width(), 0, 0, place.height(), place.x(), place.y())
        if not self._face.isEmpty():
            painter.setPen(QPen(theme.FACE, 1.6, c=Qt.PenCapStyle.RoundCap))
            painter.drawPoints(onto.map(self._face))
        painter.setTransform(onto, True)
        for pen, lines in self._lines:
            painter.setPen(pen)
            painter.drawLines(lines)
        painter.restore()

    def _draw_state(self, painter: QPainter, place: QRect) -> None:
        is_air, is_next = self._tally is Tally.AIR, self._tally is Tally.NEXT
        if is_air or is_next:
            color = theme.AIRLINE if is_air else theme.NEXT
            self._frame.draw(painter, place, color, _EDGE, is_dashed=is_next)
        else:
            self._frame.draw(painter, place, theme.LINE, 1)
        if self._tag:
            chip = Chip(self._tag, Shape.NONE, theme.TEXT, Ground.OUTLINE)
            if is_air:
                chip = Chip(self._tag, Shape.DOT, theme.AIR, Ground.FILLED)
            elif is_next:
                chip = Chip(self._tag, Shape.ARROW, theme.NEXT, Ground.DASHED)
            self._draw_chip(painter, self._tag_badge, chip, place.x() + 8, place.y() + 8, place)
        if self._caption:
            foot = QRect(place.x(), place.bottom() - 33, place.width(), 34)
            if foot.width() < _NARROW:  # The name may be wider than a small picture.
                foot = QRect(0, foot.y(), self.width(), foot.height())
            self._caption_badge.draw(
                painter,
                foot,
                self._caption,
                lambda inner, box: draw_caption(inner, box, self._caption),
            )
        if self._chip.word:
            wide = min(self._chip.width(), place.width() - 16)
            left = place.right() - wide - 8
            self._draw_chip(painter, self._chip_badge, self._chip, left, place.bottom() - 32, place)

    @staticmethod
    def _draw_chip(
        painter: QPainter, badge: Badge, chip: Chip, left: int, top: int, place: QRect
    ) -> None:
        box = QRect(left, top, min(chip.width(), place.width() - 16), 24)
        badge.draw(painter, box, chip, chip.draw)


def draw_caption(painter: QPainter, place: QRectF, text: str) -> None:
    """Draw a name on a dark ground in the lower left corner of a picture."""
    painter.setFont(theme.font(tokens.SMALL, 600))
    metrics = painter.fontMetrics()
    room = int(place.width()) - 32
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    wide = metrics.horizontalAdvance(text) + 12
    box = QRectF(place.x() + 8, place.bottom() - 32, wide, 24)
    painter.fillRect(box, theme.SHADE)
    painter.setPen(theme.HI)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _pen(color: QColor) -> QPen:
    pen = QPen(color, 2.2, c=Qt.PenCapStyle.RoundCap)
    pen.setCosmetic(True)
    return pen
