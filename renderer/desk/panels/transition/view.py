"""Show the transition bar: how do we get from preview to program."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.transition.model import TransitionModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView
from renderer.desk.widgets.shapes import Shape
from renderer.desk.words import tr


class TransitionView(QWidget):
    """Cut, dissolve with its time, T-bar, auto-director."""

    def __init__(self, model: TransitionModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model = model
        self._thrown_at = 0.0
        self._time = theme.label("value")
        self._time.setMinimumWidth(48)
        self.bar = QSlider(Qt.Orientation.Horizontal)
        self.bar.setRange(0, 100)
        self.bar.setMinimumWidth(80)
        self.bar.setMinimumHeight(32)
        self.bar.setAccessibleName(tr("T-bar"))
        self.bar.setToolTip(tr("Throw it over: the picture dissolves in the time that it took"))
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.sliderPressed.connect(self._press)
        self.bar.sliderReleased.connect(self._release)
        self._auto = ChipView()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 7, 8, 7)
        row.setSpacing(8)
        row.addWidget(ActionButton(desk.board, "cameras.cut"))
        row.addWidget(ActionButton(desk.board, "cameras.dissolve"))
        row.addWidget(self._time)
        row.addWidget(theme.label("label", tr("T-bar")))
        row.addWidget(self.bar, 1)
        row.addWidget(ActionButton(desk.board, "cameras.auto"))
        row.addWidget(self._auto)
        self.setMinimumHeight(46)
        desk.dissolve_s.watch(lambda seconds: self._time.setText(f"{seconds:.2f} s"))
        model.is_auto.watch(self._show_auto)

    def _show_auto(self, is_auto: bool) -> None:
        self._auto.set_chip(
            Chip(tr("on"), Shape.PLAY, theme.HI)
            if is_auto
            else Chip(tr("off"), Shape.RING, theme.DIM)
        )

    def _press(self) -> None:
        self._thrown_at = time.monotonic()

    def _release(self) -> None:
        is_over = self.bar.value() >= 95
        seconds = time.monotonic() - self._thrown_at
        self.bar.setValue(0)
        if is_over:
            self._model.throw(seconds)
