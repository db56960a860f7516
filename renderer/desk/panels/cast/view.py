"""Show the performers and the avatars' licence."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.cast.model import Cast
from renderer.desk.widgets import formatting, theme


class CastView(QWidget):
    """Shows the performers with their avatars, and the avatars' licence in plain words."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._performance = theme.label("performance")
        self._performance.setTextFormat(Qt.TextFormat.PlainText)
        self._performance.setWordWrap(True)
        self._details = QGridLayout()
        self._details.setColumnStretch(1, 1)
        self._details.setHorizontalSpacing(12)
        self._details.setVerticalSpacing(2)
        self._licence = QLabel()
        self._licence.setTextFormat(Qt.TextFormat.RichText)
        self._licence.setWordWrap(True)
        self._licence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._values: dict[str, QLabel] = {}
        lines = QWidget()
        lines.setObjectName("lines")
        inner = QVBoxLayout(lines)
        inner.setContentsMargins(0, 0, 6, 0)
        inner.setSpacing(6)
        inner.addWidget(self._performance)
        inner.addLayout(self._details)
        inner.addSpacing(4)
        inner.addWidget(theme.label("heading", "WHAT THE AVATAR'S LICENCE SAYS"))
        inner.addWidget(self._licence, 1)
        theme.scroll(lines, self)
        model.cast.watch(self._show)

    def _show(self, cast: Cast) -> None:
        self._performance.setText(cast.performance or formatting.NOTHING)
        for row, (name, text) in enumerate(cast.details):
            if name not in self._values:
                value = self._values[name] = QLabel()
                value.setTextFormat(Qt.TextFormat.PlainText)
                value.setWordWrap(True)
                self._details.addWidget(theme.label("quiet", name), row, 0)
                self._details.addWidget(value, row, 1)
            self._values[name].setText(text)
        self._licence.setText("".join(map(_bullet, cast.licence)) or formatting.NOTHING)


def _bullet(line: str) -> str:
    # It may contain text from a file, which must not be interpreted as markup.
    return f'<p style="margin: 0 0 3px 12px; text-indent: -12px">•&nbsp; {escape(line)}</p>'
