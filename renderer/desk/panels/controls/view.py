"""Show the buttons with their shortcuts, and the address field of an additional stream."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.controls.model import Action, Button
from renderer.desk.widgets import theme

_SHORTCUTS: Final = {Action.LIVE: "Ctrl+L", Action.RECORD: "Ctrl+R", Action.END: "Ctrl+E"}
_PURPOSES: Final = {
    Action.LIVE: "Put the program on air, or take it off",
    Action.RECORD: "Record the program, or finish the recording",
    Action.END: "Finish every output and end the show",
}


class ControlsView(QWidget):
    """Shows the buttons; the model defines what they do."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._model = model
        self.address = QLineEdit()
        self.address.setPlaceholderText("Another stream address (optional)")
        self.address.setClearButtonEnabled(True)
        self.address.setFixedHeight(34)
        # It ends in a stream key, which bystanders must not read.
        self.address.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.address.setToolTip("Going live also starts a stream to this address, e.g. rtmp://…")
        self.buttons = {action: self._button(action) for action in Action}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.addWidget(self.address, 0, 0, 1, 2)
        grid.addWidget(self.buttons[Action.LIVE], 1, 0, 1, 2)
        grid.addWidget(self.buttons[Action.RECORD], 2, 0)
        grid.addWidget(self.buttons[Action.END], 2, 1)
        for action in Action:
            model.controls.buttons[action].watch(partial(self._show, action))
        self._shortcut("Escape", model.controls.disarm)

    def _button(self, action: Action) -> QPushButton:
        button = QPushButton()
        button.setFixedHeight(46 if action is Action.LIVE else 36)
        button.setToolTip(f"{_PURPOSES[action]} ({_SHORTCUTS[action]})")
        press = partial(self._press, action)
        button.clicked.connect(press)
        self._shortcut(_SHORTCUTS[action], press)
        return button

    def _shortcut(self, keys: str, do: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setAutoRepeat(False)  # Holding the key down must not confirm the action.
        shortcut.activated.connect(do)

    def _press(self, action: Action, *_: bool) -> None:
        self._model.press(action, self.address.text() if action is Action.LIVE else "")

    def _show(self, action: Action, shown: Button) -> None:
        button = self.buttons[action]
        button.setText(shown.text)
        button.setEnabled(shown.enabled)
        theme.set_level(button, shown.level)
