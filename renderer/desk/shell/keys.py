"""Bind the actions' keys: those of the perspective in front, and those of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from renderer.desk.actions.action import Action
from renderer.desk.model import DeskModel

_LENT: Final = frozenset({"Space", "Return", "Up", "Down", "Backspace"})
"""Keys that belong to a control while it has the focus; Escape gives them back."""


class KeyBindings(QObject):
    """Shortcuts of a window.

    Single letters do nothing while a text field has the focus: Qt gives it the keys first. Space,
    Return and the arrows are GO, cut and standby; a control that was reached by Tab borrows them
    until Escape.
    """

    def __init__(self, desk: DeskModel, window: QWidget, drawers: Sequence[QWidget]) -> None:
        """Bind the keys of all actions; Escape closes the drawers."""
        super().__init__(window)  # It goes with the window, and its connections with it.
        self._desk, self._window, self._drawers = desk, window, drawers
        self._shortcuts: list[tuple[str, str, QShortcut]] = []
        self._own: list[tuple[str, str, QShortcut]] = []
        self._bind([one for one in desk.board.all() if one not in desk.board.own], self._shortcuts)
        desk.own_keys.watch(lambda _: self._bind_own())
        escape = QShortcut(QKeySequence("Escape"), window)
        escape.activated.connect(self._give_back)
        desk.perspective.watch(lambda _: self.update())
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def _bind(self, actions: Iterable[Action], into: list[tuple[str, str, QShortcut]]) -> None:
        for action in actions:
            if not action.key:
                continue
            shortcut = QShortcut(QKeySequence(action.key), self._window)
            shortcut.setAutoRepeat(False)  # Holding a key down must not confirm.
            shortcut.activated.connect(partial(self._desk.press, action.id))
            into.append((action.perspective, action.key, shortcut))

    def _bind_own(self) -> None:
        """Bind the keys of the show's document in place of those before."""
        for _, _, shortcut in self._own:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._own = []
        self._bind(self._desk.board.own, self._own)
        self.update()

    def update(self) -> None:
        """Enable the keys of the perspective in front."""
        front, focus = self._desk.perspective.value, self._window.focusWidget()
        is_lent = focus is not None and focus is not self._window and focus.isVisible()
        for perspective, key, shortcut in (*self._shortcuts, *self._own):
            is_there = perspective in ("", front)
            shortcut.setEnabled(is_there and not (is_lent and key in _LENT))

    def _focus_changed(self, _before: QWidget | None, _now: QWidget | None) -> None:
        # A window that is being deleted loses its focus once more.
        if isValid(self._window):
            self.update()

    def _give_back(self) -> None:
        """Close drawers, cancel a first press, and take the keys back from a control."""
        self._desk.board.disarm()
        self._desk.shows_alarms.set(False)
        for drawer in self._drawers:
            drawer.hide()
        focus = self._window.focusWidget()
        if focus is not None:
            focus.clearFocus()
        self._window.setFocus()
        self.update()
