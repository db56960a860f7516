"""Show the bottom row: the worst open alarm, what the show answers, and what saves a show."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from renderer.desk.alarms import AlarmRow
from renderer.desk.model import DeskModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView, Ground
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.notes import Note
from renderer.desk.widgets.shapes import Shape
from renderer.desk.words import tr
from renderer.protocol.alarms import Severity

SAVING: Final = ("show.hold", "show.slate", "show.black", "show.end")
"""The four actions that save a show, in their fixed order."""


def severity_chip(row: AlarmRow) -> Chip:
    """Return the chip of an alarm's severity."""
    if row.cleared_at:
        return Chip(tr("CLEARED"), Shape.TICK, theme.DIM)
    if row.severity is Severity.CRITICAL:
        return Chip(tr("FAULT"), Shape.OCTAGON, theme.WARN, Ground.FILLED)
    if row.severity is Severity.WARNING:
        return Chip(tr("WARNING"), Shape.TRIANGLE, theme.WARN, Ground.OUTLINE)
    return Chip(tr("NOTICE"), Shape.INFO, theme.HI)


class BottomRow(QFrame):
    """What is wrong now, and the four actions that save a show. It never scrolls."""

    def __init__(self, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._desk = desk
        self._chip, self._text = ChipView(), ElidedLabel("value")
        self._note = ElidedLabel("label")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._chip)
        row.addWidget(self._text, 3)
        self._place = ActionButton(desk.board, "alarms.place", height=36)
        self._acknowledge = ActionButton(desk.board, "alarms.acknowledge", height=36)
        row.addWidget(self._place)
        row.addWidget(self._acknowledge)
        row.addWidget(self._note, 2)
        self.buttons = {id: ActionButton(desk.board, id, height=40) for id in SAVING}
        for button in self.buttons.values():
            row.addWidget(button)
        desk.alarms.watch(self._show_alarms)
        desk.note.watch(self._show_note)

    @property
    def text(self) -> str:
        """Return what is said about the worst open alarm."""
        return self._text.text()

    @property
    def note(self) -> str:
        """Return what the show has answered."""
        return self._note.text()

    def _show_alarms(self, rows: tuple[AlarmRow, ...]) -> None:
        worst = next((row for row in rows if row.is_open), None)
        if worst is None:
            worst = next((row for row in rows if not row.cleared_at), None)
        self._place.setVisible(worst is not None and self.width() >= tokens.LARGE_FROM)
        self._acknowledge.setVisible(worst is not None)
        if worst is None:
            self._chip.set_chip(Chip())
            self._text.set_words("")
            return
        self._chip.set_chip(severity_chip(worst))
        words = f"{worst.text}." if worst.text[-1:] not in ".!?" else worst.text
        self._text.set_words(f"{words} {worst.remedy}".strip())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out the link in a small window; its key stays."""
        super().resizeEvent(event)
        self._show_alarms(self._desk.alarms.value)

    def _show_note(self, note: Note) -> None:
        self._note.set_words(note.text)
        theme.set_level(self._note, note.level)
        # The show's answer is displayed for some seconds; otherwise the alarm is.
        self._note.setVisible(bool(note.text))
