"""Show a figure that changes often: painted, so that nothing around it is laid out again.

A label tells every layout above it that its text has changed, up to the window; with a clock that
is once a second.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.text import draw_text, text_width


class Figure(QWidget):
    """A line of digits, as wide as the widest that it has shown.

    Args:
        size: of the font, pixels.
        widest: text for which there is room from the start.
    """

    def __init__(self, size: int = tokens.BODY, widest: str = "00:00:00") -> None:
        super().__init__()
        self._text, self._level, self._size = "", Level.IDLE, size
        self._widest = widest
        self.setObjectName("inner")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return the text that is shown."""
        return self._text

    def set_words(self, text: str, level: Level = Level.IDLE) -> None:
        """Show a text in a level's colour; a longer one than before makes room for itself."""
        if (text, level) == (self._text, self._level):
            return
        self._text, self._level = text, level
        self.setAccessibleName(text)
        if text_width(text, self._size, 600) > text_width(self._widest, self._size, 600):
            self._widest = text
            self.updateGeometry()
        self.update()

    def set_size(self, size: int) -> None:
        """Use another size of the font, pixels."""
        if size != self._size:
            self._size = size
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the widest text."""
        high = QFontMetrics(theme.font(self._size, 600)).height()
        return QSize(text_width(self._widest, self._size, 600) + 1, high)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the widest text: a figure is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the text."""
        painter = QPainter(self)
        is_quiet = self._level in (Level.IDLE, Level.GOOD)
        color = theme.HI if is_quiet else theme.LEVEL_COLORS[self._level]
        draw_text(painter, QRectF(self.rect()), self._text, color, size=self._size, weight=600)
        painter.end()
