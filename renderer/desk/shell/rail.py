"""Show the perspectives at the left, with a triangle where one holds an alarm."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout

from renderer.desk.actions.action import ActionState
from renderer.desk.actions.desk_actions import PERSPECTIVES
from renderer.desk.document_roles import role_word
from renderer.desk.model import DeskModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import draw_keys
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.icons import draw_icon
from renderer.desk.widgets.shapes import Shape, draw_shape
from renderer.desk.words import tr

WIDTH: Final = 80
_HEIGHT: Final = 62
_ICON: Final = 18


class Rail(QFrame):
    """Which desk am I at; where is trouble."""

    def __init__(self, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 4, 8)
        layout.setSpacing(4)
        self.buttons = {id: RailButton(desk, id, title, key) for id, title, key in PERSPECTIVES}
        for button in self.buttons.values():
            layout.addWidget(button)
        layout.addStretch(1)
        self._who = ElidedLabel("value", desk.operator)
        self._role = ElidedLabel("label")
        for line in (self._who, self._role):
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(line)
        self._desk = desk
        desk.alarms.watch(self._show_alarms)
        desk.role.watch(lambda role: self._role.set_words(role_word(role)))

    def _show_alarms(self, _rows: object) -> None:
        troubled = {row.perspective for row in self._desk.alarms.value if row.is_open}
        for id, button in self.buttons.items():
            button.set_trouble(id in troubled)
        self._who.set_words(self._desk.operator)


class RailButton(QAbstractButton):
    """One perspective."""

    def __init__(self, desk: DeskModel, id: str, title: str, key: str) -> None:
        super().__init__()
        self._id, self._key = id, key
        self._has_trouble, self._is_on = False, False
        self.setText(tr(title))
        self.setAccessibleName(f"{tr(title)} {key}")
        self.setToolTip(tr("Bring this perspective to the front"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(partial(self._press, desk, f"desk.{id}"))
        desk.board.states[f"desk.{id}"].watch(self._show)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a button of the rail."""
        return QSize(WIDTH - 8, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size in which the name is whole."""
        wide = QFontMetrics(theme.font(tokens.SMALL, 600)).horizontalAdvance(self.text())
        return QSize(wide + 4, _HEIGHT)

    def set_trouble(self, has_trouble: bool) -> None:
        """Show a triangle if the perspective holds an alarm."""
        if has_trouble != self._has_trouble:
            self._has_trouble = has_trouble
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw icon, name, key and trouble."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = QRectF(self.rect())
        if self._is_on:
            painter.setPen(QPen(theme.EDGE, 1))
            painter.setBrush(theme.BG3)
            painter.drawRoundedRect(around.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.fillRect(QRectF(0, 6, 3, around.height() - 12), theme.HI)
        painter.setFont(theme.font(tokens.SMALL, 600 if self._is_on else 400))
        ink = theme.HI if self._is_on else theme.DIM
        icon = QRectF(around.center().x() - _ICON / 2, 4, _ICON, _ICON)
        draw_icon(painter, self._id, icon, ink)
        painter.setPen(ink)
        text = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - 4
        )
        painter.drawText(QRectF(0, 21, around.width(), 18), Qt.AlignmentFlag.AlignCenter, text)
        draw_keys(painter, (self._key,), around.center().x() + 14, 49)
        if self._has_trouble:
            draw_shape(painter, Shape.TRIANGLE, QRectF(around.right() - 20, 6, 14, 14), theme.WARN)
        if self.hasFocus():
            painter.setPen(QPen(theme.SEL, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(around.adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _press(self, desk: DeskModel, id: str, *_: bool) -> None:
        desk.press(id)

    def _show(self, state: ActionState) -> None:
        if state.is_on != self._is_on:
            self._is_on = state.is_on
            self.update()
