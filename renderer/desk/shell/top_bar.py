"""Show the top bar: on air, clock, times, health, alarms; the same in every perspective."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.header.model import HeaderModel, HeaderState
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView, Ground
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.figure import Figure
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.shapes import Shape
from renderer.desk.words import tr

_LAMPS: Final = {
    Level.LIVE: (Shape.DOT, theme.AIR, Ground.FILLED),
    Level.GOOD: (Shape.ARROW, theme.NEXT, Ground.DASHED),
    Level.WARN: (Shape.TRIANGLE, theme.WARN, Ground.OUTLINE),
    Level.BAD: (Shape.OCTAGON, theme.WARN, Ground.FILLED),
    Level.IDLE: (Shape.RING, theme.DIM, Ground.OUTLINE),
}


class TopBar(QFrame):
    """Where are we in the evening, and is the machine well."""

    def __init__(self, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.model = HeaderModel(desk)
        self.lamp = ChipView(tokens.LARGE)
        self._clock = Figure(tokens.CLOCK)
        self._title = ElidedLabel("value")
        self._mode = ElidedLabel("label")
        self._columns: dict[str, tuple[QWidget, Figure]] = {}
        self._alarms = ChipView()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(14)
        row.addWidget(self.lamp)
        row.addWidget(self._clock)
        for name in (tr("Length"), tr("Left"), tr("Ends")):
            row.addWidget(self._column(name))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        names.addWidget(self._title)
        names.addWidget(self._mode)
        names.addStretch(1)
        row.addLayout(names, 1)
        for name in (tr("Now"), tr("Frame rate"), tr("Latency"), tr("Dropped")):
            row.addWidget(self._column(name))
        row.addWidget(self._alarms)
        row.addWidget(ActionButton(desk.board, "alarms.show"))
        row.addWidget(ActionButton(desk.board, "desk.find", quiet=True))
        self.model.state.watch(self._show)
        desk.title.watch(lambda text: self._title.set_words(text))
        self._desk = desk
        desk.is_locked.watch(lambda _: self._show_mode())
        desk.board.is_learning.watch(lambda _: self._show_mode())
        desk.alarms.watch(self._show_alarms)
        self._show_now()

    def refresh(self) -> None:
        """Show the time of day."""
        self._show_now()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what a small window has no room for."""
        super().resizeEvent(event)
        is_large = self.width() >= tokens.LARGE_FROM
        self._columns[tr("Now")][0].setVisible(is_large)
        self._columns[tr("Length")][0].setVisible(is_large)
        self._clock.set_size(tokens.CLOCK if is_large else tokens.CLOCK_SMALL)

    def _column(self, name: str) -> QWidget:
        column = QWidget()
        column.setObjectName("inner")
        column.setToolTip(name)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(1)
        layout.addWidget(theme.label("label", name))
        value = Figure()
        layout.addWidget(value)
        layout.addStretch(1)
        self._columns[name] = (column, value)
        return column

    def _show(self, state: HeaderState) -> None:
        shape, color, ground = _LAMPS[state.lamp.level]
        self.lamp.set_chip(Chip(tr(state.lamp.text), shape, color, ground))
        self._clock.set_words(state.now)
        for name, text, level in state.columns:
            self._columns[tr(name)][1].set_words(text, level)

    def _show_now(self) -> None:
        self._columns[tr("Now")][1].set_words(time.strftime("%H:%M:%S"))

    def _show_mode(self) -> None:
        if self._desk.board.is_learning.value:
            words = tr("Learning: press a control here, then move one of the controller")
        elif self._desk.is_locked.value:
            words = tr("Show mode, layout locked")
        else:
            words = tr("Edit mode: panels can be moved")
        self._mode.set_words(words)

    def _show_alarms(self, _rows: object) -> None:
        open_ = self.model.count_open()
        word = tr("{count} open", count=open_) if open_ else tr("none open")
        self._alarms.set_chip(
            Chip(word, Shape.TRIANGLE, theme.WARN, Ground.OUTLINE)
            if open_
            else Chip(word, Shape.TICK, theme.DIM)
        )
