"""Show an action as a button: its words, its key, and the time left for a second press."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from renderer.desk.actions.action import ActionState, Confirm
from renderer.desk.actions.board import ActionBoard
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.text import text_width
from renderer.desk.words import tr

_PAD: Final = 10
_KEY_PAD: Final = 6
_SYMBOLS: Final = {
    "Return": "↵", "Backspace": "⌫", "Down": "↓", "Up": "↑", "Left": "←", "Right": "→",
    "Space": "Space", "End": "End", "Delete": "Del",
}  # fmt: skip


def key_words(key: str, confirm: Confirm = Confirm.ONCE) -> tuple[str, ...]:
    """Return the caps of a key, twice if it is pressed twice: ("S", "S"), ("Ctrl K",)."""
    if not key:
        return ()
    cap = " ".join(_SYMBOLS.get(part, part) for part in key.split("+"))
    return (cap, cap) if confirm is Confirm.TWICE else (cap,)


def draw_keys(painter: QPainter, keys: tuple[str, ...], right: float, middle: float) -> float:
    """Draw key caps to the left of `right`; return the left edge of the first."""
    painter.setFont(theme.font(tokens.SMALL, 600))
    for key in reversed(keys):
        wide = max(text_width(key, tokens.SMALL, 600) + 2 * _KEY_PAD, 20)
        box = QRectF(right - wide, middle - 10, wide, 20)
        painter.setPen(QPen(theme.EDGE, 1))
        painter.setBrush(theme.BG0)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(theme.HI)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        right -= wide + 4
    return right


def keys_width(keys: tuple[str, ...]) -> int:
    """Return the width of key caps, pixels."""
    return sum(max(text_width(key, tokens.SMALL, 600) + 2 * _KEY_PAD, 20) + 4 for key in keys)


class ActionButton(QAbstractButton):
    """A button of an action of the registry.

    Its width is that of its longer title, so that nothing moves when a state changes.
    """

    def __init__(
        self, board: ActionBoard, id: str, *, height: int = 32, quiet: bool = False,
        shows_key: bool = True,
    ) -> None:  # fmt: skip
        """Show an action.

        Args:
            board: of the desk.
            id: of the action.
            height: pixels.
            quiet: without an edge, for what is rarely pressed.
            shows_key: whether its key is drawn.
        """
        super().__init__()
        self._action = board.find(id)
        self._state = ActionState("")
        self._quiet, self._height = quiet, height
        self._keys = key_words(self._action.key, self._action.confirm) if shows_key else ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setObjectName(id)
        self.clicked.connect(partial(self._press, board, id))
        self._binding = ""
        board.states[id].watch(self._show)
        board.bindings.watch(self._show_binding)

    @property
    def state(self) -> ActionState:
        """Return what the button shows."""
        return self._state

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the longest title with the keys."""
        titles = (tr(self._action.title), tr(self._action.title_on or self._action.title))
        words = max(text_width(title, weight=600) for title in titles)
        keys = keys_width(self._keys)
        return QSize(words + keys + 2 * _PAD + (6 if keys else 0), self._height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same: the words of a button are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw ground, words, keys, and the time left of a first press."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state, around = self._state, QRectF(self.rect())
        ground, edge, ink = self._colors()
        painter.setPen(QPen(edge, 2 if state.is_on else 1))
        painter.setBrush(ground)
        inset = 1.0 if state.is_on else 0.5
        box = around.adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, tokens.CORNER, tokens.CORNER)
        if state.armed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.WARN)
            wide = (around.width() - 4) * state.armed / 10
            painter.drawRect(QRectF(2, around.height() - 5, wide, 3))
        keys = (self._binding,) if self._binding else self._keys
        right = draw_keys(painter, keys, around.right() - _PAD, around.center().y())
        painter.setFont(theme.font(tokens.BODY, 600))
        painter.setPen(ink)
        room = QRectF(_PAD, 0, right - _PAD, around.height())
        side = Qt.AlignmentFlag.AlignLeft if self._keys else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, state.title)
        if self.hasFocus():
            painter.setPen(QPen(theme.SEL, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(around.adjusted(1, 1, -1, -1), tokens.CORNER, tokens.CORNER)
        painter.end()

    def _colors(self) -> tuple[QColor, QColor, QColor]:
        """Return the colours of ground, edge and ink."""
        state = self._state
        if state.armed:
            return theme.BG3, theme.WARN, theme.HI
        if state.refusal:
            return theme.BG1, theme.LINE, theme.DIM
        ground = theme.BG3 if self._quiet or self.isDown() or self.underMouse() else theme.BG1
        edge = theme.HI if state.is_on else theme.BG3 if self._quiet else theme.EDGE
        return ground, edge, theme.HI

    def _press(self, board: ActionBoard, id: str, *_: bool) -> None:
        board.click(id)

    def _show(self, state: ActionState) -> None:
        self._state = state
        self.setText(state.title)
        words = " ".join(key_words(self._action.key, self._action.confirm))
        self.setAccessibleName(f"{state.title} {words}".strip())
        tip = tr(self._action.summary)
        self.setToolTip(f"{tip}\n{state.refusal}" if state.refusal else tip)
        self.update()

    def _show_binding(self, bindings: Mapping[str, str]) -> None:
        """Show the controller's message in the place of the keys while messages are learned."""
        binding = bindings.get(self._action.id)
        words = "" if binding is None else binding or "+"
        if words != self._binding:
            self._binding = words
            self.update()
