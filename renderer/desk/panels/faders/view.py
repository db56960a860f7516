"""Show the grand master as a fader."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.faders.model import FadersModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.words import tr


class FadersView(QWidget):
    """The grand master with its buttons."""

    def __init__(self, model: FadersModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model = model
        self._value = theme.label("heading", "–")
        self._value.setMinimumWidth(72)
        self.fader = QSlider(Qt.Orientation.Horizontal)
        self.fader.setRange(0, 100)
        self.fader.setMinimumHeight(36)
        self.fader.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fader.setAccessibleName(tr("Grand master"))
        self.fader.setSingleStep(1)
        self.fader.setPageStep(5)
        self.fader.actionTriggered.connect(lambda _: model.set_master(self.fader.sliderPosition()))
        line = QHBoxLayout()
        line.addWidget(ActionButton(desk.board, "lights.master"))
        line.addWidget(self.fader, 1)
        line.addWidget(self._value)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for id in ("lights.darker", "lights.brighter", "lights.full", "lights.blackout"):
            buttons.addWidget(ActionButton(desk.board, id))
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 10)
        layout.addLayout(line)
        layout.addLayout(buttons)
        layout.addStretch(1)
        model.master.watch(self._show)
        desk.master_requested.watch(lambda count: self.fader.setFocus() if count else None)

    def _show(self, hundredths: int) -> None:
        self.fader.setEnabled(hundredths >= 0)
        self._value.setText(f"{hundredths} %" if hundredths >= 0 else "–")
        if not self.fader.isSliderDown():
            self.fader.setValue(max(hundredths, 0))
