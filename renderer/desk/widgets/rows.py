"""Show rows that a panel paints itself: whole rows only, the row in question in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.widgets import theme

T = TypeVar("T")
ROW: Final = 36
ROW_SMALL: Final = 32

Draw = Callable[[QPainter, QRectF, T, bool], None]


class RowsView(QWidget, Generic[T]):
    """A list of painted rows.

    It follows `keep_in_sight` unless somebody has scrolled it by hand; a list shows whole rows
    only, which grow by a few pixels until they fill it.
    """

    def __init__(
        self,
        draw: Draw[T],
        words: Callable[[T], str],
        empty: str,
        choose: Callable[[int], None] | None = None,
        *,
        row: int = ROW_SMALL,
        fewest: int = 3,
    ) -> None:
        """Start without rows.

        Args:
            draw: draws a row in its box; the last argument says whether it is chosen.
            words: returns a row's words, for tool tips and screen readers.
            empty: what to do while there are none, a sentence.
            choose: called with the row that was clicked or chosen by the arrow keys.
            row: least height of a row, pixels.
            fewest: rows for which there is always room.
        """
        super().__init__()
        self._draw, self._words, self._empty, self._choose = draw, words, empty, choose
        self._row, self._fewest = row, fewest
        self._rows: tuple[T, ...] = ()
        self._first, self._chosen, self._sight = 0, -1, 0
        self._is_scrolled = False
        self.setObjectName("inner")
        # It paints its ground itself, so that no widget around it is painted with it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if choose is not None:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def rows(self) -> tuple[T, ...]:
        """Return the rows."""
        return self._rows

    @property
    def chosen(self) -> int:
        """Return the place of the chosen row; -1 for none."""
        return self._chosen

    @property
    def shown(self) -> int:
        """Return the number of whole rows that fit."""
        return max(self.height() // self._row, 1)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of all rows."""
        return QSize(240, self._row * max(len(self._rows), self._fewest))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the fewest rows."""
        return QSize(160, self._row * self._fewest)

    def box(self, place: int) -> QRectF:
        """Return where a row is drawn."""
        high = self._height()
        scroll = 8 if len(self._rows) > self.shown else 0
        return QRectF(0, round((place - self._first) * high), self.width() - scroll, round(high))

    def place_at(self, y: float) -> int:
        """Return the place of the row at a height of the widget; there may be no such row."""
        return self._first + int(y / self._height())

    def set_rows(self, rows: tuple[T, ...]) -> None:
        """Show rows; only those that have changed are painted."""
        if len(rows) != len(self._rows):
            self._rows = rows
            self._clamp()
            self.update()
            return
        before, self._rows = self._rows, rows
        for place, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new and self._first <= place < self._first + self.shown:
                self.update(self.box(place).toAlignedRect())

    def keep_in_sight(self, place: int) -> None:
        """Scroll so that a row is in sight with what comes after it."""
        if place != self._sight:
            self._sight, self._is_scrolled = place, False
        self._clamp()

    def set_chosen(self, place: int) -> None:
        """Mark a row as chosen; -1 for none."""
        if place != self._chosen:
            self._chosen = place
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the rows in sight."""
        painter = QPainter(self)
        region = event.region()
        painter.fillRect(event.rect(), theme.BG1)
        if not self._rows:
            painter.setFont(theme.font())
            painter.setPen(theme.DIM)
            painter.drawText(
                self.rect().adjusted(12, 8, -12, -8),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
                self._empty,
            )
        for place in range(self._first, min(self._first + self.shown, len(self._rows))):
            box = self.box(place)
            if not region.intersects(box.toAlignedRect()):
                continue
            painter.setPen(QPen(theme.LINE, 1))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            painter.save()
            self._draw(painter, box, self._rows[place], place == self._chosen)
            painter.restore()
            if place == self._chosen:
                painter.setPen(QPen(theme.SEL, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(box.adjusted(1, 1, -1, -1))
        self._draw_scroll(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.SEL, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the row in question in sight."""
        super().resizeEvent(event)
        self._clamp()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the row under the mouse."""
        place = self.place_at(event.position().y())
        if place < len(self._rows) and self._choose is not None:
            self._choose(place)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll by three rows."""
        self._is_scrolled = True
        self._first -= 3 if event.angleDelta().y() > 0 else -3
        self._clamp()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the next or previous row."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if not step or self._choose is None or not self._rows:
            super().keyPressEvent(event)
            return
        place = min(max(self._chosen + step, 0), len(self._rows) - 1)
        self._sight, self._is_scrolled = place, False
        self._choose(place)
        self._clamp()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Have the words of the row under the mouse as the tool tip."""
        place = self.place_at(event.position().y())
        self.setToolTip(self._words(self._rows[place]) if place < len(self._rows) else "")
        super().mouseMoveEvent(event)

    def _height(self) -> float:
        return self.height() / self.shown

    def _clamp(self) -> None:
        before = self._first
        if not self._is_scrolled:
            # A third of the list stands before the row in question.
            self._first = self._sight - self.shown // 3
        self._first = min(max(self._first, 0), max(len(self._rows) - self.shown, 0))
        if before != self._first:
            self.update()

    def _draw_scroll(self, painter: QPainter) -> None:
        if len(self._rows) <= self.shown:
            return
        high = self.height() * self.shown / len(self._rows)
        top = self.height() * self._first / len(self._rows)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.EDGE)
        painter.drawRoundedRect(QRectF(self.width() - 6, top, 4, max(high, 16)), 2, 2)
