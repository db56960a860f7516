"""Show GO, and the cue list: what was, is, will be."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.cues.model import CueLine, CuesModel, GoState
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton, draw_keys
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.shapes import Shape
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr

_GO_HEIGHT: Final = 80
_STATE: Final = 118


class CuesView(QWidget):
    """GO with what belongs to it, the list, and the notes."""

    is_bare = True

    def __init__(self, model: CuesModel, desk: DeskModel) -> None:
        super().__init__()
        self._model, self._desk = model, desk
        self.go = GoButton(model, desk)
        self.list = RowsView[CueLine](
            self._draw,
            lambda line: " · ".join(filter(None, (line.number, line.name, line.notes))),
            tr("No cues. Give the show's document [[cue_lists]], or record what you do: R."),
            model.choose,
            fewest=4,
        )
        self._lists = QComboBox()
        self._lists.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for named in (self._lists, self.list):
            named.setAccessibleName(tr("Cue list"))
        self._lists.textActivated.connect(model.choose_list)
        buttons = QGridLayout()
        buttons.setSpacing(6)
        for place, id in enumerate(("cues.back", "cues.pause", "cues.skip", "cues.notes")):
            button = ActionButton(desk.board, id, height=37)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button, place // 2, place % 2)
        top = QHBoxLayout()
        top.setSpacing(tokens.GAP)
        top.addWidget(self.go, 1)
        top.addLayout(buttons)
        frame = QFrame()
        frame.setObjectName("panel")
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 8, 4)
        head.setSpacing(8)
        head.addWidget(self._lists, 1)
        head.addWidget(ActionButton(desk.board, "cues.standby", quiet=True))
        head.addWidget(ActionButton(desk.board, "cues.record", quiet=True))
        self._undo = ActionButton(desk.board, "document.undo", quiet=True)
        self._undo.hide()
        head.addWidget(self._undo)
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.setSpacing(0)
        inner.addLayout(head)
        inner.addWidget(self.list, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(tokens.GAP)
        whole.addLayout(top)
        whole.addWidget(frame, 1)
        model.lines.watch(self._show)
        model.lists.watch(self._show_lists)
        model.standby.watch(self.list.keep_in_sight)
        desk.selected_cue.watch(lambda _: self._show(model.lines.value))
        desk.shows_notes.watch(lambda _: self.list.update())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out the undo's button in a small window; its key stays."""
        super().resizeEvent(event)
        self._undo.setVisible(self.window().width() >= tokens.LARGE_FROM)

    def _show(self, lines: tuple[CueLine, ...]) -> None:
        self.list.set_rows(lines)
        chosen = self._desk.selected_cue.value
        numbers = [line.number for line in lines]
        self.list.set_chosen(numbers.index(chosen) if chosen in numbers else -1)

    def _show_lists(self, names: tuple[str, ...]) -> None:
        self._lists.clear()
        self._lists.addItems(list(names) or [tr("No cue list")])

    def _draw(self, painter: QPainter, box: QRectF, line: CueLine, _is_chosen: bool) -> None:
        ink = theme.DIM if line.state == "done" else theme.HI
        if line.state == "running":
            painter.fillRect(box, theme.BG3)
            painter.fillRect(QRectF(box.x(), box.y(), 3, box.height()), theme.HI)
        elif line.state == "standby":
            ground = theme.NEXT.darker(420)
            painter.fillRect(box, ground)
            painter.fillRect(QRectF(box.x(), box.y(), 3, box.height()), theme.NEXT)
        high, top = box.height(), box.y()
        draw_text(painter, QRectF(12, top, 42, high), line.number, ink, weight=600)
        draw_text(
            painter,
            QRectF(56, top, 62, high),
            trigger_word(line.trigger),
            theme.DIM,
            size=tokens.SMALL,
        )
        wide = box.width() - 120 - _STATE
        shows_time = wide > 260
        if shows_time:
            wide -= 56
            draw_text(
                painter, QRectF(120 + wide, top, 50, high), line.seconds, theme.DIM,
                size=tokens.SMALL, right=True,
            )  # fmt: skip
        words = line.notes if self._desk.shows_notes.value and line.notes else line.name
        draw_text(painter, QRectF(120, top, wide, high), words, ink)
        side = QRectF(box.right() - _STATE + 8, top, _STATE - 10, high)
        if line.state == "running":
            track = QRectF(side.x(), side.center().y() - 3, 34, 6)
            painter.fillRect(track, theme.BG0)
            painter.fillRect(
                QRectF(track.x(), track.y(), track.width() * line.share / 100, 6), theme.HI
            )
            rest = QRectF(side.x() + 40, top, side.width() - 40, high)
            Chip(line.left or tr("runs"), Shape.PLAY, theme.HI).draw(painter, rest)
        elif line.state == "standby":
            Chip(tr("STANDBY"), Shape.ARROW, theme.NEXT, Ground.FILLED).draw(painter, side)
        elif line.state == "done":
            Chip(tr("DONE"), Shape.TICK, theme.DIM).draw(painter, side)


class GoButton(QAbstractButton):
    """GO: the number, name and note of the cue on standby."""

    def __init__(self, model: CuesModel, desk: DeskModel) -> None:
        super().__init__()
        self._state, self._refusal = GoState(), ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(partial(self._press, desk))
        model.go.watch(self._show)
        desk.board.states["cues.go"].watch(lambda state: self._refuse(state.refusal))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of GO."""
        return QSize(232, _GO_HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of GO in a small window."""
        return QSize(160, _GO_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw what GO starts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = QRectF(self.rect())
        is_on = not self._refusal
        painter.setPen(Qt.PenStyle.NoPen if is_on else QPen(theme.EDGE, 1))
        pressed = theme.NEXT.darker(125) if self.isDown() else theme.NEXT
        painter.setBrush(pressed if is_on else theme.BG1)
        painter.drawRoundedRect(around.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        ink = theme.BG0 if is_on else theme.DIM
        left = draw_keys(painter, ("Space",), around.right() - 10, 20)
        head = f"GO {self._state.number}".strip()
        draw_text(painter, QRectF(12, 8, left - 20, 24), head, ink, size=tokens.LARGE, weight=800)
        wide = around.width() - 24
        words = self._state.name if is_on else self._refusal
        draw_text(painter, QRectF(12, 32, wide, 20), words, ink, weight=600)
        note = tr("Note: {note}", note=self._state.notes) if self._state.notes else ""
        draw_text(painter, QRectF(12, 54, wide, 18), note, ink, size=tokens.SMALL)
        if self.hasFocus():
            painter.setPen(QPen(theme.SEL, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(around.adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _press(self, desk: DeskModel, *_: bool) -> None:
        desk.press("cues.go")

    def _show(self, state: GoState) -> None:
        self._state = state
        self.setText(f"GO {state.number} {state.name}")
        self.setAccessibleName(self.text())
        self.setToolTip(state.notes or state.name)
        self.update()

    def _refuse(self, refusal: str) -> None:
        if refusal != self._refusal:
            self._refusal = refusal
            self.update()


def trigger_word(trigger: str) -> str:
    """Return what starts a cue, in the operator's language: GO, 1:04, Bar 33, Follow."""
    bar = trigger.removeprefix("Bar ")
    return tr("Bar {bar}", bar=bar) if bar != trigger else tr(trigger)
