"""Find any command by its name: a list that narrows while a name is typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from renderer.desk.actions.action import Action
from renderer.desk.model import DeskModel
from renderer.desk.widgets import theme
from renderer.desk.words import tr

_WIDTH: Final = 620
_ROWS: Final = 12


def matches(action: Action, words: str) -> bool:
    """Return whether every typed word begins a word of an action's title, subject or summary."""
    text = f"{tr(action.title)} {tr(action.group.value)} {tr(action.summary)} {action.id}"
    known = text.casefold().replace(".", " ").split()
    return all(any(one.startswith(word) for one in known) for word in words.casefold().split())


class CommandPalette(QFrame):
    """A list of commands over the window; it is no dialog, and takes nothing off air by itself."""

    def __init__(self, desk: DeskModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._desk, self._window = desk, parent
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("Type a command: cut, slate, output…"))
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hint = theme.label("small")
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self.words)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._hint)
        self.words.textChanged.connect(self._narrow)
        self.words.installEventFilter(self)
        self.list.itemClicked.connect(lambda _: self.accept())
        self.list.itemSelectionChanged.connect(lambda *_: self._translate())
        self.hide()

    def open(self) -> None:
        """Show the list in the middle of the window, ready to type."""
        parent = self._window
        width = min(_WIDTH, parent.width() - 40)
        height = min(90 + _ROWS * 32, parent.height() - 120)
        self.setGeometry((parent.width() - width) // 2, 64, width, height)
        self.words.clear()
        self._narrow("")
        self.show()
        self.raise_()
        self.words.setFocus()

    def accept(self) -> None:
        """Press the chosen command and close the list; one that asks twice stays armed."""
        found = self.list.selectedItems()
        self.hide()
        self._window.setFocus()
        for item in found:
            self._desk.press(item.data(Qt.ItemDataRole.UserRole))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Move in the list by arrow keys, accept by Return, close by Escape."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key, row = event.key(), self.list.currentRow()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(min(max(row + step, 0), self.list.count() - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        elif key == Qt.Key.Key_Escape:
            self.hide()
            self._window.setFocus()
        else:
            return super().eventFilter(watched, event)
        return True

    def _narrow(self, words: str) -> None:
        self.list.clear()
        for action in self._desk.board.all():
            if matches(action, words):
                key = f"   {action.key}" if action.key else ""
                item = QListWidgetItem(f"{tr(action.group.value)}:  {tr(action.title)}{key}")
                item.setData(Qt.ItemDataRole.UserRole, action.id)
                item.setToolTip(tr(action.summary))
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._translate()

    def _translate(self) -> None:
        found = self.list.selectedItems()
        if not found:
            self._hint.setText(tr("No command is called that. Try a shorter word."))
            return
        item = found[0]
        id = item.data(Qt.ItemDataRole.UserRole)
        state = self._desk.board.states[id].value
        self._hint.setText(state.refusal or item.toolTip())
