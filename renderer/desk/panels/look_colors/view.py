"""Show the roles of the look that is on, a colour picker, and positions of moving heads."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.look_colors.model import (
    PATTERNS,
    LookColorsModel,
    RoleRow,
    pattern_word,
)
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.color_picker import ColorPicker
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW = 28


class LookColorsView(QWidget):
    """Roles at the left, picker and positions at the right."""

    def __init__(self, model: LookColorsModel, _desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model = model
        self._look = ElidedLabel("label")
        self.roles = RowsView[RoleRow](
            draw_row,
            lambda row: row.word,
            tr("No look of the document is on. Choose one, and its colours are here."),
            model.choose,
            row=_ROW,
            fewest=3,
        )
        self.picker = ColorPicker()
        self.picker.picked.connect(lambda *color: model.set_color(color))
        self.pattern = QComboBox()
        self.pattern.setAccessibleName(tr("Position of the moving heads"))
        self.pattern.addItem(tr("Position of the look's base"), "")
        for one in PATTERNS:
            self.pattern.addItem(pattern_word(one), one)
        self.pattern.activated.connect(self._move)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 10, 8)
        right.setSpacing(4)
        right.addWidget(self._look)
        right.addWidget(self.picker, 1)
        right.addWidget(self.pattern)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.roles, 1)
        row.addLayout(right, 1)
        model.rows.watch(lambda _: self._show())
        model.chosen.watch(lambda _: self._show())
        model.look.watch(lambda name: self._look.set_words(name))

    def _move(self, place: int) -> None:
        if word := str(self.pattern.itemData(place)):
            self._model.set_pattern(word)

    def _show(self) -> None:
        rows, chosen = self._model.rows.value, self._model.chosen.value
        self.roles.set_rows(rows)
        row = rows[chosen] if chosen < len(rows) else None
        self.roles.set_chosen(chosen if row is not None else -1)
        self.picker.setEnabled(row is not None)
        self.pattern.setEnabled(row is not None and row.is_head)
        if row is None:
            return
        self.roles.keep_in_sight(chosen)
        if row.color is not None:
            self.picker.show_color(row.color)
        self.pattern.setCurrentIndex(max(self.pattern.findData(row.pattern), 0))


def draw_row(painter: QPainter, box: QRectF, row: RoleRow, _is_chosen: bool) -> None:
    """Draw a role with its colour, or a dash for the base's."""
    swatch = QRectF(box.right() - 40, box.y() + 5, 30, box.height() - 10)
    name = QRectF(12, box.y(), box.width() - 60, box.height())
    draw_text(painter, name, row.word, theme.HI if row.color is not None else theme.DIM)
    if row.color is None:
        draw_text(painter, swatch, "–", theme.DIM, size=tokens.SMALL, right=True)
        return
    painter.setPen(QPen(theme.EDGE, 1))
    painter.setBrush(QColor.fromRgbF(*row.color))
    painter.drawRect(swatch)
