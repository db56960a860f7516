"""Show the setlist: what is sung now and next, and whether the evening is late."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.setlist.model import SetlistModel, SetlistRow
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView, chip_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.shapes import Shape
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_STATE: Final = 120
"""Width of a row's state, pixels."""
_LENGTH: Final = 72
"""Width of a song's length, pixels."""


class SetlistView(RowsView[SetlistRow]):
    """The songs of the evening."""

    def __init__(self, model: SetlistModel, desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: row.name,
            tr("No songs. Give the show's document [[songs]]."),
            fewest=2,
        )
        self._over_run = ChipView()
        self.title_widgets = (
            self._over_run,
            ActionButton(desk.board, "song.start", quiet=True, shows_key=False),
            ActionButton(desk.board, "song.pause", quiet=True, shows_key=False),
        )
        model.rows.watch(self._show)
        model.over_run.watch(self._show_over_run)

    def _show(self, rows: tuple[SetlistRow, ...]) -> None:
        self.set_rows(rows)
        running = next((k for k, row in enumerate(rows) if row.state == "running"), 0)
        self.keep_in_sight(running)

    def _show_over_run(self, time: str) -> None:
        words = tr("over {time}", time=time) if time else ""
        self._over_run.set_chip(chip_of(Level.WARN, words) if words else Chip())


def draw_row(painter: QPainter, box: QRectF, row: SetlistRow, _is_chosen: bool) -> None:
    """Draw a song's number, name and state."""
    ink = theme.DIM if row.state == "done" else theme.HI
    if row.state == "running":
        painter.fillRect(box, theme.BG3)
        painter.fillRect(QRectF(0, box.y(), 3, box.height()), theme.HI)
    draw_text(painter, QRectF(12, box.y(), 30, box.height()), str(row.place), ink, weight=600)
    room = QRectF(44, box.y(), box.width() - 44 - _STATE - _LENGTH, box.height())
    draw_text(painter, room, row.name, ink)
    length = QRectF(room.right(), box.y(), _LENGTH - 16, box.height())
    draw_text(painter, length, row.length, theme.DIM, size=tokens.SMALL, right=True)
    chips = {
        "done": Chip(tr("DONE"), Shape.TICK, theme.DIM),
        "running": Chip(row.left or tr("running"), Shape.PLAY, theme.HI),
        "next": Chip(tr("NEXT"), Shape.ARROW, theme.DIM),
    }
    if row.state:
        side = QRectF(box.right() - _STATE + 8, box.y(), _STATE - 12, box.height())
        chips[row.state].draw(painter, side)
