"""Show a state as shape and word: quiet, outlined or filled."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.shapes import Shape, draw_shape
from renderer.desk.widgets.text import draw_text, text_width

_ICON: Final = 14
_PAD: Final = 8
_HEIGHT: Final = 24


class Ground(Enum):
    """The ground of a chip."""

    NONE = "none"
    OUTLINE = "outline"
    DASHED = "dashed"
    FILLED = "filled"


class Chip(NamedTuple):
    """A state: its shape, word, colour and ground."""

    word: str = ""
    shape: Shape = Shape.NONE
    color: QColor = theme.TEXT
    ground: Ground = Ground.NONE

    def width(self, size: int = tokens.SMALL) -> int:
        """Return the width that the chip needs, pixels."""
        text = text_width(self.word, size, 600)
        icon = 0 if self.shape is Shape.NONE else _ICON + 4
        pad = 0 if self.ground is Ground.NONE else 2 * _PAD
        return text + icon + pad + 2

    def draw(self, painter: QPainter, box: QRectF, size: int = tokens.SMALL) -> None:
        """Draw the chip at the left of a box, in its vertical middle."""
        wide = min(float(self.width(size)), box.width())
        high = min(float(_HEIGHT if size == tokens.SMALL else box.height()), box.height())
        around = QRectF(box.x(), box.center().y() - high / 2, wide, high)
        ink, pad = self.color, 0
        if self.ground is not Ground.NONE:
            pad = _PAD
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.ground is Ground.FILLED:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.color)
                ink = theme.HI if self.color == theme.AIR else theme.BG0
            else:
                style = (
                    Qt.PenStyle.DashLine if self.ground is Ground.DASHED else Qt.PenStyle.SolidLine
                )
                painter.setPen(QPen(self.color, 1.5, style))
                painter.setBrush(theme.BG1)
            painter.drawRoundedRect(around.adjusted(1, 1, -1, -1), tokens.CORNER, tokens.CORNER)
        left = around.x() + pad
        if self.shape is not Shape.NONE:
            icon = QRectF(left, around.center().y() - _ICON / 2, _ICON, _ICON)
            draw_shape(painter, self.shape, icon, ink)
            left += _ICON + 4
        room = QRectF(left, around.y(), around.right() - pad / 2 - left + 1, around.height())
        draw_text(painter, room, self.word, ink, size=size, weight=600)


def chip_of(level: Level, word: str) -> Chip:
    """Return the chip of a level: good is quiet, a fault is filled."""
    match level:
        case Level.GOOD:
            return Chip(word, Shape.TICK)
        case Level.WARN:
            return Chip(word, Shape.TRIANGLE, theme.WARN, Ground.OUTLINE)
        case Level.BAD:
            return Chip(word, Shape.OCTAGON, theme.WARN, Ground.FILLED)
        case Level.LIVE:
            return Chip(word, Shape.DOT, theme.AIR, Ground.FILLED)
        case _:
            return Chip(word, Shape.RING, theme.DIM)


class ChipView(QWidget):
    """A chip as a widget."""

    def __init__(self, size: int = tokens.SMALL) -> None:
        super().__init__()
        self._chip, self._size = Chip(), size
        self.setObjectName("inner")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def word(self) -> str:
        """Return the word that is shown."""
        return self._chip.word

    def set_chip(self, chip: Chip) -> None:
        """Show a chip."""
        if chip != self._chip:
            before, self._chip = self.sizeHint(), chip
            self.setAccessibleName(chip.word)
            if self.sizeHint() != before:  # Else nothing around it has to be laid out again.
                self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the chip."""
        if not self._chip.word:
            return QSize(0, _HEIGHT)
        return QSize(self._chip.width(self._size), _HEIGHT if self._size == tokens.SMALL else 36)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the chip: a state is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the chip."""
        if self._chip.word:
            painter = QPainter(self)
            self._chip.draw(painter, QRectF(self.rect()), self._size)
            painter.end()
