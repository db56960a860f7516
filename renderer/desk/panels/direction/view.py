"""Show the director's panel: a figure with a button for each limb, and the actions."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.direction.model import LIMB_ACTS, WHOLE_ACTS, Act, Panel
from renderer.desk.widgets import theme

_PLACES: Final = {
    "rightHand": (0, 0), "rightArm": (0, 1), "head": (0, 2), "leftArm": (0, 3), "leftHand": (0, 4),
    "rightLeg": (1, 1), "torso": (1, 2), "leftLeg": (1, 3), "face": (1, 4),
}  # fmt: skip
"""Row and column of each limb, as a camera sees a performer who faces it."""

_PURPOSES: Final = {
    Act.RELEASE: "Give the limb back to the performer",
    Act.FREEZE: "Have the limb stand as it is shown now",
    Act.MIRROR: "Have the limb do what the other side does",
    Act.IDLE: "Have the limb be at ease",
    Act.TAKE: "Have a recorded take move the limb",
    Act.HAND_OVER: "Have a recorded take move the whole idol, once",
    Act.HAND_BACK: "Give every limb back to the performer",
    Act.CALIBRATE: "Ten seconds with the performer: relax, smile, open, close, look around",
}


class DirectionView(QWidget):
    """Shows buttons and a line of text; the model defines what they do."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._model = model.direction
        self.performers = QComboBox()
        self.performers.setToolTip("Whom the buttons below direct")
        self.performers.activated.connect(self._model.direct)
        self.limbs = {name: self._limb_button(name) for name in _PLACES}
        self.acts = {act: self._act_button(act) for act in Act}
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        # The height of two lines, so that nothing above it moves.
        self.note.setMinimumHeight(34)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self._lay_out()
        self._model.panel.watch(self._show)

    def _lay_out(self) -> None:
        figure = QGridLayout()
        figure.setSpacing(5)
        for name, (row, column) in _PLACES.items():
            figure.addWidget(self.limbs[name], row, column)
        lines = QWidget()
        lines.setObjectName("lines")
        whole = QVBoxLayout(lines)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(5)
        whole.addWidget(self.performers)
        whole.addLayout(figure)
        for acts in (LIMB_ACTS, WHOLE_ACTS):
            line = QHBoxLayout()
            line.setSpacing(5)
            for act in acts:
                line.addWidget(self.acts[act], 1)
            whole.addLayout(line)
        whole.addWidget(self.progress)
        whole.addWidget(self.note)
        whole.addStretch(1)
        theme.scroll(lines, self)

    def _limb_button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName("limb")
        button.setCheckable(True)
        button.setFixedHeight(36)
        button.clicked.connect(partial(self._choose, name))
        return button

    def _act_button(self, act: Act) -> QPushButton:
        button = QPushButton(act.value)
        button.setObjectName("act")
        button.setFixedHeight(28)
        button.setToolTip(_PURPOSES[act])
        button.clicked.connect(partial(self._press, act))
        return button

    def _choose(self, name: str, *_: bool) -> None:
        self._model.choose(name)
        # Pressing the selected button again must not deselect it.
        self._show(self._model.panel.value)

    def _press(self, act: Act, *_: bool) -> None:
        path = ""
        if act in (Act.TAKE, Act.HAND_OVER):
            path, _kind = QFileDialog.getOpenFileName(
                self, "Choose a take", "", "Takes and animations (*.mcap *.vrma *.bvh)"
            )
        self._model.press(act, path)

    def _show(self, panel: Panel) -> None:
        names = [self.performers.itemText(k) for k in range(self.performers.count())]
        if names != list(panel.performers):
            self.performers.clear()
            self.performers.addItems(list(panel.performers))
        self.performers.setCurrentIndex(panel.performer if panel.performers else -1)
        self.performers.setVisible(len(panel.performers) > 1)
        for limb in panel.limbs:
            button = self.limbs[limb.name]
            button.setText(f"{limb.word}\n{limb.shows}" if limb.shows else limb.word)
            button.setChecked(limb.chosen)
            button.setEnabled(panel.enabled)
            theme.set_level(button, limb.level)
        for act in Act:
            self.acts[act].setEnabled(panel.enabled)
        self.note.setText(panel.note)
        theme.set_level(self.note, panel.level)
        self.progress.setVisible(panel.share is not None)
        self.progress.setValue(round(100 * (panel.share or 0.0)))
