"""Hold the desk's view-model, which prepares everything that the window shows. No Qt.

Every section is an observable of plain, comparable data; a view watches its section and is
notified only when it has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from renderer.desk.connection import Contact, ShowConnection, Situation
from renderer.desk.panels.cameras.model import CameraTile, tiles_of
from renderer.desk.panels.cast.model import Cast, cast_of
from renderer.desk.panels.controls.model import Action, Controls
from renderer.desk.panels.direction.model import DirectionModel
from renderer.desk.panels.header.model import (
    NO_FIGURES,
    NO_SHOW,
    Clock,
    clock_of,
    figures_of,
    lamp_of,
)
from renderer.desk.panels.notes.model import Note, warnings_of
from renderer.desk.panels.outputs.model import OutputRow, output_row
from renderer.desk.panels.performers.model import PerformerRow, rows_of
from renderer.desk.panels.stage_times.model import StageTimes, stage_times_of
from renderer.desk.widgets import formatting
from renderer.desk.widgets.banner import banner_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.errors import DeskError
from renderer.protocol.inputs import ChangeCamera, ReopenCamera
from renderer.protocol.outputs import OutputsHealth
from renderer.protocol.schema import Command
from renderer.protocol.status import Status

_NOTE_SECONDS: Final = 12.0


class DeskModel:
    """Polls the connection, converts status into sections, and forwards button presses."""

    def __init__(
        self,
        connection: ShowConnection,
        recordings: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self._recordings = recordings
        self._clock = clock
        self._note_until = 0.0
        self._fault = ""
        self.controls = Controls(recordings, clock)
        self.direction = DirectionModel(self._ask)
        self.lamp = Observable(NO_SHOW)
        self.title = Observable("")
        self.clock = Observable(Clock())
        self.figures = Observable(NO_FIGURES)
        self.cast = Observable(Cast())
        self.outputs: Observable[tuple[OutputRow, ...]] = Observable(())
        self.stage_times = Observable(StageTimes())
        self.cameras: Observable[tuple[CameraTile, ...]] = Observable(())
        self.performers: Observable[tuple[PerformerRow, ...]] = Observable(())
        self.banner = Observable(banner_of(connection.situation))
        self.warnings: Observable[tuple[Note, ...]] = Observable(())
        self.note = Observable(Note())
        self.in_contact = Observable(False)

    def poll(self) -> None:
        """Process new data from the show; cheap enough for every tick of a timer."""
        before = self.connection.situation.contact
        is_new = self.connection.poll()
        situation = self.connection.situation
        if is_new or situation.contact is not before:
            self._show(self.connection.status, situation)
        self.banner.set(banner_of(situation))
        self._collect_replies()
        for action in self.controls.tick():
            self._say(f"The show has not answered “{_WORDS[action]}” yet.", Level.WARN)
        if self._clock() > self._note_until:
            self.note.set(Note())

    def press(self, action: Action, address: str = "") -> None:
        """Handle a button press, and send the show its command if there is one."""
        command = self.controls.press(action, address)
        if command is None:
            return
        try:
            if action is Action.RECORD:
                self._recordings.mkdir(parents=True, exist_ok=True)
            self.controls.sent(action, self.connection.post(command))
        except DeskError as fault:
            self._say(f"{fault}.", Level.BAD)
        except OSError as fault:
            self._say(
                f"The recordings folder {self._recordings} cannot be made ({fault.strerror}).",
                Level.BAD,
            )

    def reopen_camera(self, number: int) -> None:
        """Reopen a camera."""
        self._ask(ReopenCamera(number))

    def change_camera(self, number: int, address: str) -> None:
        """Replace a camera with another one; without an address nothing is sent."""
        if address.strip():
            self._ask(ChangeCamera(number, address.strip()))

    def _ask(self, command: Command) -> None:
        """Send the show a command; its reply is shown when it arrives."""
        try:
            self.connection.post(command)
        except DeskError as fault:
            self._say(f"{fault}.", Level.BAD)

    def tell_fault(self, text: str) -> None:
        """Show a fault of the desk itself, permanently among the warnings."""
        self._fault = text
        self._show_warnings(self.connection.status)

    def _show(self, status: Status | None, situation: Situation) -> None:
        in_contact = situation.contact in (Contact.GOOD, Contact.ENDED)
        self.in_contact.set(in_contact)
        self.title.set(situation.title)
        self.lamp.set(lamp_of(status, situation.contact))
        heard = status if situation.contact is Contact.GOOD else None
        self.controls.update(heard)
        self.direction.update(heard)
        if status is None:
            return
        self.clock.set(clock_of(status))
        self.figures.set(figures_of(status) if in_contact else NO_FIGURES)
        self.cast.set(cast_of(status))
        self.outputs.set(
            tuple(output_row(output, in_contact) for output in status.of(OutputsHealth).outputs)
        )
        self.stage_times.set(stage_times_of(status) if in_contact else StageTimes())
        self.cameras.set(tiles_of(status, in_contact))
        self.performers.set(rows_of(status, in_contact))
        self._show_warnings(status)

    def _show_warnings(self, status: Status | None) -> None:
        own = [Note(text, Level.WARN) for text in (self._fault, self.connection.unreadable) if text]
        shows = () if status is None else warnings_of(status)
        lines = (replace(n, text=formatting.without_secrets(n.text)) for n in (*own, *shows))
        self.warnings.set(tuple(sorted(lines, key=lambda line: line.level is not Level.BAD)))

    def _collect_replies(self) -> None:
        for number, reply in self.connection.replies():
            self.controls.answered(number)
            self._say(reply.text, Level.GOOD if reply.ok else Level.BAD)

    def _say(self, text: str, level: Level) -> None:
        self._note_until = self._clock() + _NOTE_SECONDS
        self.note.set(Note(formatting.without_secrets(text), level))


_WORDS: Final = {Action.LIVE: "live", Action.RECORD: "record", Action.END: "end show"}
