"""Show the confidence of every limb of a performer."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.panels.performers.columns import LimbBar
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.shapes import Shape, draw_shape
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_BAR: Final = 19
_TITLE: Final = 66
_WORD: Final = 84


class LimbBars(QWidget):
    """The confidence of every limb: one widget for all bars."""

    def __init__(self, choose: partial[None]) -> None:
        super().__init__()
        self.setObjectName("inner")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._choose, self._chosen = choose, ""
        self._bars: tuple[LimbBar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of nine bars."""
        return QSize(200, _BAR * 9)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of nine bars: limbs never go."""
        return QSize(180, _BAR * 9)

    def set_bars(self, bars: tuple[LimbBar, ...]) -> None:
        """Show limbs."""
        if bars != self._bars:
            self._bars = bars
            self.update()

    def choose(self, limb: str) -> None:
        """Mark a limb as chosen; none if empty."""
        if limb != self._chosen:
            self._chosen = limb
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the limb under the mouse."""
        place = int(event.position().y() // _BAR)
        if place < len(self._bars):
            self._choose(self._bars[place].name)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the bars."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.BG1)
        for place, bar in enumerate(self._bars):
            self._draw(painter, QRectF(0, place * _BAR, self.width(), _BAR), bar)
        painter.end()

    def _draw(self, painter: QPainter, box: QRectF, bar: LimbBar) -> None:
        is_bad = bar.word in ("lost", "weak")
        draw_text(
            painter, QRectF(4, box.y(), _TITLE - 8, _BAR), bar.title,
            theme.HI if is_bad else theme.TEXT, size=tokens.SMALL,
        )  # fmt: skip
        wide = box.width() - _TITLE - _WORD
        track = QRectF(_TITLE, box.center().y() - 3, max(wide, 10), 6)
        painter.fillRect(track, theme.BG2)
        color = theme.SEL if bar.is_driven else theme.WARN if is_bad else theme.TEXT
        if bar.word == "lost":
            painter.fillRect(track, color)
            painter.save()
            painter.setClipRect(track)
            painter.setPen(QPen(theme.BG0, 3))
            for x in range(int(track.x()), int(track.right()) + 8, 9):
                painter.drawLine(x, int(track.bottom()) + 2, x + 8, int(track.y()) - 2)
            painter.restore()
        else:
            painter.fillRect(
                QRectF(track.x(), track.y(), track.width() * bar.confidence / 100, 6), color
            )
        word = QRectF(track.right() + 8, box.y(), _WORD - 8, _BAR)
        shape = Shape.BARS if bar.is_driven else Shape.TRIANGLE if is_bad else Shape.NONE
        draw_shape(painter, shape, QRectF(word.x(), word.y() + 3, 13, 13), color)
        left = word.x() + (17 if shape is not Shape.NONE else 0)
        text = tr(bar.word) if shape is not Shape.NONE else f"{bar.confidence} {tr(bar.word)}"
        ink = color if shape is not Shape.NONE else theme.DIM
        draw_text(
            painter, QRectF(left, word.y(), word.right() - left, _BAR), text, ink,
            size=tokens.SMALL,
        )  # fmt: skip
        if bar.name == self._chosen:
            painter.setPen(QPen(theme.SEL, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0.5, 0.5, -1, -0.5))
