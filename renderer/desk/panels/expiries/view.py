"""Show until when each idol may be here."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QCloseEvent, QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.model import AvatarsModel
from renderer.desk.panels.avatars.reader import CardReader
from renderer.desk.panels.expiries.model import ExpiryRow, expiry_row
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW = 42


class ExpiriesView(RowsView[ExpiryRow]):
    """A row for each performer's idol."""

    def __init__(self, model: AvatarsModel, _desk: DeskModel) -> None:
        super().__init__(
            draw_row,
            lambda row: f"{row.avatar}, {row.performer}: {row.word} {row.until}".strip(),
            tr("No show is open. Its idols' licences and their ends are listed here."),
            row=_ROW,
            fewest=2,
        )
        self._model = model
        self._reader = CardReader(model, self, draws=False)
        model.performers.watch(lambda _: self._show())
        model.rows.watch(lambda _: self._show())

    @property
    def is_busy(self) -> bool:
        """Return whether avatars are being read."""
        return bool(self._model.performers.value) and self._reader.is_busy

    def refresh(self) -> None:
        """Read the avatars' cards once the show is known."""
        if self._model.performers.value:
            self._reader.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """End what still reads avatars."""
        self._reader.close()
        super().closeEvent(event)

    def _show(self) -> None:
        now = datetime.now(UTC)
        rows = [
            expiry_row(row, self._model.card(row.avatar), now)
            for row in self._model.performers.value
        ]
        self.set_rows(tuple(rows))


def draw_row(painter: QPainter, box: QRectF, row: ExpiryRow, _is_chosen: bool) -> None:
    """Draw an idol with its performer, and what is left."""
    chip = chip_of(row.level, row.word)
    wide = chip.width()
    line = QRectF(12, box.y(), box.width() - wide - 36, box.height())
    if row.until:
        half = box.height() / 2
        foot = QRectF(line.x(), box.y() + half - 1, line.width(), half - 2)
        draw_text(painter, foot, row.until, theme.DIM, size=tokens.SMALL)
        line.setHeight(half + 2)
    draw_text(painter, line, f"{row.avatar}, {row.performer}", theme.HI)
    chip.draw(painter, QRectF(box.right() - wide - 12, box.y(), wide, box.height()))
