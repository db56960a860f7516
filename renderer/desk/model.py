"""The desk's view-model: what the window shows, ready to be shown. No Qt.

Every section is an observable of plain, comparable data; a view watches the section that it draws
and hears of it only when it has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.desk import formatting
from renderer.desk.connection import Contact, ShowConnection, Situation
from renderer.desk.controls import Action, Controls
from renderer.desk.formatting import Level
from renderer.desk.landmarks import Landmarks
from renderer.desk.observable import Observable
from renderer.errors import DeskError
from renderer.show.messages import OutputStatus, ShowState, Status

_NOTE_SECONDS: Final = 12.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured thing: what it is called, what it is now, how that is to be seen."""

    name: str
    text: str = formatting.NOTHING
    level: Level = Level.IDLE


@dataclass(frozen=True, slots=True)
class Lamp:
    """The lamp in the corner."""

    text: str
    level: Level


@dataclass(frozen=True, slots=True)
class Clock:
    """How far the show is."""

    now: str = "--:--:--"
    length: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who performs as whom, and what the avatar's licence says of it, line by line."""

    performance: str = ""
    details: tuple[tuple[str, str], ...] = ()
    licence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One output. `detail` says why it is not well."""

    name: str
    address: str
    state: str
    level: Level
    packets: str
    dropped: str
    size: str
    detail: str


@dataclass(frozen=True, slots=True)
class StageTimes:
    """How long each stage of a frame takes, in milliseconds, of a budget."""

    stages: tuple[tuple[str, float], ...] = ()
    budget_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Banner:
    """What is written over the program picture while there is none to trust."""

    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """The line at the foot of the window."""

    text: str = ""
    level: Level = Level.IDLE


_LAMPS: Final = {
    ShowState.STARTING: Lamp("STARTING", Level.WARN),
    ShowState.PREVIEW: Lamp("PREVIEW", Level.GOOD),
    ShowState.ON_AIR: Lamp("ON AIR", Level.LIVE),
    ShowState.STOPPING: Lamp("STOPPING", Level.WARN),
    ShowState.ENDED: Lamp("ENDED", Level.IDLE),
}
_NO_SHOW: Final = Lamp("NO SHOW", Level.IDLE)
_NO_CONTACT: Final = Lamp("NO CONTACT", Level.WARN)
_FIGURES: Final[tuple[Figure, ...]] = (Figure("Frame rate"), Figure("Latency"), Figure("Dropped"))


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
        self.lamp = Observable(_NO_SHOW)
        self.title = Observable("")
        self.clock = Observable(Clock())
        self.figures = Observable(_FIGURES)
        self.cast = Observable(Cast())
        self.outputs: Observable[tuple[OutputRow, ...]] = Observable(())
        self.stage_times = Observable(StageTimes())
        self.landmarks = Observable(Landmarks())
        self.banner = Observable(banner(connection.situation))
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
        self.banner.set(banner(situation))
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

    def tell_fault(self, text: str) -> None:
        """Something in the desk itself went wrong; it stays in the warnings."""
        self._fault = text
        self._show_warnings(self.connection.status)

    def _show(self, status: Status | None, situation: Situation) -> None:
        in_contact = situation.contact in (Contact.GOOD, Contact.ENDED)
        self.in_contact.set(in_contact)
        self.title.set(situation.title)
        self.lamp.set(_lamp(status, situation.contact))
        self.controls.update(status if situation.contact is Contact.GOOD else None)
        if status is None:
            return
        self.clock.set(
            Clock(
                formatting.time_code(status.show_seconds), formatting.length(status.length_seconds)
            )
        )
        self.figures.set(_figures(status) if in_contact else _FIGURES)
        self.cast.set(_cast(status))
        self.outputs.set(tuple(_output_row(output, in_contact) for output in status.outputs))
        self.stage_times.set(_stage_times(status) if in_contact else StageTimes())
        self.landmarks.set(Landmarks.of(status) if in_contact else Landmarks())
        self._show_warnings(status)

    def _show_warnings(self, status: Status | None) -> None:
        own = (self._fault, self.connection.unreadable)
        told = () if status is None else status.warnings
        self.warnings.set(tuple(line for line in (*own, *told) if line))

    def _collect_replies(self) -> None:
        for number, reply in self.connection.replies():
            self.controls.answered(number)
            self._say(reply.text, Level.GOOD if reply.ok else Level.BAD)

    def _say(self, text: str, level: Level) -> None:
        self._note_until = self._clock() + _NOTE_SECONDS
        self.note.set(Note(text, level))


_WORDS: Final = {Action.LIVE: "live", Action.RECORD: "record", Action.END: "end show"}


def banner(situation: Situation) -> Banner:
    """What an operator is told while no show answers; empty while one does."""
    if situation.contact is Contact.GOOD:
        return Banner()
    if situation.fault:
        return Banner("The desk cannot look for shows", f"{situation.fault}.")
    if situation.contact is Contact.CONNECTING:
        return Banner("A show was found", f"Waiting for “{situation.title}” to report.")
    if situation.contact is Contact.SILENT:
        return Banner(
            "The show has stopped answering",
            "Looking for it. What you see is the last that it told.",
        )
    if situation.contact is Contact.ENDED:
        return Banner("The show has ended", "The desk waits here for the next one.")
    if situation.wanted:
        return Banner(f"{situation.wanted} is not running", "The desk waits here for it.")
    return Banner(
        "No show is running",
        "Start one with “encore show” or “encore demo”; the desk finds it by itself.",
    )


def _lamp(status: Status | None, contact: Contact) -> Lamp:
    if contact is Contact.SILENT:
        return _NO_CONTACT
    if contact in (Contact.NONE, Contact.CONNECTING) or status is None:
        return _NO_SHOW
    return _LAMPS[status.state]


def _figures(status: Status) -> tuple[Figure, ...]:
    rate, target = status.frame_rate, status.target_rate
    return (
        Figure(
            "Frame rate",
            formatting.frame_rate(rate, target),
            formatting.frame_rate_level(rate, target),
        ),
        Figure("Latency", formatting.milliseconds(status.latency_ms)),
        Figure(
            "Dropped",
            formatting.count(status.dropped),
            formatting.dropped_level(status.dropped, status.frames),
        ),
    )


def _cast(status: Status) -> Cast:
    details = (("Input", status.input), ("Song", status.song), ("Use", status.usage))
    return Cast(
        performance=formatting.performance(status.performer, status.avatar),
        details=tuple((name, text or formatting.NOTHING) for name, text in details),
        licence=tuple(status.licence),
    )


def _stage_times(status: Status) -> StageTimes:
    budget = 1000.0 / status.target_rate if status.target_rate > 0 else 0.0
    return StageTimes(tuple(status.stage_ms.items()), budget)


def _output_row(output: OutputStatus, is_known: bool) -> OutputRow:
    """One output's row; of a show that is silent, the last known state is nobody's promise."""
    return OutputRow(
        name=output.name,
        address=formatting.address(output.address),
        state=output.state if is_known else f"{output.state}?",
        level=formatting.output_level(output.state) if is_known else Level.IDLE,
        packets=formatting.count(output.packets),
        dropped=formatting.count(output.dropped),
        size=formatting.data_size(output.bytes),
        detail=output.detail,
    )
