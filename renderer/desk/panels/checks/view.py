"""Show the go-live check: go or no-go, what stands in the way, and who answers for it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.checks.model import Check, ChecksModel, Decision
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import ChipView, chip_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW: Final = 26
_NAME: Final = 0.3
"""Share of the width for a point's name."""


class ChecksView(RowsView[Check]):
    """The points of the check, what is wrong first."""

    def __init__(self, model: ChecksModel, desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: "\n".join(filter(None, (f"{row.name}: {row.text}", row.remedy))),
            tr("No show to check. Start one from the start page: F9."),
            row=_ROW,
            fewest=3,
        )
        self._chip = ChipView()
        self.title_widgets = (self._chip, ActionButton(desk.board, "outputs.answer"))
        model.checks.watch(self._show)
        model.decision.watch(self._decide)

    def _show(self, checks: tuple[Check, ...]) -> None:
        order = list(reversed(Level))
        self.set_rows(tuple(sorted(checks, key=lambda one: order.index(one.level))))

    def _decide(self, decision: Decision) -> None:
        self._chip.set_chip(chip_of(decision.level, decision.word))


def draw_row(painter: QPainter, box: QRectF, row: Check, _is_chosen: bool) -> None:
    """Draw a point: a tick with its name, what was found, and what to do about it."""
    wide = box.width()
    chip_of(row.level, row.name).draw(painter, QRectF(12, box.y(), wide * _NAME - 12, box.height()))
    left = wide * _NAME + 10
    rest = wide - left - 12
    share = 0.55 if row.remedy else 1.0
    room = QRectF(left, box.y(), rest * share - 8, box.height())
    draw_text(painter, room, row.text, theme.TEXT if row.remedy else theme.DIM)
    if row.remedy:
        side = QRectF(left + rest * share, box.y(), rest * (1.0 - share), box.height())
        draw_text(painter, side, row.remedy, theme.DIM)
