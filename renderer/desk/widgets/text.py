"""Draw lines of text that are laid out once, however often they are painted."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStaticText, QTransform

from renderer.desk.widgets import theme, tokens


def draw_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    color: QColor = theme.TEXT,
    *,
    size: int = tokens.BODY,
    weight: int = 400,
    right: bool = False,
) -> None:
    """Draw a line of text, elided to its box, in its vertical middle."""
    if not text or box.width() < 1:
        return
    line, wide, high = _lay_out(text, size, weight, int(box.width()) + 1)
    left = box.right() - wide if right else box.x()
    painter.setFont(theme.font(size, weight))
    painter.setPen(color)
    painter.drawStaticText(QPointF(left, round(box.center().y() - high / 2)), line)


@lru_cache(4096)
def text_width(text: str, size: int = tokens.BODY, weight: int = 400) -> int:
    """Return the width of a line of text, pixels."""
    return QFontMetrics(theme.font(size, weight)).horizontalAdvance(text)


@lru_cache(4096)
def _lay_out(text: str, size: int, weight: int, room: int) -> tuple[QStaticText, float, float]:
    """Return a line elided to a room, its width and its height."""
    font = theme.font(size, weight)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
    line = QStaticText(shown)
    line.setTextFormat(Qt.TextFormat.PlainText)
    line.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    line.prepare(QTransform(), font)
    return line, line.size().width(), line.size().height()


theme.when_fonts_change(text_width.cache_clear)
theme.when_fonts_change(_lay_out.cache_clear)
