"""Define the desk's window: its layout, and the timer that refreshes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from renderer.desk.connection import PictureFeed
from renderer.desk.model import DeskModel
from renderer.desk.panels.cameras.view import CamerasView
from renderer.desk.panels.cast.view import CastView
from renderer.desk.panels.controls.view import ControlsView
from renderer.desk.panels.direction.view import DirectionView
from renderer.desk.panels.header.model import Lamp
from renderer.desk.panels.header.view import Header
from renderer.desk.panels.notes.view import FootLine
from renderer.desk.panels.outputs.view import OutputsView
from renderer.desk.panels.performers.view import PerformersView
from renderer.desk.panels.stage_times.view import StageTimesView
from renderer.desk.widgets import theme
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.picture_view import PictureView

REFRESH_MS: Final = 33
_DIRECTION_TAB: Final = 1
_SIDE_SHARE: Final = 0.303
_SIDE_LEAST: Final = 388
_SIDE_MOST: Final = 620
"""The side column's fraction of the window's width, and its minimum and maximum width in pixels."""


class DeskWindow(QMainWindow):
    """The window of one show. It only displays and sends commands; the show runs without it."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._model = model
        self.setWindowTitle("Encore desk")
        self.resize(1280, 800)
        self.setMinimumSize(1160, 700)
        self.setStyleSheet(theme.style_sheet())
        self.program = PictureView("PROGRAM", "No program picture")
        self.cameras = CamerasView(model)
        self.controls = ControlsView(model)
        self._lay_out(model)
        model.lamp.watch(self._show_lamp)
        model.banner.watch(self.program.set_banner)
        model.in_contact.watch(self._show_contact)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    def start(self) -> None:
        """Start following the show."""
        self._timer.start()

    def refresh(self) -> None:
        """Show what has changed since the last call."""
        self._model.poll()
        connection = self._model.connection
        self._show_newest(connection.program, self.program.set_pixels)
        for number, feed in enumerate(connection.cameras):
            self._show_newest(feed, partial(self.cameras.set_pixels, number))

    def _show_newest(
        self, feed: PictureFeed, show: Callable[[npt.NDArray[np.uint8] | None], None]
    ) -> None:
        if (pixels := feed.newest()) is not None:
            show(pixels)
        elif self._model.in_contact.value and not feed.is_there:
            show(None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Resize the side column with the window."""
        width = min(max(round(self.width() * _SIDE_SHARE), _SIDE_LEAST), _SIDE_MOST)
        self._side.setFixedWidth(width)
        self.cameras.set_width(width)
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close the connection; the show is not affected."""
        self._timer.stop()
        self.program.set_pixels(None)
        self.cameras.clear()
        self._model.connection.close()
        super().closeEvent(event)

    def _lay_out(self, model: DeskModel) -> None:
        outputs = theme.panel("Outputs", OutputsView(model))
        stages = theme.panel("Time of a frame", StageTimesView(model))
        stages.setFixedWidth(252)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(outputs, 1)
        below.addWidget(stages)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.program, 1)
        left.addLayout(below)
        outputs.setFixedHeight(204)
        stages.setFixedHeight(204)
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(10)
        right.addWidget(self.cameras)
        self.performers = PerformersView(model)
        self.performers.directed.connect(self._direct)
        self.direction = DirectionView(model)
        self.tabs = theme.tabs(
            ("Performers", self.performers),
            ("Direction", self.direction),
            ("Cast", CastView(model)),
        )
        right.addWidget(self.tabs, 1)
        right.addWidget(theme.panel("Show", self.controls))
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addLayout(left, 1)
        middle.addWidget(self._side)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(12, 12, 12, 8)
        whole.setSpacing(10)
        whole.addWidget(Header(model))
        whole.addLayout(middle, 1)
        whole.addWidget(FootLine(model))
        self.setCentralWidget(body)

    def _show_lamp(self, lamp: Lamp) -> None:
        self.program.set_live(lamp.level is Level.LIVE)

    def _show_contact(self, in_contact: bool) -> None:
        self.program.set_stale(not in_contact)
        self.cameras.set_stale(not in_contact)

    def _direct(self, performer: int) -> None:
        self._model.direction.direct(performer)
        self.tabs.setCurrentIndex(_DIRECTION_TAB)
