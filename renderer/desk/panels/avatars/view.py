"""Show the library of avatars with its pictures, the card of one, and who gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.cards import CardLine, short_file
from renderer.desk.panels.avatars.model import AvatarRow, AvatarsModel, PerformerRow
from renderer.desk.panels.avatars.reader import CardReader
from renderer.desk.panels.rights.model import RightsLine
from renderer.desk.panels.rights.view import LinesView
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton, draw_keys
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_ROW: Final = 92
_PICTURE: Final = 76
_WHO: Final = 40
MIME: Final = "application/x-encore-avatar"
"""Kind of data that is dragged: the avatar's file."""


class AvatarsView(QWidget):
    """Library at the left; performers and card at the right."""

    def __init__(self, model: AvatarsModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model, self._desk = model, desk
        self._reader = CardReader(model, self)
        self.title_widgets = (ActionButton(desk.board, "avatars.assign"),)
        self.library = LibraryView(model.choose)
        self.performers = PerformersView(model, desk)
        self.card = LinesView(tr("Choose an avatar to see its card."))
        self.place = QLineEdit()
        self.place.setPlaceholderText(tr("Add an avatar or a folder of them (.vrm)"))
        self.place.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.place.setAccessibleName(tr("File or folder of avatars"))
        self.place.returnPressed.connect(self._add)
        self._fault = ElidedLabel("label")
        theme.set_level(self._fault, Level.WARN)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 6, 10, 8)
        foot.setSpacing(8)
        foot.addWidget(self.place, 2)
        foot.addWidget(self._fault, 1)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.library, 1)
        left.addLayout(foot)
        who = theme.label("label", tr("Drag an avatar to a performer, or press Assign"))
        who.setContentsMargins(12, 0, 12, 4)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(who)
        right.addWidget(self.performers)
        right.addWidget(self.card, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addLayout(left, 5)
        row.addLayout(right, 6)
        model.rows.watch(self._show_rows)
        model.chosen.watch(lambda _: self._show_rows(model.rows.value))
        model.lines.watch(self._show_card)
        model.fault.watch(self._fault.set_words)

    @property
    def is_busy(self) -> bool:
        """Return whether avatars are being read."""
        return self._reader.is_busy

    def refresh(self) -> None:
        """Read the avatars' cards when the list or the show has changed."""
        self._reader.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """End what still reads avatars."""
        self._reader.close()
        super().closeEvent(event)

    def _add(self) -> None:
        self._model.add(self.place.text())
        if not self._model.fault.value:
            self.place.clear()

    def _show_rows(self, rows: tuple[AvatarRow, ...]) -> None:
        self.library.set_rows(rows)
        files = [row.file for row in rows]
        chosen = self._model.chosen.value
        place = files.index(chosen) if chosen in files else -1
        self.library.set_chosen(place)
        if place >= 0:
            self.library.keep_in_sight(place)

    def _show_card(self, lines: tuple[CardLine, ...]) -> None:
        self.card.show_lines(
            tuple(RightsLine(one.text, one.level, one.is_heading) for one in lines)
        )


class LibraryView(RowsView[AvatarRow]):
    """The avatars; a row can be dragged."""

    def __init__(self, choose: Callable[[int], None]) -> None:
        super().__init__(
            self._draw_row,
            lambda row: "\n".join(filter(None, (row.name, row.file, row.verdict, row.checks))),
            tr("No avatars. Add a .vrm file below."),
            choose,
            row=_ROW,
            fewest=3,
        )
        self._pictures: dict[str, QPixmap] = {}
        self._pressed_at: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a row, which may become a drag."""
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to drag the avatar once the mouse has moved far enough."""
        start = self._pressed_at
        if start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        moved = event.position().toPoint() - start
        place = self.place_at(start.y())
        if moved.manhattanLength() < QApplication.startDragDistance() or place >= len(self.rows):
            return
        self._pressed_at = None
        drag = QDrag(self)
        data = QMimeData()
        data.setData(MIME, self.rows[place].file.encode())
        drag.setMimeData(data)
        drag.setPixmap(self._picture(self.rows[place].picture))
        drag.exec(Qt.DropAction.CopyAction)

    def _picture(self, file: str) -> QPixmap:
        """Return a picture in the size in which it is drawn, read once."""
        if file not in self._pictures:
            scale = self.devicePixelRatioF()
            size = round(_PICTURE * scale)
            picture = QPixmap(file)
            if not picture.isNull():
                picture = picture.scaled(
                    size, size, Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )  # fmt: skip
                picture.setDevicePixelRatio(scale)
            self._pictures[file] = picture
        return self._pictures[file]

    def _draw_row(self, painter: QPainter, box: QRectF, row: AvatarRow, _is_chosen: bool) -> None:
        frame = QRectF(12, box.center().y() - _PICTURE / 2, _PICTURE, _PICTURE)
        painter.fillRect(frame, theme.BG2)
        if row.picture:
            painter.drawPixmap(frame.topLeft(), self._picture(row.picture))
        left = frame.right() + 12
        wide = box.width() - left - 12
        line = QRectF(left, box.y() + 6, wide, 22)
        draw_text(painter, line, row.name, theme.HI, weight=600)
        who = tr("performed by {who}", who=row.by) if row.by else short_file(row.file)
        words = " · ".join(filter(None, (row.author, who)))
        draw_text(painter, line.translated(0, 22), words, theme.DIM, size=tokens.SMALL)
        chip_of(row.level, row.verdict).draw(painter, line.translated(0, 48))
        if row.checks:
            chip = chip_of(row.checks_level, row.checks)
            side = QRectF(line.right() - chip.width(), line.y() + 48, chip.width(), 22)
            verdict = chip_of(row.level, row.verdict).width()
            if side.x() > left + verdict + 8:
                chip.draw(painter, side)


class PerformersView(RowsView[PerformerRow]):
    """The performers; an avatar can be dropped on each."""

    def __init__(self, model: AvatarsModel, desk: DeskModel) -> None:
        super().__init__(
            self._draw_row,
            lambda row: f"{row.number + 1} {row.name}",
            tr("No show is open. Start one, and its performers are listed here."),
            lambda place: desk.choose_performer(place),
            row=_WHO,
            fewest=2,
        )
        self._model, self._desk = model, desk
        self.setAcceptDrops(True)
        model.performers.watch(self._show)
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
        self.setFixedHeight(_WHO * min(max(len(rows), 2), 4))
        chosen = self._desk.selected_performer.value
        self.set_chosen(chosen if chosen < len(rows) else -1)
        if chosen < len(rows):
            self.keep_in_sight(chosen)

    def _draw_row(
        self, painter: QPainter, box: QRectF, row: PerformerRow, _is_chosen: bool
    ) -> None:
        draw_keys(painter, (str(row.number + 1),), 38, box.center().y())
        half = (box.width() - 60) / 2
        name = row.name or tr("A performer without a name")
        draw_text(painter, QRectF(50, box.y(), half, box.height()), name, theme.HI)
        titles = {one.file: one.name for one in self._model.rows.value}
        words = titles.get(row.avatar) or short_file(row.avatar)
        side = QRectF(50 + half, box.y(), half, box.height())
        draw_text(painter, side, words, theme.DIM, right=True)
