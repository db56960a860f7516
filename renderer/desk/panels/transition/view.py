"""Show the transition bar: how do we get from preview to program."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.transition.model import STEPS, TransitionModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView
from renderer.desk.widgets.shapes import Shape
from renderer.desk.words import tr

HOLD_S: Final = 0.5
"""Seconds for which the bar stays where a hand has put it, until the show has answered."""


class TransitionView(QWidget):
    """Cut, dissolve with its time, T-bar, auto-director."""

    def __init__(self, model: TransitionModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model = model
        self._is_following, self._moved_at = False, 0.0
        self._time = theme.label("value")
        self._time.setMinimumWidth(48)
        self.bar = QSlider(Qt.Orientation.Horizontal)
        self.bar.setRange(0, STEPS)
        self.bar.setSingleStep(STEPS // 20)
        self.bar.setPageStep(STEPS // 4)
        self.bar.setMinimumWidth(80)
        self.bar.setMinimumHeight(32)
        self.bar.setAccessibleName(tr("T-bar"))
        self.bar.setToolTip(
            tr("The picture follows your hand; at the other end preview and program change places")
        )
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.valueChanged.connect(self._move)
        self._auto = ChipView()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 7, 8, 7)
        row.setSpacing(8)
        row.addWidget(ActionButton(desk.board, "cameras.cut"))
        row.addWidget(ActionButton(desk.board, "cameras.dissolve"))
        row.addWidget(self._time)
        row.addWidget(ActionButton(desk.board, "cameras.tbar"))
        row.addWidget(self.bar, 1)
        row.addWidget(ActionButton(desk.board, "cameras.auto"))
        row.addWidget(self._auto)
        self.setMinimumHeight(46)
        desk.dissolve_s.watch(lambda seconds: self._time.setText(f"{seconds:.2f} s"))
        model.is_auto.watch(self._show_auto)
        desk.tbar_requested.watch(lambda count: self.bar.setFocus() if count else None)

    def refresh(self) -> None:
        """Send where a hand has moved the bar since the last tick; else show where it is."""
        self._model.send()
        if not self.bar.isSliderDown() and time.monotonic() > self._moved_at + HOLD_S:
            self._is_following = True
            self.bar.setValue(self._model.position.value)
            self._is_following = False

    def _show_auto(self, is_auto: bool) -> None:
        self._auto.set_chip(
            Chip(tr("on"), Shape.PLAY, theme.HI)
            if is_auto
            else Chip(tr("off"), Shape.RING, theme.DIM)
        )

    def _move(self, position: int) -> None:
        if not self._is_following:
            self._moved_at = time.monotonic()
            self._model.move(position)
