"""Show the outputs in a few words: does it reach the audience."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

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

_ROW = 28


class OutputsSummaryView(RowsView[OutputRow]):
    """Each output with its state and bit rate."""

    def __init__(self, model: OutputsModel, desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.address}\n{row.detail}".strip(),
            tr("Nothing goes out. Plan outputs in the show's document, or add one: F4."),
            row=_ROW,
            fewest=2,
        )
        self._chip = ChipView()
        self.title_widgets = (self._chip, ActionButton(desk.board, "outputs.live"))
        model.rows.watch(self._show)

    def _show(self, rows: tuple[OutputRow, ...]) -> None:
        # Faults come first: a small window shows few rows.
        order = {Level.BAD: 0, Level.WARN: 1}
        self.set_rows(tuple(sorted(rows, key=lambda row: order.get(row.level, 2))))
        self._chip.set_chip(chip_of(*summarize(rows)))


def draw_row(painter: QPainter, box: QRectF, row: OutputRow, _is_chosen: bool) -> None:
    """Draw an output's name, state and bit rate."""
    name = QRectF(12, box.y(), box.width() * 0.45, box.height())
    draw_text(painter, name, row.name, theme.HI)
    chip = chip_of(row.level, row.word)
    chip.draw(painter, QRectF(name.right() + 8, box.y(), 140, box.height()))
    rate = QRectF(box.right() - 100, box.y(), 90, box.height())
    draw_text(painter, rate, row.rate, theme.DIM, right=True)
