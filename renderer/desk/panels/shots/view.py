"""Show every camera's shot in one widget: which shots are there."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.shots.model import ShotsModel, Tile
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import draw_keys
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.shapes import Shape
from renderer.desk.words import tr
from renderer.protocol.pictures import SHOT

_STRIP: Final = 26
_COLUMNS: Final = 5


class ShotsView(QWidget):
    """The multiview: a click puts a camera on preview, a double click on air."""

    is_bare = True

    def __init__(self, model: ShotsModel, desk: DeskModel) -> None:
        super().__init__()
        self._model, self._connection = model, desk.connection
        self._tiles: tuple[Tile, ...] = ()
        self._pictures: dict[int, tuple[npt.NDArray[np.uint8], QImage]] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(5 * 110, 2 * 62)
        self.setToolTip(tr("Click: to preview. Double click: on air."))
        model.tiles.watch(self._show)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size in a small window."""
        return QSize(856, 196)

    def places(self) -> list[QRect]:
        """Return where each tile is drawn: as large as the room allows, 16:9."""
        count = max(len(self._tiles), 1)
        best: tuple[int, int] = (0, 1)
        for columns in range(1, min(count, 10) + 1):
            rows = math.ceil(count / columns)
            wide = (self.width() - tokens.GAP * (columns - 1)) // columns
            high = (self.height() - tokens.GAP * (rows - 1)) // rows
            best = max(best, (min(wide, high * 16 // 9), columns))
        wide, columns = best[0] - best[0] % 2, best[1]
        high = wide * 9 // 16 // 2 * 2
        return [
            QRect(
                place % columns * (wide + tokens.GAP),
                place // columns * (high + tokens.GAP),
                wide,
                high,
            )
            for place in range(len(self._tiles))
        ]

    def refresh(self) -> None:
        """Show the shots that are new."""
        scale = self.devicePixelRatioF()
        for tile, place in zip(self._tiles, self.places(), strict=True):
            width, height = round(place.width() * scale), round(place.height() * scale)
            width, height = width - width % 2, height - height % 2
            if width < 16 or height < 16:
                continue
            feed = self._connection.picture(f"{SHOT}{tile.number}", width, height)
            if (pixels := feed.newest()) is not None:
                image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
                image.setDevicePixelRatio(scale)
                self._pictures[tile.number] = pixels, image
                self.update(place)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the tiles that have changed."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.BG0)
        for tile, place in zip(self._tiles, self.places(), strict=True):
            if event.rect().intersects(place):
                self._draw(painter, tile, place)
        if not self._tiles:
            painter.setFont(theme.font())
            painter.setPen(theme.DIM)
            painter.drawText(
                self.rect().adjusted(16, 16, -16, -16),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                tr("No cameras. Give the show a document with [[cameras]]: docs/directing.md."),
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Put the camera under the mouse on preview."""
        self._at(event, self._model.preview)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Put the camera under the mouse on air."""
        self._at(event, self._model.cut)

    def _at(self, event: QMouseEvent, do: object) -> None:
        for number, place in enumerate(self.places()):
            if place.contains(event.position().toPoint()) and callable(do):
                do(number)

    def _draw(self, painter: QPainter, tile: Tile, place: QRect) -> None:
        if (there := self._pictures.get(tile.number)) is not None:
            painter.drawImage(place.topLeft(), there[1])
        else:
            painter.fillRect(place, theme.BG2)
        ink, ground, chip = theme.HI, theme.SHADE, Chip()
        if tile.is_live:
            ground, chip = theme.AIR, Chip(tr("AIR"), Shape.DOT, theme.AIR, Ground.FILLED)
        elif tile.is_preview:
            ink, ground = theme.BG0, theme.NEXT
            chip = Chip(tr("NEXT"), Shape.ARROW, theme.NEXT, Ground.FILLED)
        elif tile.is_program:
            chip = Chip(tr("PGM"), Shape.PLAY, theme.HI, Ground.OUTLINE)
        self._draw_name(painter, tile, place, ink, ground)
        if chip.word:
            wide = chip.width()
            box = QRectF(place.right() - wide - 4, place.y() + 4, wide, 24)
            chip.draw(painter, box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if tile.is_live:
            painter.setPen(QPen(theme.AIRLINE, 3, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(place.adjusted(1, 1, -2, -2))
        elif tile.is_preview:
            painter.setPen(QPen(theme.NEXT, 3, Qt.PenStyle.DashLine))
            painter.drawRect(place.adjusted(1, 1, -2, -2))

    def _draw_name(
        self, painter: QPainter, tile: Tile, place: QRect, ink: QColor, ground: QColor
    ) -> None:
        """Draw key and name at the foot; a long name takes two lines, so that it is whole."""
        painter.setFont(theme.font(tokens.SMALL, 600))
        metrics = painter.fontMetrics()
        room = place.width() - 40
        is_long = metrics.horizontalAdvance(tile.name) > room
        high = _STRIP + metrics.height() if is_long else _STRIP
        strip = QRect(place.x(), place.bottom() + 1 - high, place.width(), high)
        painter.fillRect(strip, ground)
        draw_keys(painter, (tile.key,), strip.x() + 28, strip.center().y() + 1)
        painter.setFont(theme.font(tokens.SMALL, 600))
        painter.setPen(ink)
        box = QRectF(strip.x() + 34, strip.y(), room, strip.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWrapAnywhere
        if " " in tile.name:
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, flags, tile.name)

    def _show(self, tiles: tuple[Tile, ...]) -> None:
        self._tiles = tiles
        numbers = {tile.number for tile in tiles}
        for number in self._pictures.keys() - numbers:
            del self._pictures[number]
        self.update()
