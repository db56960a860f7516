"""Show the looks as tiles in their own colours: one-press states of the rig."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.look_colors.model import Rgb
from renderer.desk.panels.looks.model import LookRow, LooksModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import draw_keys
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.shapes import Shape
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_COLUMNS: Final = 4
_LEAST: Final = 116
"""Least width of a tile, pixels."""
_TILE: Final = 52
"""Least height of a tile, pixels."""
_TALLEST: Final = 170
"""Greatest height of a tile, pixels: a few looks do not become posters."""
_STRIP: Final = 26
_PAD: Final = 10


class LooksView(QWidget):
    """A tile for each look; a click fades to it."""

    def __init__(self, model: LooksModel, _desk: DeskModel) -> None:
        super().__init__()
        self._model, self._chosen = model, 0
        self._rows: tuple[LookRow, ...] = ()
        self.setObjectName("inner")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Looks"))
        model.rows.watch(self._show)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of four columns and two rows."""
        return QSize(_COLUMNS * _LEAST, 2 * (_TILE + tokens.GAP) + _PAD)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of three columns and three rows."""
        return QSize(3 * _LEAST, 3 * (_TILE + tokens.GAP) + _PAD)

    def places(self) -> list[QRectF]:
        """Return where each tile is drawn."""
        count = len(self._rows)
        if not count:
            return []
        columns = min(max((self.width() - 2 * _PAD) // (_LEAST + tokens.GAP), 1), _COLUMNS)
        lines = -(-count // columns)
        wide = (self.width() - 2 * _PAD - tokens.GAP * (columns - 1)) / columns
        high = (self.height() - _PAD - tokens.GAP * (lines - 1)) / lines
        high = min(max(high, _TILE), _TALLEST)
        return [
            QRectF(
                _PAD + place % columns * (wide + tokens.GAP),
                place // columns * (high + tokens.GAP),
                wide,
                high,
            )
            for place in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the tiles."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.BG1)
        if not self._rows:
            painter.setFont(theme.font())
            painter.setPen(theme.DIM)
            painter.drawText(
                self.rect().adjusted(12, 8, -12, -8),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
                tr("No looks. Give the show's document [[looks]]: docs/directing.md."),
            )
            if self.hasFocus():
                painter.setPen(QPen(theme.SEL, 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        for place, (row, box) in enumerate(zip(self._rows, self.places(), strict=True)):
            _draw_tile(painter, box, row)
            if self.hasFocus() and place == self._chosen:
                painter.setPen(QPen(theme.SEL, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), tokens.CORNER, tokens.CORNER)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Fade to the look under the mouse."""
        if (place := self._find(event)) >= 0:
            self._chosen = place
            self._model.choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Have the whole name of the look under the mouse as the tool tip."""
        place = self._find(event)
        self.setToolTip(self._rows[place].name if place >= 0 else "")
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the focus by the arrows; Return fades to the look in focus."""
        steps = {
            Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: _COLUMNS, Qt.Key.Key_Up: -_COLUMNS,
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps and self._rows:
            self._chosen = min(max(self._chosen + steps[key], 0), len(self._rows) - 1)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._rows:
            self._model.choose(self._chosen)
        else:
            super().keyPressEvent(event)

    def _find(self, event: QMouseEvent) -> int:
        """Return the place of the tile under the mouse; -1 for none."""
        found = (k for k, box in enumerate(self.places()) if box.contains(event.position()))
        return next(found, -1)

    def _show(self, rows: tuple[LookRow, ...]) -> None:
        self._rows = rows
        self._chosen = min(self._chosen, max(len(rows) - 1, 0))
        self.update()


def _draw_tile(painter: QPainter, box: QRectF, row: LookRow) -> None:
    """Draw a look: its colours, key, tally and name."""
    painter.fillRect(box, _ground(box, row.colors))
    strip = QRectF(box.x(), box.bottom() - _STRIP, box.width(), _STRIP)
    painter.fillRect(strip, theme.AIR if row.is_live else theme.SHADE)
    left = strip.x() + 8
    if row.key:
        draw_keys(painter, (row.key,), strip.x() + 28, strip.center().y())
        left = strip.x() + 36
    room = QRectF(left, strip.y(), strip.right() - left - 4, strip.height())
    weight = 600 if row.is_on else 400
    draw_text(painter, room, row.name, theme.HI, size=tokens.SMALL, weight=weight)
    chip = Chip()
    if row.is_live:
        chip = Chip(tr("ON AIR"), Shape.DOT, theme.AIR, Ground.FILLED)
    elif row.is_on:
        chip = Chip(tr("on"), Shape.PLAY, theme.HI, Ground.OUTLINE)
    if chip.word:
        wide = min(float(chip.width()), box.width() - 8)
        chip.draw(painter, QRectF(box.right() - wide - 4, box.y() + 3, wide, 24))
    color = theme.AIRLINE if row.is_live else theme.HI if row.is_on else theme.EDGE
    painter.setPen(QPen(color, 3 if row.is_live else 2 if row.is_on else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(1, 1, -1, -1))


def _ground(box: QRectF, colors: tuple[Rgb, ...]) -> QLinearGradient:
    """Return a gradient through a look's colours, from its key light on; dark without any."""
    gradient = QLinearGradient(box.topLeft(), box.bottomRight())
    shown = [QColor.fromRgbF(*color) for color in colors] or [theme.BG2]
    for place, color in enumerate(shown):
        gradient.setColorAt(place / max(len(shown) - 1, 1), color)
    return gradient
