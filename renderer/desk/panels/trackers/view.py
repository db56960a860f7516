"""Show phones, suits and voices: do they reach us."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.trackers.model import TrackerRow, TrackersModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_WIDE_FROM: Final = 420
"""Width from which there is room for the detail, pixels; it is always in the tool tip."""


class TrackersView(RowsView[TrackerRow]):
    """A row for each tracker."""

    def __init__(self, model: TrackersModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.name}, {row.performer}: {row.state}\n{row.detail}".strip(),
            tr("None. Add a phone, a suit or a microphone: encore show --face, --suit, --voice."),
            fewest=2,
        )
        model.rows.watch(self.set_rows)


def draw_row(painter: QPainter, box: QRectF, row: TrackerRow, _is_chosen: bool) -> None:
    """Draw a tracker's name, performer, state and detail."""
    wide, high, top = box.width(), box.height(), box.y()
    chip = chip_of(row.level, row.state)
    if wide < _WIDE_FROM:
        state = min(float(chip.width()), wide / 2)
        words = f"{row.name}, {row.performer}"
        draw_text(painter, QRectF(12, top, wide - state - 32, high), words, theme.HI)
        chip.draw(painter, QRectF(wide - state - 12, top, state, high))
        return
    draw_text(painter, QRectF(12, top, wide * 0.24, high), row.name, theme.HI)
    draw_text(painter, QRectF(12 + wide * 0.25, top, wide * 0.25, high), row.performer)
    chip.draw(painter, QRectF(12 + wide * 0.51, top, wide * 0.2, high))
    draw_text(
        painter, QRectF(12 + wide * 0.72, top, wide * 0.28 - 24, high), row.detail, theme.DIM,
        size=tokens.SMALL,
    )  # fmt: skip
