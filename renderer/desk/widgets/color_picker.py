"""Pick a colour: a square of saturation and brightness, and a bar of hues, painted."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from renderer.desk.widgets import theme
from renderer.desk.words import tr

_BAR: Final = 22
_GAP: Final = 8
_STEP: Final = 0.05
"""Change of saturation, brightness or hue by an arrow key."""


class ColorPicker(QWidget):
    """A picker. `picked` comes when the button is released, so that an edit is one step of undo."""

    picked = Signal(float, float, float)
    """sRGB, 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self._hue, self._saturation, self._value = 0.0, 0.0, 1.0
        self._is_bar = False
        self.setObjectName("inner")
        self.setMinimumSize(140, 100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Colour"))
        self.setToolTip(tr("Arrows: saturation and brightness; Page up and down: hue"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size in a small window."""
        return QSize(240, 140)

    @property
    def color(self) -> tuple[float, float, float]:
        """Return the colour, sRGB from 0 to 1."""
        made = QColor.fromHsvF(self._hue, self._saturation, self._value)
        return made.redF(), made.greenF(), made.blueF()

    def show_color(self, color: tuple[float, float, float]) -> None:
        """Show a colour; the hue of a grey stays as it was."""
        if self.underMouse() and self._is_pressed():
            return
        made = QColor.fromRgbF(*color)
        self._hue = made.hsvHueF() if made.hsvHueF() >= 0 else self._hue
        self._saturation, self._value = made.hsvSaturationF(), made.valueF()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw square, bar and marks."""
        painter = QPainter(self)
        square, bar = self._square(), self._bar()
        across = QLinearGradient(square.topLeft(), square.topRight())
        across.setColorAt(0, QColor("white"))
        across.setColorAt(1, QColor.fromHsvF(self._hue, 1.0, 1.0))
        painter.fillRect(square, across)
        down = QLinearGradient(square.topLeft(), square.bottomLeft())
        down.setColorAt(0, QColor(0, 0, 0, 0))
        down.setColorAt(1, QColor("black"))
        painter.fillRect(square, down)
        hues = QLinearGradient(bar.topLeft(), bar.topRight())
        for step in range(7):
            hues.setColorAt(step / 6, QColor.fromHsvF(min(step / 6, 0.999), 1.0, 1.0))
        painter.fillRect(bar, hues)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = QPointF(
            square.x() + self._saturation * square.width(),
            square.bottom() - self._value * square.height(),
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, ink in ((4.0, theme.BG0), (2.0, theme.HI)):
            painter.setPen(QPen(ink, width))
            painter.drawEllipse(at, 7, 7)
            x = bar.x() + self._hue * bar.width()
            painter.drawRect(QRectF(x - 4, bar.y() - 2, 8, bar.height() + 4))
        if self.hasFocus():
            painter.setPen(QPen(theme.SEL, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to pick in the square or in the bar."""
        self._is_bar = event.position().y() > self._square().bottom() + _GAP / 2
        self._move(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the hand."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Pick the colour."""
        self._move(event.position())
        self.picked.emit(*self.color)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Change the colour by a step, and pick it."""
        across, up, hue = {
            Qt.Key.Key_Left: (-_STEP, 0.0, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0, 0.0),
            Qt.Key.Key_Up: (0.0, _STEP, 0.0),
            Qt.Key.Key_Down: (0.0, -_STEP, 0.0),
            Qt.Key.Key_PageUp: (0.0, 0.0, _STEP),
            Qt.Key.Key_PageDown: (0.0, 0.0, -_STEP),
        }.get(Qt.Key(event.key()), (0.0, 0.0, 0.0))
        if not (across or up or hue):
            super().keyPressEvent(event)
            return
        self._saturation = min(max(self._saturation + across, 0.0), 1.0)
        self._value = min(max(self._value + up, 0.0), 1.0)
        self._hue = (self._hue + hue) % 1.0
        self.update()
        self.picked.emit(*self.color)

    def _move(self, point: QPointF) -> None:
        square = self._square()
        across = min(max((point.x() - square.x()) / max(square.width(), 1.0), 0.0), 1.0)
        if self._is_bar:
            self._hue = min(across, 0.999)
        else:
            self._saturation = across
            high = (square.bottom() - point.y()) / max(square.height(), 1.0)
            self._value = min(max(high, 0.0), 1.0)
        self.update()

    def _square(self) -> QRectF:
        return QRectF(10, 6, self.width() - 20, self.height() - 12 - _BAR - _GAP)

    def _bar(self) -> QRectF:
        return QRectF(10, self.height() - 6 - _BAR, self.width() - 20, _BAR)

    def _is_pressed(self) -> bool:
        return bool(QApplication.mouseButtons() & Qt.MouseButton.LeftButton)
