"""The window's panels of text: header, cast and licence, buttons, stage times, foot line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from renderer.desk import formatting, theme
from renderer.desk.controls import Action, Button
from renderer.desk.formatting import Level
from renderer.desk.model import Cast, Clock, DeskModel, Figure, Lamp, Note, StageTimes

_SHORTCUTS: Final = {Action.LIVE: "Ctrl+L", Action.RECORD: "Ctrl+R", Action.END: "Ctrl+E"}
_PURPOSES: Final = {
    Action.LIVE: "Put the program on air, or take it off",
    Action.RECORD: "Record the program, or finish the recording",
    Action.END: "Finish every output and end the show",
}
_ROW: Final = 19
_WARNINGS_SHOWN: Final = 8


def panel(heading: str, *content: QWidget) -> QFrame:
    """A titled box."""
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(14, 10, 14, 12)
    layout.setSpacing(6)
    layout.addWidget(theme.label("heading", heading.upper()))
    for widget in content:
        layout.addWidget(widget)
    return frame


class Header(QFrame):
    """The lamp, the clock and the three figures that an operator keeps an eye on."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self.setObjectName("header")
        self._lamp = QLabel()
        self._lamp.setObjectName("lamp")
        self._lamp.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lamp.setFixedHeight(38)
        self._lamp.setMinimumWidth(150)
        self._title = theme.label("title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._now, self._length = theme.label("clock"), theme.label("quiet")
        self._figures: dict[str, QLabel] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 18, 8)
        layout.setSpacing(16)
        layout.addWidget(self._lamp)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._now)
        layout.addWidget(self._length)
        for figure in model.figures.value:
            layout.addSpacing(8)
            layout.addLayout(self._column(figure))
        model.lamp.watch(self._show_lamp)
        model.title.watch(self._title.setText)
        model.clock.watch(self._show_clock)
        model.figures.watch(self._show_figures)

    def _column(self, figure: Figure) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(theme.label("heading", figure.name.upper()))
        value = self._figures[figure.name] = theme.label("figure")
        value.setMinimumWidth(118 if figure.name == "Frame rate" else 70)
        column.addWidget(value)
        return column

    def _show_lamp(self, lamp: Lamp) -> None:
        self._lamp.setText(lamp.text)
        theme.set_level(self._lamp, lamp.level)

    def _show_clock(self, clock: Clock) -> None:
        self._now.setText(clock.now)
        self._length.setText(clock.length)

    def _show_figures(self, figures: tuple[Figure, ...]) -> None:
        for figure in figures:
            value = self._figures[figure.name]
            value.setText(figure.text)
            theme.set_level(value, figure.level)


class CastPanel(QWidget):
    """Who performs as whom, and the avatar's licence in plain words."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._performance = theme.label("performance")
        self._performance.setTextFormat(Qt.TextFormat.PlainText)
        self._performance.setWordWrap(True)
        self._details = QGridLayout()
        self._details.setColumnStretch(1, 1)
        self._details.setHorizontalSpacing(12)
        self._details.setVerticalSpacing(2)
        self._licence = QLabel()
        self._licence.setTextFormat(Qt.TextFormat.RichText)
        self._licence.setWordWrap(True)
        self._licence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._values: dict[str, QLabel] = {}
        lines = QWidget()
        lines.setObjectName("lines")
        inner = QVBoxLayout(lines)
        inner.setContentsMargins(0, 0, 6, 0)
        inner.setSpacing(6)
        inner.addWidget(self._performance)
        inner.addLayout(self._details)
        inner.addSpacing(4)
        inner.addWidget(theme.label("heading", "WHAT THE AVATAR'S LICENCE SAYS"))
        inner.addWidget(self._licence, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(lines)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        model.cast.watch(self._show)

    def _show(self, cast: Cast) -> None:
        self._performance.setText(cast.performance or formatting.NOTHING)
        for row, (name, text) in enumerate(cast.details):
            if name not in self._values:
                value = self._values[name] = QLabel()
                value.setTextFormat(Qt.TextFormat.PlainText)
                value.setWordWrap(True)
                self._details.addWidget(theme.label("quiet", name), row, 0)
                self._details.addWidget(value, row, 1)
            self._values[name].setText(text)
        self._licence.setText("".join(map(_bullet, cast.licence)) or formatting.NOTHING)


def _bullet(line: str) -> str:
    # A file's own words may stand in it, and must not become markup.
    return f'<p style="margin: 0 0 3px 12px; text-indent: -12px">•&nbsp; {escape(line)}</p>'


class ControlPanel(QWidget):
    """The buttons; what they do is the model's business."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._model = model
        self.address = QLineEdit()
        self.address.setPlaceholderText("Another stream address (optional)")
        self.address.setClearButtonEnabled(True)
        self.address.setFixedHeight(34)
        self.address.setToolTip("Going live also starts a stream to this address, e.g. rtmp://…")
        self.buttons = {action: self._button(action) for action in Action}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.addWidget(self.address, 0, 0, 1, 2)
        grid.addWidget(self.buttons[Action.LIVE], 1, 0, 1, 2)
        grid.addWidget(self.buttons[Action.RECORD], 2, 0)
        grid.addWidget(self.buttons[Action.END], 2, 1)
        for action in Action:
            model.controls.buttons[action].watch(partial(self._show, action))
        self._shortcut("Escape", model.controls.disarm)

    def _button(self, action: Action) -> QPushButton:
        button = QPushButton()
        button.setFixedHeight(46 if action is Action.LIVE else 36)
        button.setToolTip(f"{_PURPOSES[action]} ({_SHORTCUTS[action]})")
        press = partial(self._press, action)
        button.clicked.connect(press)
        self._shortcut(_SHORTCUTS[action], press)
        return button

    def _shortcut(self, keys: str, do: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setAutoRepeat(False)  # A key held down must not confirm itself.
        shortcut.activated.connect(do)

    def _press(self, action: Action, *_: bool) -> None:
        self._model.press(action, self.address.text() if action is Action.LIVE else "")

    def _show(self, action: Action, shown: Button) -> None:
        button = self.buttons[action]
        button.setText(shown.text)
        button.setEnabled(shown.enabled)
        theme.set_level(button, shown.level)


class StageTimesView(QWidget):
    """How long each stage of a frame takes, as bars of the time that a frame has."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._times = StageTimes()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        model.stage_times.watch(self._show)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One row a stage."""
        return QSize(260, _ROW * (len(self._times.stages) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the rows that there is room for, and the sum."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = sum(value for _, value in self._times.stages)
        rows = [*self._times.stages, ("in all", total)] if self._times.stages else []
        for row, (name, value) in enumerate(rows):
            self._draw_row(painter, row * _ROW, name, value)
        painter.end()

    def _draw_row(self, painter: QPainter, top: int, name: str, value: float) -> None:
        budget = self._times.budget_ms
        share = min(value / budget, 1.0) if budget > 0 else 0.0
        names, values = 92, 56
        track = QRectF(names, top + _ROW / 2 - 3, max(0, self.width() - names - values), 6)
        painter.setPen(theme.QUIET)
        painter.drawText(
            QRectF(0, top, names - 8, _ROW), Qt.AlignmentFlag.AlignVCenter, name.replace("_", " ")
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.BAR_BACK)
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(theme.LEVEL_COLORS[Level.WARN] if share >= 1.0 else theme.BAR)
        painter.drawRoundedRect(
            QRectF(track.x(), track.y(), track.width() * share, track.height()), 3, 3
        )
        painter.setPen(theme.TEXT)
        painter.drawText(
            QRectF(self.width() - values, top, values, _ROW),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            formatting.milliseconds(value),
        )

    def _show(self, times: StageTimes) -> None:
        self._times = times
        self.update()


class FootLine(QWidget):
    """Warnings on the left, what the show answered on the right; both in full as tool tips."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._warnings, self._note = theme.label("quiet"), theme.label("quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(20)
        for line, stretch in ((self._warnings, 3), (self._note, 2)):
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            layout.addWidget(line, stretch)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        model.warnings.watch(self._show_warnings)
        model.note.watch(self._show_note)

    def _show_warnings(self, warnings: tuple[str, ...]) -> None:
        if not warnings:
            self._warnings.setText("No warnings")
            self._warnings.setToolTip("")
            theme.set_level(self._warnings, Level.IDLE)
            return
        more = f"   (+{len(warnings) - 1} more)" if len(warnings) > 1 else ""
        self._warnings.setText(f"▲ {warnings[0]}{more}")
        self._warnings.setToolTip("\n".join(warnings[:_WARNINGS_SHOWN]))
        theme.set_level(self._warnings, Level.WARN)

    def _show_note(self, note: Note) -> None:
        self._note.setText(note.text)
        self._note.setToolTip(note.text)
        theme.set_level(self._note, note.level)
