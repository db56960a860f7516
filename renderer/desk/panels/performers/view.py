"""Show a column for each performer: does the tracking hold, limb by limb."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.performers.columns import Column, PerformersModel
from renderer.desk.panels.performers.limb_bars import LimbBars
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView, Ground, chip_of
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.monitor import Monitor
from renderer.desk.widgets.shapes import Shape
from renderer.desk.words import tr

_ACTS: Final = ("freeze", "mirror", "idle", "live", "back", "prompt", "reopen")


class PerformersView(QWidget):
    """The columns, side by side; the actions act on the chosen limb of the chosen performer."""

    is_bare = True

    def __init__(self, model: PerformersModel, desk: DeskModel) -> None:
        super().__init__()
        self._desk = desk
        self.columns: list[ColumnView] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(tokens.GAP)
        self._empty = theme.label(
            "empty", tr("No performers. Give the show an input: encore show --input camera:0.")
        )
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        acts = QFrame()
        acts.setObjectName("panel")
        line = QHBoxLayout(acts)
        line.setContentsMargins(8, 5, 8, 5)
        line.setSpacing(6)
        self._who = ElidedLabel("value")
        line.addWidget(self._who, 1)
        for id in _ACTS:
            line.addWidget(ActionButton(desk.board, f"capture.{id}"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(tokens.GAP)
        whole.addWidget(self._empty)
        whole.addLayout(self._row, 1)
        whole.addWidget(acts)
        model.columns.watch(self._show)
        model.landmarks.watch(self._draw)
        desk.selected_performer.watch(lambda _: self._show(model.columns.value))
        desk.direction.panel.watch(lambda _: self._mark())

    def refresh(self) -> None:
        """Show the cameras' newest pictures."""
        cameras = self._desk.connection.cameras
        newest = [feed.newest() for feed in cameras]
        for view in self.columns:
            if 0 <= view.camera < len(newest):
                view.monitor.is_awaited = cameras[view.camera].is_there
                if (pixels := newest[view.camera]) is not None:
                    view.monitor.set_pixels(pixels)

    def _show(self, columns: tuple[Column, ...]) -> None:
        while len(self.columns) > len(columns):
            gone = self.columns.pop()
            self._row.removeWidget(gone)
            gone.deleteLater()
        while len(self.columns) < len(columns):
            view = ColumnView(len(self.columns), self._desk)
            self.columns.append(view)
            self._row.addWidget(view, 1)
        chosen = self._desk.selected_performer.value
        for number, (view, column) in enumerate(zip(self.columns, columns, strict=True)):
            view.show_column(column, number == chosen)
        self._empty.setVisible(not columns)
        self._mark()

    def _mark(self) -> None:
        panel = self._desk.direction.panel.value
        limb = next((one.word for one in panel.limbs if one.chosen), "")
        name = panel.performers[panel.performer] if panel.performers else ""
        self._who.set_words(f"{name}: {tr(limb)}" if name else "")
        for number, view in enumerate(self.columns):
            is_chosen = number == self._desk.selected_performer.value
            view.limbs.choose(self._desk.direction.limb if is_chosen else "")

    def _draw(self, landmarks: tuple[Landmarks, ...]) -> None:
        for view, lines in zip(self.columns, landmarks, strict=False):
            view.monitor.set_landmarks(lines)


class ColumnView(QFrame):
    """One performer."""

    def __init__(self, number: int, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._number, self._desk, self._is_chosen = number, desk, False
        self.camera = -1
        self._name, self._avatar = ElidedLabel("title"), ElidedLabel("label")
        self._chip = ChipView()
        self.monitor = Monitor(tr("No camera picture"))
        self.monitor.setMinimumSize(120, 92)
        self.monitor.set_brightness(tokens.PICTURE_SHARE)
        self.limbs = LimbBars(partial(self._choose, desk, number))
        self._step = ElidedLabel("label")
        self._sources = ElidedLabel("label")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._avatar)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._key = theme.label("value", str(number + 1))
        head.addWidget(self._key)
        head.addLayout(names, 1)
        head.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        grid = QGridLayout(self)
        grid.setContentsMargins(9, 6, 9, 6)
        grid.setVerticalSpacing(4)
        grid.addLayout(head, 0, 0)
        grid.addWidget(self.monitor, 1, 0)
        grid.addWidget(self.limbs, 2, 0)
        grid.addWidget(self._sources, 3, 0)
        grid.addWidget(self._step, 4, 0)
        grid.setRowStretch(1, 1)

    def show_column(self, column: Column, is_chosen: bool) -> None:
        """Show the performer's state."""
        self.camera = column.camera
        self._name.set_words(column.row.name)
        self._avatar.set_words(tr("as {avatar}", avatar=column.row.avatar or "–"))
        self._chip.set_chip(_seen_chip(column))
        self.monitor.set_state(caption=column.caption)
        self.monitor.set_stale(column.camera_level is Level.BAD)
        self.limbs.set_bars(column.limbs)
        self._step.set_words(column.step)
        self._sources.set_words(column.row.sources)
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the frame of the chosen performer."""
        super().paintEvent(event)
        if self._is_chosen:
            painter = QPainter(self)
            painter.setPen(QPen(theme.SEL, 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Choose the performer."""
        self._desk.choose_performer(self._number)

    @staticmethod
    def _choose(desk: DeskModel, number: int, limb: str) -> None:
        desk.choose_performer(number)
        desk.direction.choose(limb)


def _seen_chip(column: Column) -> Chip:
    """Return the chip of the worst that is known of a performer's limbs."""
    lost = [bar.title for bar in column.limbs if bar.word == "lost"]
    driven = [bar for bar in column.limbs if bar.is_driven]
    weak = [bar.title for bar in column.limbs if bar.word == "weak"]
    if lost:
        return chip_of(Level.BAD, tr("{limbs} lost", limbs=_few(lost)))
    if weak:
        return chip_of(Level.WARN, tr("{limbs} weak", limbs=_few(weak)))
    if driven:
        word = tr("{count} by hand", count=len(driven))
        return Chip(word, Shape.BARS, theme.SEL, Ground.OUTLINE)
    return chip_of(Level.GOOD, tr("all seen"))


def _few(words: list[str]) -> str:
    return words[0] if len(words) == 1 else str(len(words))
