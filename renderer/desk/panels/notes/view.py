"""Show the footer of the window."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.notes.model import Note
from renderer.desk.widgets import theme
from renderer.desk.widgets.formatting import Level

_WARNINGS_SHOWN: Final = 8


class FootLine(QWidget):
    """Shows warnings on the left and the show's replies on the right, in full as tool tips."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._warnings, self._note = theme.label("quiet"), theme.label("quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(20)
        for line, stretch in ((self._warnings, 3), (self._note, 2)):
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            layout.addWidget(line, stretch)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        model.warnings.watch(self._show_warnings)
        model.note.watch(self._show_note)

    def _show_warnings(self, warnings: tuple[Note, ...]) -> None:
        if not warnings:
            self._warnings.setText("No warnings")
            self._warnings.setToolTip("")
            theme.set_level(self._warnings, Level.IDLE)
            return
        more = f"   (+{len(warnings) - 1} more)" if len(warnings) > 1 else ""
        self._warnings.setText(f"▲ {warnings[0].text}{more}")
        self._warnings.setToolTip("\n".join(each.text for each in warnings[:_WARNINGS_SHOWN]))
        theme.set_level(self._warnings, warnings[0].level)

    def _show_note(self, note: Note) -> None:
        self._note.setText(note.text)
        self._note.setToolTip(note.text)
        theme.set_level(self._note, note.level)
