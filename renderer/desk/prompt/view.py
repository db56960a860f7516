"""Show the prompt screen: a window for the performer's own screen, read from three metres."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from renderer.desk.model import DeskModel
from renderer.desk.prompt.model import Prompt, PromptModel
from renderer.desk.widgets import theme
from renderer.desk.words import tr

_TEXT: Final = 0.11
"""Height of the prompt's letters as a share of the window: 11 cm on a screen of 1 m."""
_NOTE: Final = 0.045
_BAR: Final = 0.025


class PromptScreen(QWidget):
    """A window of its own: full on a second screen where there is one."""

    def __init__(self, model: PromptModel, desk: DeskModel) -> None:
        super().__init__()
        self._desk = desk
        self._prompt = Prompt()
        self.setWindowTitle(tr("Prompt for the performer"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.resize(960, 540)
        model.prompt.watch(self._show)

    def open(self, beside: QWidget) -> None:
        """Show the prompt; full on a screen on which the desk is not, if there is one."""
        others = [one for one in QGuiApplication.screens() if one is not beside.screen()]
        if others:
            self.setGeometry(others[0].geometry())
            self.showFullScreen()
        else:
            self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close the window by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the desk that the screen is closed."""
        super().closeEvent(event)
        self._desk.shows_prompt.set(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw name, prompt, note and progress."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.BG0)
        prompt, wide, high = self._prompt, float(self.width()), float(self.height())
        edge = 0.06 * wide
        painter.setPen(theme.DIM)
        painter.setFont(theme.font(max(round(high * _NOTE), 13)))
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(
            QRectF(edge, 0.07 * high, wide - 2 * edge, 0.1 * high), centre, prompt.name
        )
        box = QRectF(edge, 0.2 * high, wide - 2 * edge, 0.5 * high)
        painter.setPen(theme.HI)
        painter.setFont(theme.font(self._fit(prompt.text, box), 600))
        painter.drawText(box, centre | Qt.AlignmentFlag.AlignVCenter, prompt.text)
        painter.setPen(theme.WARN)
        painter.setFont(theme.font(max(round(high * _NOTE), 13)))
        note = QRectF(edge, 0.71 * high, wide - 2 * edge, 0.12 * high)
        painter.drawText(note, centre, prompt.note)
        if prompt.steps:
            self._draw_progress(painter, QRectF(edge, 0.88 * high, wide - 2 * edge, _BAR * high))
        painter.end()

    def _fit(self, text: str, box: QRectF) -> int:
        """Return the largest height of letters, pixels, in which a text fits its box."""
        size = max(round(self.height() * _TEXT), 13)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        while size > 13:
            metrics = QFontMetrics(theme.font(size, 600))
            if metrics.boundingRect(box.toRect(), flags, text).height() <= box.height():
                break
            size = round(size * 0.85)
        return size

    def _draw_progress(self, painter: QPainter, box: QRectF) -> None:
        prompt = self._prompt
        painter.fillRect(box, theme.BG3)
        painter.fillRect(
            QRectF(box.x(), box.y(), box.width() * prompt.share / 100, box.height()), theme.HI
        )
        painter.setPen(theme.BG0)
        for step in range(1, prompt.steps):
            x = round(box.x() + box.width() * step / prompt.steps)
            painter.drawLine(x, round(box.y()), x, round(box.bottom()))

    def _show(self, prompt: Prompt) -> None:
        self._prompt = prompt
        words = filter(None, (prompt.name, prompt.text, prompt.note))
        self.setAccessibleName(". ".join(words))
        self.update()
