"""Show the sources of sound: are they heard."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.mixer.model import BusRow, MixerModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import ROW, RowsView, draw_text
from renderer.desk.words import tr


class MixerView(RowsView[BusRow]):
    """A row for each source."""

    def __init__(self, model: MixerModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.name}: {row.word}",
            tr("No sound. Give the show a song, or a performer a microphone: --song, --voice."),
            row=ROW,
            fewest=4,
        )
        model.rows.watch(self.set_rows)


def draw_row(painter: QPainter, box: QRectF, row: BusRow, _is_chosen: bool) -> None:
    """Draw a source's name, level and state."""
    wide = box.width()
    name = QRectF(12, box.y(), wide * 0.3, box.height())
    draw_text(painter, name, row.name, theme.HI, weight=600)
    if row.share >= 0:
        track = QRectF(wide * 0.33, box.center().y() - 3, wide * 0.3, 6)
        painter.fillRect(track, theme.BG2)
        painter.fillRect(
            QRectF(track.x(), track.y(), track.width() * row.share / 100, 6), theme.TEXT
        )
    side = QRectF(wide * 0.66, box.y(), wide * 0.34 - 12, box.height())
    chip_of(row.level, row.word).draw(painter, side)
