"""Show the buttons of effects and audience."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.effects.model import EffectsModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.words import tr

ROWS: Final = (
    ("Effects", ("lights.confetti", "lights.jets", "lights.sparks")),
    (
        "Audience",
        ("lights.crowd.calm", "lights.crowd.wave", "lights.crowd.jump", "lights.crowd.look"),
    ),
)


class EffectsView(QWidget):
    """Two rows of buttons."""

    def __init__(self, _model: EffectsModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 10)
        layout.setSpacing(6)
        for title, ids in ROWS:
            layout.addWidget(theme.label("label", tr(title)))
            grid = QGridLayout()
            grid.setSpacing(8)
            for place, id in enumerate(ids):
                grid.addWidget(ActionButton(desk.board, id), place // 2, place % 2)
            layout.addLayout(grid)
        layout.addStretch(1)
