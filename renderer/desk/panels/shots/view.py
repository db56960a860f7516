"""Show every camera's shot in one widget: which shots are there."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.shots.model import ShotsModel, Tile
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import draw_keys
from renderer.desk.widgets.badge import Badge, FrameBadge
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.screen_image import ScreenImage
from renderer.desk.widgets.shapes import Shape
from renderer.desk.widgets.surface import Canvas
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
        self._placed_for = (0, 0, -1)
        self._places: list[QRect] = []
        self._pictures: dict[int, ScreenImage] = {}
        self._names: dict[int, Badge] = {}
        self._chips: dict[int, Badge] = {}
        self._frames: dict[int, FrameBadge] = {}
        self._canvas = Canvas(self, self._paint)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(5 * 110, 2 * 62)
        self.setToolTip(tr("Click: to preview. Double click: on air."))
        model.tiles.watch(self._show)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size in a small window."""
        return QSize(856, 196)

    def places(self) -> list[QRect]:
        """Return where each tile is drawn: as large as the room allows, 16:9."""
        key = self.width(), self.height(), len(self._tiles)
        if key != self._placed_for:
            self._placed_for, self._places = key, self._place()
        return self._places

    def _place(self) -> list[QRect]:
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
                picture = self._pictures.setdefault(tile.number, ScreenImage())
                picture.set_pixels(pixels, (width, height), scale, 1.0)
                self._canvas.update(place)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the tiles that have changed."""
        self._canvas.paint_host(event.region())

    def _paint(self, painter: QPainter, region: QRegion) -> None:
        if not self._covers(region):
            painter.fillRect(region.boundingRect(), theme.BG0)
        for tile, place in zip(self._tiles, self.places(), strict=True):
            # The region: its bounding box holds tiles that have not changed.
            if region.intersects(place):
                self._draw(painter, tile, place)
        if not self._tiles:
            painter.setFont(theme.font())
            painter.setPen(theme.DIM)
            painter.drawText(
                self.rect().adjusted(16, 16, -16, -16),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                tr("No cameras. Give the show a document with [[cameras]]: docs/directing.md."),
            )

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

    def _covers(self, region: QRegion) -> bool:
        """Return whether tiles with a picture cover a region."""
        for tile, place in zip(self._tiles, self.places(), strict=True):
            if tile.number in self._pictures:
                region = region.subtracted(QRegion(place))
        return region.isEmpty()

    def _draw(self, painter: QPainter, tile: Tile, place: QRect) -> None:
        if (there := self._pictures.get(tile.number)) is not None:
            there.draw(painter, place)
        else:
            painter.fillRect(place, theme.BG2)
        chip = Chip()
        if tile.is_live:
            chip = Chip(tr("AIR"), Shape.DOT, theme.AIR, Ground.FILLED)
        elif tile.is_preview:
            chip = Chip(tr("NEXT"), Shape.ARROW, theme.NEXT, Ground.FILLED)
        elif tile.is_program:
            chip = Chip(tr("PGM"), Shape.PLAY, theme.HI, Ground.OUTLINE)
        # Two lines of a long name at most.
        foot = QRect(place.x(), place.bottom() - 47, place.width(), 48)
        names = self._names.setdefault(tile.number, Badge())
        names.draw(painter, foot, tile, lambda inner, box: self._draw_name(inner, tile, box))
        if chip.word:
            wide = min(chip.width(), place.width() - 8)
            box = QRect(place.right() - wide - 4, place.y() + 4, wide, 24)
            self._chips.setdefault(tile.number, Badge()).draw(painter, box, chip, chip.draw)
        if tile.is_live or tile.is_preview:
            color = theme.AIRLINE if tile.is_live else theme.NEXT
            frame = self._frames.setdefault(tile.number, FrameBadge())
            frame.draw(painter, place, color, 3, is_dashed=tile.is_preview and not tile.is_live)

    @staticmethod
    def _draw_name(painter: QPainter, tile: Tile, foot: QRectF) -> None:
        """Draw key and name at the foot; a long name takes two lines, so that it is whole."""
        place = foot.toRect()
        ink, ground = theme.HI, theme.SHADE
        if tile.is_live:
            ground = theme.AIR
        elif tile.is_preview:
            ink, ground = theme.BG0, theme.NEXT
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
        self._canvas.update()
