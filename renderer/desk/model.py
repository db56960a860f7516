"""The desk's view-model: what the window shows, ready to be shown. No Qt.

Every section is an observable of plain, comparable data; a view watches the section that it draws
and hears of it only when it has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from renderer.desk import formatting, sections
from renderer.desk.cameras import CameraTile, tiles_of
from renderer.desk.connection import Contact, ShowConnection, Situation
from renderer.desk.controls import Action, Controls
from renderer.desk.direction import DirectionModel
from renderer.desk.formatting import Level
from renderer.desk.observable import Observable
from renderer.desk.performers import PerformerRow, rows_of
from renderer.desk.sections import Cast, Clock, Note, OutputRow, StageTimes
from renderer.errors import DeskError
from renderer.protocol.messages import ChangeCamera, Command, ReopenCamera, Status

_NOTE_SECONDS: Final = 12.0


class DeskModel:
    """Polls the connection and turns what it hears into sections; passes presses on."""

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
        self.lamp = Observable(sections.NO_SHOW)
        self.title = Observable("")
        self.clock = Observable(Clock())
        self.figures = Observable(sections.NO_FIGURES)
        self.cast = Observable(Cast())
        self.outputs: Observable[tuple[OutputRow, ...]] = Observable(())
        self.stage_times = Observable(StageTimes())
        self.cameras: Observable[tuple[CameraTile, ...]] = Observable(())
        self.performers: Observable[tuple[PerformerRow, ...]] = Observable(())
        self.banner = Observable(sections.banner_of(connection.situation))
        self.warnings: Observable[tuple[str, ...]] = Observable(())
        self.note = Observable(Note())
        self.in_contact = Observable(False)

    def poll(self) -> None:
        """Take in what has happened; cheap, for every tick of a timer."""
        before = self.connection.situation.contact
        is_new = self.connection.poll()
        situation = self.connection.situation
        if is_new or situation.contact is not before:
            self._show(self.connection.status, situation)
        self.banner.set(sections.banner_of(situation))
        self._collect_replies()
        for action in self.controls.tick():
            self._say(f"The show has not answered “{_WORDS[action]}” yet.", Level.WARN)
        if self._clock() > self._note_until:
            self.note.set(Note())

    def press(self, action: Action, address: str = "") -> None:
        """A button was pressed; tells the show, where that is what the press means."""
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
        """Have a camera opened again."""
        self._ask(ReopenCamera(number))

    def change_camera(self, number: int, address: str) -> None:
        """Have another camera take a camera's place; without an address nothing is asked."""
        if address.strip():
            self._ask(ChangeCamera(number, address.strip()))

    def _ask(self, command: Command) -> None:
        """Ask the show for something; its answer is said when it comes."""
        try:
            self.connection.post(command)
        except DeskError as fault:
            self._say(f"{fault}.", Level.BAD)

    def tell_fault(self, text: str) -> None:
        """Something in the desk itself went wrong; it stays in the warnings."""
        self._fault = text
        self._show_warnings(self.connection.status)

    def _show(self, status: Status | None, situation: Situation) -> None:
        in_contact = situation.contact in (Contact.GOOD, Contact.ENDED)
        self.in_contact.set(in_contact)
        self.title.set(situation.title)
        self.lamp.set(sections.lamp_of(status, situation.contact))
        heard = status if situation.contact is Contact.GOOD else None
        self.controls.update(heard)
        self.direction.update(heard)
        if status is None:
            return
        self.clock.set(sections.clock_of(status))
        self.figures.set(sections.figures_of(status) if in_contact else sections.NO_FIGURES)
        self.cast.set(sections.cast_of(status))
        self.outputs.set(
            tuple(sections.output_row(output, in_contact) for output in status.outputs)
        )
        self.stage_times.set(sections.stage_times_of(status) if in_contact else StageTimes())
        self.cameras.set(tiles_of(status, in_contact))
        self.performers.set(rows_of(status, in_contact))
        self._show_warnings(status)

    def _show_warnings(self, status: Status | None) -> None:
        own = (self._fault, self.connection.unreadable)
        told = () if status is None else status.warnings
        lines = (formatting.without_secrets(line) for line in (*own, *told) if line)
        self.warnings.set(tuple(lines))

    def _collect_replies(self) -> None:
        for number, reply in self.connection.replies():
            self.controls.answered(number)
            self._say(reply.text, Level.GOOD if reply.ok else Level.BAD)

    def _say(self, text: str, level: Level) -> None:
        self._note_until = self._clock() + _NOTE_SECONDS
        self.note.set(Note(formatting.without_secrets(text), level))


_WORDS: Final = {Action.LIVE: "live", Action.RECORD: "record", Action.END: "end show"}
