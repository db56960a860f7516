"""Show preview and program side by side, sharp: what will they see, what do they see."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.monitors.model import MonitorsModel, MonitorsState
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.monitor import Monitor, Tally
from renderer.desk.widgets.shapes import Shape
from renderer.desk.words import tr
from renderer.protocol.pictures import PREVIEW, PROGRAM


class MonitorsView(QWidget):
    """The two large monitors."""

    is_bare = True

    def __init__(self, model: MonitorsModel, desk: DeskModel) -> None:
        super().__init__()
        self._connection = desk.connection
        self._model = model
        self.preview = Monitor(tr("No camera is on preview. Press the key of one."))
        self.program = Monitor(tr("No program picture. Start a show: F9."))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addWidget(self.preview, 1)
        row.addWidget(self.program, 1)
        model.state.watch(self._show)

    def refresh(self) -> None:
        """Show the newest pictures."""
        state = self._model.state.value
        show_newest(self._connection, self.program, PROGRAM)
        if state.preview:
            show_newest(self._connection, self.preview, PREVIEW)
        elif self.preview.has_picture:
            self.preview.set_pixels(None)

    def _show(self, state: MonitorsState) -> None:
        awaited = tr("The picture comes in a moment.")
        self.preview.set_nothing(
            awaited if state.preview else tr("No camera is on preview. Press the key of one.")
        )
        self.program.set_nothing(
            awaited if state.has_program else tr("No program picture. Start a show: F9.")
        )
        self.preview.set_state(
            Tally.NEXT if state.preview else Tally.NONE, tr("PREVIEW"), state.preview
        )
        word = tr("PROGRAM · ON AIR") if state.is_on_air else tr("PROGRAM")
        chip = Chip()
        if state.cover:
            chip = Chip(state.cover, Shape.BARS, theme.WARN, Ground.FILLED)
        elif state.held:
            chip = Chip(state.held, Shape.BARS, theme.SEL, Ground.OUTLINE)
        self.program.set_state(
            Tally.AIR if state.is_on_air else Tally.NONE, word, state.program, chip
        )
        self.preview.set_stale(state.is_stale)
        self.program.set_stale(state.is_stale)


def show_newest(connection: ShowConnection, monitor: Monitor, view: str) -> None:
    """Show a view's newest picture in a monitor, asked for in the monitor's size."""
    width, height = monitor.picture_size
    if width < 16 or height < 16:
        return
    feed = connection.picture(view, width, height)
    monitor.is_awaited = feed.is_there
    if (pixels := feed.newest()) is not None:
        monitor.set_pixels(pixels)
    elif not feed.is_there and monitor.has_picture and connection.is_good:
        monitor.set_pixels(None)
