"""Show the outputs in a few words: does it reach the audience."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QResizeEvent

from renderer.desk.model import DeskModel
from renderer.desk.panels.outputs.model import OutputRow, OutputsModel
from renderer.desk.panels.outputs.view import summarize
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import ChipView, chip_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW: Final = 28
_TWO_FROM: Final = 460
"""Width from which two outputs stand side by side, pixels."""
_RATE: Final = 58
Pair = tuple[OutputRow, ...]
"""The outputs of a line."""


class OutputsSummaryView(RowsView[Pair]):
    """Each output with its state and bit rate, two to a line where there is room."""

    def __init__(self, model: OutputsModel, desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda pair: "\n".join(_words(one) for one in pair),
            tr("Nothing goes out. Plan outputs in the show's document, or add one: F4."),
            row=_ROW,
            fewest=2,
        )
        self._chip = ChipView()
        self.title_widgets = (self._chip, ActionButton(desk.board, "outputs.live"))
        self._outputs: tuple[OutputRow, ...] = ()
        model.rows.watch(self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Have as many columns as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _show(self, rows: tuple[OutputRow, ...]) -> None:
        # Faults come first: a small window shows few rows.
        order = {Level.BAD: 0, Level.WARN: 1}
        self._outputs = tuple(sorted(rows, key=lambda row: order.get(row.level, 2)))
        self._arrange()
        self._chip.set_chip(chip_of(*summarize(rows)))

    def _arrange(self) -> None:
        """Fill the columns from the top, the left one first."""
        rows = self._outputs
        if self.width() < _TWO_FROM:
            self.set_rows(tuple((row,) for row in rows))
            return
        half = (len(rows) + 1) // 2
        self.set_rows(tuple(rows[place::half] for place in range(half)))


def draw_row(painter: QPainter, box: QRectF, pair: Pair, _is_chosen: bool) -> None:
    """Draw the outputs of a line side by side."""
    is_alone = box.width() < _TWO_FROM
    wide = box.width() if is_alone else box.width() / 2
    for place, row in enumerate(pair):
        cell = QRectF(place * wide, box.y(), wide, box.height())
        if is_alone:
            _draw_line(painter, cell, row)
        else:
            _draw_cell(painter, cell, row)


def _draw_line(painter: QPainter, box: QRectF, row: OutputRow) -> None:
    """Draw an output's name, state and bit rate."""
    name = QRectF(12, box.y(), box.width() * 0.45, box.height())
    draw_text(painter, name, row.name, theme.HI)
    chip = chip_of(row.level, row.word)
    chip.draw(painter, QRectF(name.right() + 8, box.y(), 140, box.height()))
    rate = QRectF(box.right() - 100, box.y(), 90, box.height())
    draw_text(painter, rate, row.rate, theme.DIM, right=True)


def _draw_cell(painter: QPainter, box: QRectF, row: OutputRow) -> None:
    """Draw an output's tick and bit rate; any other state in its words instead of the rate."""
    is_good = row.level is Level.GOOD
    chip = chip_of(row.level, "" if is_good else row.word)
    side = 16 if is_good else min(chip.width(), round(box.width() / 2))
    left = box.x() + 12
    room = box.right() - 12 - left
    if is_good:
        chip.draw(painter, QRectF(left, box.y(), 18, box.height()))
        name = QRectF(left + 22, box.y(), room - 22 - _RATE, box.height())
        rate = QRectF(box.right() - 12 - _RATE, box.y(), _RATE, box.height())
        draw_text(painter, rate, row.rate, theme.DIM, right=True)
    else:
        name = QRectF(left, box.y(), room - side - 8, box.height())
        chip.draw(painter, QRectF(box.right() - 12 - side, box.y(), side, box.height()))
    draw_text(painter, name, row.name, theme.HI)


def _words(row: OutputRow) -> str:
    return f"{row.name}: {row.word}\n{row.address}\n{row.detail}".strip()
