"""Show a camera that is tried, with landmarks, before it replaces the one in use."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.camera_trial.model import CameraTrialModel, TrialState
from renderer.desk.widgets import tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView, chip_of
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.monitor import Monitor
from renderer.desk.words import tr

_ACTS: Final = ("swap", "end_trial", "restore")


class CameraTrialView(QWidget):
    """Its picture at the left; address, state and what to do at the right."""

    def __init__(self, model: CameraTrialModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model, self._connection = model, desk.connection
        self.title_widgets = tuple(ActionButton(desk.board, f"capture.{id}") for id in _ACTS)
        self.monitor = Monitor(tr("Type the address of a camera, and look at it first."))
        self.monitor.setMinimumSize(150, 84)
        self.monitor.set_brightness(tokens.PICTURE_SHARE)
        self.address = QLineEdit()
        self.address.setPlaceholderText(tr("camera:1, rtsp://…"))
        # It may end in a password, which bystanders must not read.
        self.address.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.address.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.address.setAccessibleName(tr("Address of another camera"))
        self.address.returnPressed.connect(self._try)
        self._chip, self._note, self._caption = (
            ChipView(),
            ElidedLabel("label"),
            ElidedLabel("small"),
        )
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(self.address)
        side.addWidget(self._note)
        side.addWidget(self._caption)
        side.addWidget(self._chip)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 8)
        row.setSpacing(10)
        row.addWidget(self.monitor, 3)
        row.addLayout(side, 2)
        model.state.watch(self._show)
        model.landmarks.watch(self.monitor.set_landmarks)

    def refresh(self) -> None:
        """Show the camera's newest picture."""
        feed = self._connection.trial
        self.monitor.is_awaited = feed.is_there
        if (pixels := feed.newest()) is not None:
            self.monitor.set_pixels(pixels)
        elif not feed.is_there and self.monitor.has_picture:
            self.monitor.set_pixels(None)

    def _try(self) -> None:
        self._model.submit(self.address.text())
        self.address.clear()

    def _show(self, state: TrialState) -> None:
        self._note.set_words(state.note)
        self._caption.set_words(state.caption)
        self._chip.set_chip(chip_of(state.level, state.word) if state.word else Chip())
