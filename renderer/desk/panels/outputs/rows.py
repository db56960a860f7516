"""Draw the rows of the outputs, with a button for each thing that an output can take now."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from renderer.desk.actions.board import ActionBoard
from renderer.desk.panels.outputs.model import RETRY, START, STOP, OutputRow, OutputsModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.formatting import NOTHING, Level
from renderer.desk.widgets.row_buttons import RowButtons
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

ROW: Final = 48
_STATE: Final = 112
_FIGURE: Final = 68
_LOST: Final = 88
_WIDE_FROM: Final = 900
"""Width from which there is room for the number of reconnects, pixels."""


class OutputRows(RowsView[OutputRow]):
    """The rows; a click on a button chooses its row as well."""

    def __init__(self, model: OutputsModel, board: ActionBoard) -> None:
        super().__init__(
            self._draw_row,
            lambda row: "\n".join(filter(None, (row.address, row.detail, row.cause, row.time))),
            tr("Nothing goes out yet. Type an address below, or plan outputs in the document."),
            model.choose,
            row=ROW,
            fewest=3,
        )
        self._model, self._buttons = model, RowButtons(board)
        for id in (START, RETRY, STOP):
            board.states[id].watch(lambda _: self.update())

    def button_places(self, place: int) -> dict[str, QRectF]:
        """Return where the buttons of a row are drawn, by their ids."""
        is_chosen = place == self.chosen
        ids = self.rows[place].buttons
        return dict(self._buttons.places(self.box(place), ids, is_chosen=is_chosen))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Press the button under the mouse, or choose the row."""
        place = self.place_at(event.position().y())
        if place < len(self.rows):
            for id, box in self.button_places(place).items():
                if box.contains(event.position()):
                    self._model.press(place, id)
                    return
        super().mousePressEvent(event)

    def _draw_row(self, painter: QPainter, box: QRectF, row: OutputRow, is_chosen: bool) -> None:
        """Draw an output: name over address, state, rate, losses with their cause, buttons."""
        room = _columns(box.width(), max(self._widest(), 100))
        top, high = box.y(), box.height()
        left, wide = room["name"]
        draw_text(painter, QRectF(left, top + 3, wide, high / 2 - 2), row.name, theme.HI)
        # A fault is more important than the address, which the tool tip shows.
        words = row.detail or row.address
        ink = theme.WARN if row.detail and row.level is not Level.GOOD else theme.DIM
        foot = QRectF(left, top + high / 2 - 1, wide, high / 2 - 2)
        draw_text(painter, foot, words, ink, size=tokens.SMALL)
        left, wide = room["state"]
        chip_of(row.level, row.word).draw(painter, QRectF(left, top, wide, high))
        is_loss = row.dropped not in ("0", NOTHING)
        for name, text, ink in (
            ("rate", row.rate, theme.TEXT),
            ("dropped", row.dropped, theme.WARN if is_loss else theme.TEXT),
            ("cause", row.cause, theme.WARN if row.is_short else theme.DIM),
            ("lost", row.reconnects, theme.TEXT),
        ):
            if name in room:
                left, wide = room[name]
                cell = QRectF(left, top, wide, high)
                is_figure = name != "cause"
                draw_text(painter, cell, text, ink, size=tokens.SMALL, right=is_figure)
        self._buttons.draw(painter, box, row.buttons, is_chosen=is_chosen)

    def _widest(self) -> int:
        return max(
            self._buttons.width((RETRY, STOP), is_chosen=True),
            self._buttons.width((START,), is_chosen=True),
        )

    def heads(self) -> list[tuple[str, float, float, bool]]:
        """Return title, left, width and side of each heading."""
        room = _columns(self.box(0).width(), max(self._widest(), 100))
        titles = {
            "name": tr("Output"),
            "state": tr("State"),
            "rate": tr("kbit/s"),
            "dropped": tr("Dropped"),
            "cause": tr("Cause"),
            "lost": tr("Reconnects"),
        }
        return [
            (titles[name], left, wide, name in ("rate", "dropped", "lost"))
            for name, (left, wide) in room.items()
        ]


class Heads(QWidget):
    """The headings over the rows."""

    def __init__(self, rows: OutputRows) -> None:
        super().__init__()
        self._rows = rows
        self.setObjectName("inner")
        self.setFixedHeight(22)

    def paintEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the headings."""
        painter = QPainter(self)
        for title, left, wide, is_right in self._rows.heads():
            box = QRectF(left, 0, wide, 22)
            draw_text(painter, box, title, theme.DIM, size=tokens.SMALL, right=is_right)
        painter.end()


def _columns(width: float, buttons: float) -> dict[str, tuple[float, float]]:
    """Return left and width of each column, from the right end to the left."""
    sizes = [("dropped", _FIGURE), ("rate", _FIGURE), ("state", _STATE)]
    right = width - buttons - 16
    found: dict[str, tuple[float, float]] = {}
    if width >= _WIDE_FROM:
        found["lost"] = (right - _LOST, _LOST)
        right -= _LOST + 8
    cause = max(right * 0.17, 84.0)
    found["cause"] = (right - cause, cause)
    right -= cause + 12
    for name, size in sizes:
        found[name] = (right - size, size)
        right -= size + 8
    found["name"] = (12.0, right - 12)
    return found
