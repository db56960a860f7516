"""Show the calibration walk: the step that runs, those before and after it, and what to do."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.calibration.model import CalibrationModel, Walk
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import Chip, ChipView, Ground, chip_of
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.shapes import Shape, draw_shape
from renderer.desk.words import tr

_STEPS_HIGH: Final = 20
_GAP: Final = 4


class CalibrationView(QWidget):
    """The walk of one performer; its button is beside the title."""

    def __init__(self, model: CalibrationModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self.title_widgets = (ActionButton(desk.board, "capture.calibrate"),)
        self._who, self._chip = ElidedLabel("value"), ChipView()
        self._text, self._note = theme.label("text"), ElidedLabel("label")
        self._text.setWordWrap(True)
        theme.set_level(self._note, Level.WARN)
        self.steps = StepsView()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._who, 1)
        head.addWidget(self._chip)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 0, 12, 8)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.steps)
        whole.addWidget(self._text)
        whole.addWidget(self._note)
        whole.addStretch(1)
        model.walk.watch(self._show)

    def _show(self, walk: Walk) -> None:
        self._who.set_words(walk.who)
        chip = chip_of(walk.level, walk.word) if walk.word else Chip()
        if walk.steps:
            chip = Chip(walk.word, Shape.PLAY, theme.HI, Ground.OUTLINE)
        self._chip.set_chip(chip)
        self._text.setText(walk.text or tr("The show has no performers."))
        self._text.setProperty("role", "heading" if walk.steps else "text")
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)
        self._note.set_words(walk.note)
        self._note.setVisible(bool(walk.note))
        self.steps.show_walk(walk)


class StepsView(QWidget):
    """A field for each step: done, running with its share, or to come; hidden while none runs."""

    def __init__(self) -> None:
        super().__init__()
        self._walk = Walk()
        self.setObjectName("inner")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the fields."""
        return QSize(160, _STEPS_HIGH)

    def show_walk(self, walk: Walk) -> None:
        """Show how far a calibration is."""
        if walk != self._walk:
            self._walk = walk
            self.setVisible(bool(walk.steps))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the fields."""
        walk = self._walk
        if not walk.steps:
            return
        painter = QPainter(self)
        wide = (self.width() - _GAP * (walk.steps - 1)) / walk.steps
        for step in range(1, walk.steps + 1):
            box = QRectF((step - 1) * (wide + _GAP), 0, wide, self.height())
            painter.fillRect(box, theme.BG3)
            if step < walk.step:
                icon = QRectF(box.center().x() - 7, box.center().y() - 7, 14, 14)
                draw_shape(painter, Shape.TICK, icon, theme.TEXT)
                continue
            if step == walk.step:
                # A step is as long as any other as far as the whole progress tells.
                share = min(max(walk.share * walk.steps - (step - 1), 0.0), 1.0)
                painter.fillRect(QRectF(box.x(), 0, wide * share, self.height()), theme.SEL)
            painter.setPen(theme.HI if step == walk.step else theme.DIM)
            painter.setFont(theme.font(13, 600))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(step))
        painter.end()
