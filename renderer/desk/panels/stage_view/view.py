"""Show what the audience sees, beside the lights."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.monitors.model import MonitorsModel, MonitorsState
from renderer.desk.panels.monitors.view import show_newest
from renderer.desk.widgets.monitor import Monitor, Tally
from renderer.desk.words import tr
from renderer.protocol.pictures import PROGRAM


class StageView(QWidget):
    """The program."""

    is_bare = True

    def __init__(self, model: MonitorsModel, desk: DeskModel) -> None:
        super().__init__()
        self._connection = desk.connection
        self.program = Monitor(tr("No program picture. Start a show: F9."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.program)
        model.state.watch(self._show)

    def refresh(self) -> None:
        """Show the newest picture."""
        show_newest(self._connection, self.program, PROGRAM)

    def _show(self, state: MonitorsState) -> None:
        tally = Tally.AIR if state.is_on_air else Tally.NONE
        word = tr("PROGRAM · ON AIR") if state.is_on_air else tr("PROGRAM")
        self.program.set_state(tally, word, state.program)
        self.program.set_stale(state.is_stale)
