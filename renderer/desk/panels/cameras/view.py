"""Show a tile for every camera: its picture, the performers in it, and its state."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.cameras.model import CameraTile
from renderer.desk.widgets import theme
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.picture_view import PictureView

_SHAPE: Final = 9 / 16
_GAP: Final = 8
_NOTHING: Final = "No camera picture"


class CamerasView(QWidget):
    """The tiles in a grid that is as square as possible. A click on one enlarges it."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._model = model
        self.tiles: list[TileView] = []
        self._chosen: TileView | None = None
        self._is_stale = False
        self._width = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._nothing = PictureView("CAMERA", _NOTHING)
        self._grid.addWidget(self._nothing, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        model.cameras.watch(self._show)

    @property
    def columns(self) -> int:
        """Return the number of tiles in a row."""
        return 1 if self._chosen else max(1, math.ceil(math.sqrt(len(self.tiles))))

    def set_width(self, width: int) -> None:
        """Set the height that pictures of the usual aspect ratio need at this width, in pixels."""
        self._width = width
        columns = self.columns
        height = round((width - (columns - 1) * _GAP) / columns * _SHAPE)
        for picture in (self._nothing, *(tile.picture for tile in self.tiles)):
            picture.setFixedHeight(height)

    def set_pixels(self, number: int, pixels: npt.NDArray[np.uint8] | None) -> None:
        """Show a camera's picture, see PictureView; does nothing if it has no tile yet."""
        if number < len(self.tiles):
            self.tiles[number].picture.set_pixels(pixels)

    def set_stale(self, is_stale: bool) -> None:
        """Darken pictures that are not current."""
        self._is_stale = is_stale
        for picture in (self._nothing, *(tile.picture for tile in self.tiles)):
            picture.set_stale(is_stale)

    def clear(self) -> None:
        """Release every picture."""
        for tile in self.tiles:
            tile.picture.set_pixels(None)

    def _show(self, tiles: tuple[CameraTile, ...]) -> None:
        if len(tiles) != len(self.tiles):
            self._make(len(tiles))
        for view, tile in zip(self.tiles, tiles, strict=True):
            view.show_tile(tile)

    def _make(self, count: int) -> None:
        for view in self.tiles:
            view.picture.set_pixels(None)
            view.deleteLater()
        self.tiles = [TileView() for _ in range(count)]
        self._chosen = None
        for view in self.tiles:
            view.picture.set_stale(self._is_stale)
            view.clicked.connect(self._choose)
        for number, view in enumerate(self.tiles):
            view.reopen.triggered.connect(partial(self._reopen, number))
            view.change.triggered.connect(partial(self._change, number))
        self._arrange()

    def _choose(self, view: TileView) -> None:
        if len(self.tiles) > 1:
            self._chosen = None if self._chosen is view else view
            self._arrange()

    def _reopen(self, number: int, *_: bool) -> None:
        self._model.reopen_camera(number)

    def _change(self, number: int, *_: bool) -> None:
        address, is_given = QInputDialog.getText(
            self,
            "Another camera in its place",
            "Its performers stay. A camera (camera:1), a stream (rtsp://…) or a video:",
        )
        if is_given:
            self._model.change_camera(number, address)

    def _arrange(self) -> None:
        while self._grid.takeAt(0) is not None:
            pass
        shown = [self._chosen] if self._chosen else self.tiles
        columns = self.columns
        for number, view in enumerate(shown or [self._nothing]):
            self._grid.addWidget(view, number // columns, number % columns)
        self._nothing.setVisible(not shown)
        for view in self.tiles:
            view.setVisible(view in shown)
            view.set_wide(columns == 1)
        self.set_width(self._width)


class TileView(QWidget):
    """One camera."""

    clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.picture = PictureView("", _NOTHING, at_foot=True)
        self.state, self.serves = ElidedLabel("tile"), ElidedLabel("small")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.more = QToolButton()
        self.more.setText("⋯")
        self.more.setFixedHeight(16)
        self.more.setToolTip("Open the camera again, or another in its place")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        self.reopen = menu.addAction("Open again")
        self.change = menu.addAction("Another camera in its place…")
        self.more.setMenu(menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(self.picture)
        self._lines = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._lines.setSpacing(1)
        self._lines.addWidget(self.state, 1)
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self.serves, 1)
        second.addWidget(self.more)
        self._lines.addLayout(second, 1)
        layout.addLayout(self._lines)

    def set_wide(self, is_wide: bool) -> None:
        """Lay the text out in one line, or in two if the tile is narrow."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._lines.setDirection(across if is_wide else down)
        side = Qt.AlignmentFlag.AlignRight if is_wide else Qt.AlignmentFlag.AlignLeft
        self.serves.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def show_tile(self, tile: CameraTile) -> None:
        """Show the camera's state."""
        self.picture.set_caption(tile.caption)
        self.picture.set_landmarks(tile.landmarks)
        self.state.setText(" · ".join(filter(None, (f"● {tile.state}", tile.figures))))
        theme.set_level(self.state, tile.level)
        self.serves.setText(tile.serves)
        self.more.setEnabled(tile.changeable)
        self.setToolTip(tile.detail)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Emit a click."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit(self)
