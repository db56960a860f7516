"""Show the levels of a universe as a grid, and who sends them."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.dmx.model import CHANNELS, DmxModel, UniverseRow
from renderer.desk.widgets import theme
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

COLUMNS: Final = 32
_ROW: Final = 28


class DmxView(QWidget):
    """The grid over the universes."""

    def __init__(self, model: DmxModel, _desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self.grid = LevelsView()
        self.list = RowsView[UniverseRow](
            draw_row,
            lambda row: f"{row.number} {row.source}",
            tr("No DMX arrives. Let the document listen: [[control.dmx]], docs/control.md."),
            model.choose,
            row=_ROW,
            fewest=2,
        )
        self._model = model
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.grid, 2)
        layout.addWidget(self.list, 1)
        model.levels.watch(self._show_levels)
        model.rows.watch(self._show_rows)
        model.chosen.watch(lambda _: self._show_rows(model.rows.value))

    def _show_levels(self, levels: bytes) -> None:
        self.grid.setVisible(bool(levels))
        self.grid.show_levels(levels)

    def _show_rows(self, rows: tuple[UniverseRow, ...]) -> None:
        self.list.set_rows(rows)
        numbers = [row.number for row in rows]
        chosen = self._model.chosen.value
        self.list.set_chosen(numbers.index(chosen) if chosen in numbers else -1)


class LevelsView(QWidget):
    """512 cells, the brighter the higher; a tool tip tells channel and level."""

    def __init__(self) -> None:
        super().__init__()
        self._levels = b""
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 48)
        self.setAccessibleName(tr("DMX levels"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size in which cells are some pixels high."""
        return QSize(400, 160)

    def show_levels(self, levels: bytes) -> None:
        """Show the levels of a universe, a byte each."""
        full = np.zeros(CHANNELS, np.uint8)
        full[: len(levels)] = np.frombuffer(levels, np.uint8)
        if levels != self._levels:
            self._levels = levels
            rows = CHANNELS // COLUMNS
            gray = QImage(full.data, COLUMNS, rows, COLUMNS, QImage.Format.Format_Grayscale8)
            self._image = gray.copy()  # The array goes; the image stays.
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the cells with lines between them."""
        painter = QPainter(self)
        box = self._box()
        painter.drawImage(box, self._image)
        painter.setPen(QPen(QColor(theme.LINE), 1))
        rows = CHANNELS // COLUMNS
        for column in range(COLUMNS + 1):
            x = round(box.x() + column * box.width() / COLUMNS)
            painter.drawLine(x, round(box.y()), x, round(box.bottom()))
        for row in range(rows + 1):
            y = round(box.y() + row * box.height() / rows)
            painter.drawLine(round(box.x()), y, round(box.right()), y)
        painter.end()

    def channel_at(self, x: float, y: float) -> int:
        """Return the channel at a point, from 1; 0 outside."""
        box = self._box()
        if not box.contains(x, y):
            return 0
        column = min(int((x - box.x()) / box.width() * COLUMNS), COLUMNS - 1)
        row = int((y - box.y()) / box.height() * (CHANNELS // COLUMNS))
        return min(row * COLUMNS + column + 1, CHANNELS)

    def event(self, event: QEvent) -> bool:
        """Tell channel and level as a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            channel = self.channel_at(event.pos().x(), event.pos().y())
            level = self._levels[channel - 1] if 0 < channel <= len(self._levels) else 0
            words = tr("Channel {channel}: {level}", channel=channel, level=level)
            self.setToolTip(words if channel else "")
        return super().event(event)

    def _box(self) -> QRectF:
        return QRectF(12, 2, self.width() - 24, self.height() - 4)


def draw_row(painter: QPainter, box: QRectF, row: UniverseRow, _is_chosen: bool) -> None:
    """Draw a universe: number, source, state."""
    name = tr("Universe {number}", number=row.number)
    draw_text(painter, QRectF(12, box.y(), 110, box.height()), name, theme.HI)
    chip = chip_of(row.level, row.word)
    wide = chip.width()
    room = QRectF(128, box.y(), box.width() - 148 - wide, box.height())
    draw_text(painter, room, row.source, theme.DIM)
    chip.draw(painter, QRectF(box.right() - wide - 10, box.y(), wide, box.height()))
