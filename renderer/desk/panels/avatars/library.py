"""Show the avatars as tiles with large pictures; a tile can be dragged to a performer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QDrag,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from renderer.desk.panels.avatars.cards import short_file
from renderer.desk.panels.avatars.model import AvatarRow
from renderer.desk.panels.avatars.pictures import Portraits
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

MIME: Final = "application/x-encore-avatar"
"""Kind of data that is dragged: the avatar's file."""
_LEAST: Final = 168
"""Least width of a tile, pixels."""
_LARGEST: Final = 380
"""Greatest width of a tile, pixels: two avatars do not become posters."""
_WORDS: Final = 98
"""Height of the words under a picture: name, who performs it, verdict, checks."""
_PAD: Final = 10


class LibraryView(QWidget):
    """The avatars as tiles, scrolled by whole lines.

    Args:
        choose: called with the place of the tile that was clicked or chosen by the arrow keys.
        portraits: reads the pictures.
    """

    def __init__(self, choose: Callable[[int], None], portraits: Portraits) -> None:
        super().__init__()
        self._choose, self._portraits = choose, portraits
        self._rows: tuple[AvatarRow, ...] = ()
        self._chosen, self._first_line = -1, 0
        self._pressed_at: QPoint | None = None
        self.setObjectName("inner")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Avatars"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def rows(self) -> tuple[AvatarRow, ...]:
        """Return the avatars."""
        return self._rows

    @property
    def chosen(self) -> int:
        """Return the place of the chosen avatar; -1 for none."""
        return self._chosen

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of two columns and two lines."""
        return QSize(2 * (_LEAST + _PAD) + _PAD, 2 * (_LEAST + _WORDS + _PAD))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of two columns and one line."""
        return QSize(2 * (_LEAST + _PAD) + _PAD, _LEAST + _WORDS + _PAD)

    def set_rows(self, rows: tuple[AvatarRow, ...], chosen: int) -> None:
        """Show avatars; the chosen one stays in sight."""
        if (rows, chosen) == (self._rows, self._chosen):
            return
        has_moved = chosen != self._chosen or len(rows) != len(self._rows)
        self._rows, self._chosen = rows, chosen
        if has_moved:
            self._keep_in_sight()
        self.update()

    def places(self) -> list[QRectF]:
        """Return where each tile is drawn; some may lie outside the widget."""
        columns, wide = self._columns()
        high = wide + _WORDS
        return [
            QRectF(
                _PAD + place % columns * (wide + _PAD),
                (place // columns - self._first_line) * (high + _PAD),
                wide,
                high,
            )
            for place in range(len(self._rows))
        ]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the tiles in sight."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.BG1)
        if not self._rows:
            painter.setPen(theme.DIM)
            painter.drawText(
                self.rect().adjusted(12, 8, -12, -8),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
                tr("No avatars. Add a .vrm file below."),
            )
        for place, (row, box) in enumerate(zip(self._rows, self.places(), strict=True)):
            if box.intersects(QRectF(event.rect())):
                self._draw_tile(painter, box, row, is_chosen=place == self._chosen)
        if self.hasFocus():
            painter.setPen(QPen(theme.SEL, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the chosen avatar in sight."""
        super().resizeEvent(event)
        self._keep_in_sight()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll by a line."""
        columns, _ = self._columns()
        last = max(-(-len(self._rows) // columns) - self._lines(), 0)
        step = -1 if event.angleDelta().y() > 0 else 1
        self._first_line = min(max(self._first_line + step, 0), last)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose another avatar by the arrows."""
        columns, _ = self._columns()
        step = {
            Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: columns, Qt.Key.Key_Up: -columns,
        }.get(Qt.Key(event.key()), 0)  # fmt: skip
        if not step or not self._rows:
            super().keyPressEvent(event)
            return
        self._choose(min(max(self._chosen + step, 0), len(self._rows) - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the avatar under the mouse, which may become a drag."""
        self._pressed_at = event.position().toPoint()
        if (place := self._find(self._pressed_at)) >= 0:
            self._choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to drag the avatar once the mouse has moved far enough; else tell its words."""
        at, start = event.position().toPoint(), self._pressed_at
        if start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            place = self._find(at)
            self.setToolTip(_words(self._rows[place]) if place >= 0 else "")
            return
        place = self._find(start)
        if (at - start).manhattanLength() < QApplication.startDragDistance() or place < 0:
            return
        self._pressed_at = None
        drag = QDrag(self)
        data = QMimeData()
        data.setData(MIME, self._rows[place].file.encode())
        drag.setMimeData(data)
        picture = self._rows[place].picture
        drag.setPixmap(self._portraits.find(picture, 96, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)

    def _find(self, at: QPoint) -> int:
        """Return the place of the tile at a point; -1 for none."""
        found = (k for k, box in enumerate(self.places()) if box.contains(at.toPointF()))
        return next(found, -1)

    def _columns(self) -> tuple[int, int]:
        """Return how many tiles stand side by side, and how wide each is."""
        room = self.width() - _PAD
        most = max(room // (_LEAST + _PAD), 1)
        columns = min(max(len(self._rows), -(-room // (_LARGEST + _PAD))), most)
        return columns, min(room // columns - _PAD, _LARGEST)

    def _lines(self) -> int:
        """Return how many whole lines of tiles fit."""
        return max((self.height() + _PAD) // (self._columns()[1] + _WORDS + _PAD), 1)

    def _keep_in_sight(self) -> None:
        line = max(self._chosen, 0) // self._columns()[0]
        self._first_line = min(max(self._first_line, line - self._lines() + 1), line)

    def _draw_tile(
        self, painter: QPainter, box: QRectF, row: AvatarRow, *, is_chosen: bool
    ) -> None:
        painter.fillRect(box, theme.BG2)
        frame = QRectF(box.x(), box.y(), box.width(), box.width())
        self._portraits.draw(painter, frame, row.picture)
        if not row.picture:
            draw_text(painter, frame.adjusted(12, 0, -12, 0), _picture_words(row), theme.DIM,
                      size=tokens.SMALL)  # fmt: skip
        line = QRectF(box.x() + 10, frame.bottom() + 5, box.width() - 20, 22)
        draw_text(painter, line, row.name, theme.HI, weight=600)
        who = tr("performed by {who}", who=row.by) if row.by else ""
        words = who or " · ".join(filter(None, (row.author, short_file(row.file))))
        draw_text(painter, line.translated(0, 20), words, theme.DIM, size=tokens.SMALL)
        chip_of(row.level, row.verdict).draw(painter, line.translated(0, 43))
        if row.checks:
            chip_of(row.checks_level, row.checks).draw(painter, line.translated(0, 67))
        painter.setPen(QPen(theme.SEL if is_chosen else theme.LINE, 2 if is_chosen else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(1, 1, -1, -1))


def _picture_words(row: AvatarRow) -> str:
    """Return what stands in the place of a picture."""
    return tr("No picture") if row.level is Level.BAD and not row.checks else tr("being drawn…")


def _words(row: AvatarRow) -> str:
    """Return an avatar's words, for its tool tip."""
    return "\n".join(filter(None, (row.name, row.author, row.file, row.verdict, row.checks)))
