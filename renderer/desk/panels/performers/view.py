"""Show every performer in a row: tracking state, sources, and two buttons."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.performers.model import PerformerRow
from renderer.desk.widgets import theme
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level

_FIGURE: Final = {
    "head": (12, 0, 10, 11), "face": (14, 3, 6, 5), "torso": (11, 13, 12, 17),
    "rightArm": (6, 13, 4, 14), "rightHand": (6, 28, 4, 5),
    "leftArm": (24, 13, 4, 14), "leftHand": (24, 28, 4, 5),
    "rightLeg": (11, 32, 5, 19), "leftLeg": (18, 32, 5, 19),
}  # fmt: skip
"""x, y, width, height of each limb in pixels, the topmost last; as cameras see the performer."""
_FIGURE_SIZE: Final = QSize(34, 52)
_DARK: Final = 180
"""How much darker the head is than the face on top of it, as in QColor.darker, percent."""


class PerformersView(QWidget):
    """The rows; `directed` is emitted with the performer for whom the Direction page is opened."""

    directed = Signal(int)

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._calibrate = model.direction.calibrate
        self.rows: list[RowView] = []
        lines = QWidget()
        lines.setObjectName("lines")
        inner = QVBoxLayout(lines)
        inner.setContentsMargins(0, 0, 4, 0)
        inner.setSpacing(4)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._nobody = theme.label("quiet", "No performers yet")
        inner.addWidget(self._nobody)
        inner.addLayout(self._rows)
        inner.addStretch(1)
        theme.scroll(lines, self)
        model.performers.watch(self._show)

    def _show(self, rows: tuple[PerformerRow, ...]) -> None:
        while len(self.rows) > len(rows):
            gone = self.rows.pop()
            self._rows.removeWidget(gone)
            gone.deleteLater()
        while len(self.rows) < len(rows):
            number = len(self.rows)
            view = RowView()
            view.direct.clicked.connect(partial(self._direct, number))
            view.calibrate.clicked.connect(partial(self._ask_to_calibrate, number))
            self.rows.append(view)
            self._rows.addWidget(view)
        for view, row in zip(self.rows, rows, strict=True):
            view.show_row(row)
        self._nobody.setVisible(not rows)

    def _direct(self, number: int, *_: bool) -> None:
        self.directed.emit(number)

    def _ask_to_calibrate(self, number: int, *_: bool) -> None:
        self._calibrate(number)


class RowView(QFrame):
    """One performer."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("row")
        self._figure = _Figure()
        self.name, self.sources = ElidedLabel("name"), ElidedLabel("small")
        self.note = ElidedLabel("tile")
        self.direct = _button("Direct", "Freeze, mirror or replace their limbs")
        self.calibrate = _button("Calibrate face", "")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 3, 0, 3)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._figure, 0, 0, 3, 1)
        for line, text in enumerate((self.name, self.sources, self.note)):
            grid.addWidget(text, line, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(3)
        buttons.addWidget(self.direct)
        buttons.addWidget(self.calibrate)
        grid.addLayout(buttons, 0, 2, 3, 1)

    def show_row(self, row: PerformerRow) -> None:
        """Show the performer's state."""
        name = f"{row.name} as {row.avatar}" if row.avatar else row.name
        self._figure.show_limbs(dict(row.limbs))
        self.name.setText(name)
        self.sources.setText(row.sources)
        self.note.setText(row.note)
        theme.set_level(self.note, row.level)
        self.setToolTip("\n".join(filter(None, (name, row.sources, row.note))))
        self.direct.setEnabled(row.enabled)
        self.calibrate.setEnabled(row.enabled and not row.calibrating)
        self.calibrate.setText("Calibrate again" if row.calibrated else "Calibrate face")
        known = "Their face is calibrated" if row.calibrated else "Their face is not calibrated"
        self.calibrate.setToolTip(f"{known}. Ten seconds: relax, smile, open, close, look around")
        theme.set_level(self.calibrate, Level.GOOD if row.calibrated else Level.IDLE)


class _Figure(QWidget):
    """A performer as nine limbs in the colours of their levels."""

    def __init__(self) -> None:
        super().__init__()
        self._limbs: dict[str, Level] = {}
        self.setFixedSize(_FIGURE_SIZE)

    def show_limbs(self, limbs: dict[str, Level]) -> None:
        """Set the level of each limb, by its name."""
        self._limbs = limbs
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the limbs."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for limb in _FIGURE:
            color = theme.LEVEL_COLORS[self._limbs.get(limb, Level.IDLE)]
            painter.setBrush(color.darker(_DARK) if limb == "head" else color)
            box = QRectF(*_FIGURE[limb])
            radius = min(box.width(), box.height()) / 2
            painter.drawRoundedRect(box, min(radius, 5), min(radius, 5))
        painter.end()


def _button(text: str, purpose: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName("act")
    button.setFixedSize(112, 23)
    button.setToolTip(purpose)
    return button
