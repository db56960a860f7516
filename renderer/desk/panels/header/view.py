"""Show the window's header: the lamp, the clock and the figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.header.model import Clock, Figure, Lamp
from renderer.desk.widgets import theme


class Header(QFrame):
    """Shows the lamp, the clock and the three figures that an operator monitors."""

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
