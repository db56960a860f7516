"""Draw the buttons of a painted row: actions on what the row shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from renderer.desk.actions.board import ActionBoard
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import draw_keys, key_words, keys_width
from renderer.desk.widgets.text import draw_text, text_width

_HEIGHT: Final = 30
_PAD: Final = 10
_GAP: Final = 6


class RowButtons:
    """Buttons at the right end of a row. The chosen row's tell their keys.

    Args:
        board: of the desk, whose titles, keys and first presses they show.
    """

    def __init__(self, board: ActionBoard) -> None:
        self._board = board

    def width(self, ids: Sequence[str], *, is_chosen: bool) -> int:
        """Return the width of a row's buttons, pixels."""
        return sum(self._wide(id, is_chosen) + _GAP for id in ids)

    def places(
        self, box: QRectF, ids: Sequence[str], *, is_chosen: bool
    ) -> list[tuple[str, QRectF]]:
        """Return where each button is drawn: the last one at the right end of the box."""
        found, right = [], box.right() - _GAP
        for id in reversed(ids):
            wide = self._wide(id, is_chosen)
            top = box.center().y() - _HEIGHT / 2
            found.append((id, QRectF(right - wide, top, wide, _HEIGHT)))
            right -= wide + _GAP
        return found[::-1]

    def find(
        self, box: QRectF, ids: Sequence[str], point: QPointF, *, is_chosen: bool
    ) -> str | None:
        """Return the id of the button at a point; None if there is none."""
        places = self.places(box, ids, is_chosen=is_chosen)
        return next((id for id, place in places if place.contains(point)), None)

    def draw(self, painter: QPainter, box: QRectF, ids: Sequence[str], *, is_chosen: bool) -> None:
        """Draw a row's buttons; one that waits for its second press shows the time left."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for id, place in self.places(box, ids, is_chosen=is_chosen):
            armed = self._board.states[id].value.armed if is_chosen else 0
            painter.setPen(QPen(theme.WARN if armed else theme.EDGE, 2 if armed else 1))
            painter.setBrush(theme.BG3 if armed else theme.BG1)
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            if armed:
                wide = (place.width() - 4) * armed / 10
                painter.fillRect(QRectF(place.x() + 2, place.bottom() - 5, wide, 3), theme.WARN)
            right = place.right() - _PAD
            if is_chosen:
                right = draw_keys(painter, self._keys(id), right, place.center().y())
            room = QRectF(place.x() + _PAD, place.y(), right - place.x() - _PAD, place.height())
            draw_text(painter, room, self._title(id), theme.HI, weight=600)

    def _wide(self, id: str, is_chosen: bool) -> int:
        keys = keys_width(self._keys(id)) + 4 if is_chosen else 0
        return text_width(self._title(id), weight=600) + 2 * _PAD + keys + 1

    def _title(self, id: str) -> str:
        return self._board.states[id].value.title

    def _keys(self, id: str) -> tuple[str, ...]:
        action = self._board.find(id)
        return key_words(action.key, action.confirm)
