"""Show the performers with their avatars; an avatar can be dropped on each."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter

from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.cards import short_file, verdict_words
from renderer.desk.panels.avatars.library import MIME
from renderer.desk.panels.avatars.model import AvatarsModel, PerformerRow
from renderer.desk.panels.avatars.pictures import Portraits
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import draw_keys
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW: Final = 52
_PICTURE: Final = 44
_MOST: Final = 4
"""Rows that are shown at once; further ones are scrolled to."""


class PerformersView(RowsView[PerformerRow]):
    """The performers: who they are, which avatar they have, and whether they may."""

    def __init__(self, model: AvatarsModel, desk: DeskModel, portraits: Portraits) -> None:
        super().__init__(
            self._draw_row,
            lambda row: f"{row.number + 1} {row.name}",
            tr("No show is open. Start one, and its performers are listed here."),
            lambda place: desk.choose_performer(place),
            row=_ROW,
            fewest=2,
        )
        self._model, self._desk, self._portraits = model, desk, portraits
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Performers"))
        model.performers.watch(self._show)
        model.rows.watch(lambda _: self.update())
        desk.selected_performer.watch(lambda _: self._show(model.performers.value))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept avatars."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Show who would get the avatar."""
        place = self.place_at(event.position().y())
        if event.mimeData().hasFormat(MIME) and place < len(self.rows):
            self._desk.choose_performer(place)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Give the avatar to the performer under the mouse."""
        place = self.place_at(event.position().y())
        if place < len(self.rows):
            file = bytes(event.mimeData().data(MIME).data()).decode()
            event.acceptProposedAction()
            self._model.assign(file, place)

    def _show(self, rows: tuple[PerformerRow, ...]) -> None:
        self.set_rows(rows)
        self.setFixedHeight(_ROW * min(max(len(rows), 2), _MOST))
        chosen = self._desk.selected_performer.value
        self.set_chosen(chosen if chosen < len(rows) else -1)
        if chosen < len(rows):
            self.keep_in_sight(chosen)

    def _draw_row(
        self, painter: QPainter, box: QRectF, row: PerformerRow, _is_chosen: bool
    ) -> None:
        draw_keys(painter, (str(row.number + 1),), 34, box.center().y())
        frame = QRectF(46, box.center().y() - _PICTURE / 2, _PICTURE, _PICTURE)
        avatars = {one.file: one for one in self._model.rows.value}
        worn = avatars.get(row.avatar)
        self._portraits.draw(painter, frame, "" if worn is None else worn.picture)
        chip = chip_of(*verdict_words(self._model.card(row.avatar), row.name))
        side = QRectF(box.right() - chip.width() - 12, box.y(), chip.width(), box.height())
        chip.draw(painter, side)
        left = frame.right() + 12
        line = QRectF(left, box.center().y() - 21, side.x() - left - 12, 21)
        name = row.name or tr("A performer without a name")
        draw_text(painter, line, name, theme.HI, weight=600)
        words = tr("as {avatar}", avatar=short_file(row.avatar) if worn is None else worn.name)
        draw_text(painter, line.translated(0, 21), words, theme.DIM, size=tokens.SMALL)
