"""The sections of the desk's window as plain, comparable data, and how a status becomes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renderer.desk import formatting
from renderer.desk.connection import Contact, Situation
from renderer.desk.formatting import Level
from renderer.protocol.messages import OutputStatus, ShowState, Status


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
NO_SHOW: Final = Lamp("NO SHOW", Level.IDLE)
_NO_CONTACT: Final = Lamp("NO CONTACT", Level.WARN)
NO_FIGURES: Final[tuple[Figure, ...]] = (Figure("Frame rate"), Figure("Latency"), Figure("Dropped"))


def banner_of(situation: Situation) -> Banner:
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


def lamp_of(status: Status | None, contact: Contact) -> Lamp:
    """The show's state, or that it is not known."""
    if contact is Contact.SILENT:
        return _NO_CONTACT
    if contact in (Contact.NONE, Contact.CONNECTING) or status is None:
        return NO_SHOW
    return _LAMPS[status.state]


def clock_of(status: Status) -> Clock:
    """How far the show is."""
    return Clock(
        formatting.time_code(status.show_seconds), formatting.length(status.length_seconds)
    )


def figures_of(status: Status) -> tuple[Figure, ...]:
    """Frame rate, latency, dropped frames."""
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


def cast_of(status: Status) -> Cast:
    """Who performs as whom, in what, under which terms."""
    return Cast(
        performance=formatting.performance(status.performer, status.avatar),
        details=(
            ("Seen by", ", ".join(formatting.source(camera.name) for camera in status.cameras)),
            ("Song", formatting.source(status.song)),
            ("Use", formatting.usage(status.usage)),
        ),
        licence=tuple(status.licence),
    )


def stage_times_of(status: Status) -> StageTimes:
    """Each stage's share of the time between two frames."""
    budget = 1000.0 / status.target_rate if status.target_rate > 0 else 0.0
    return StageTimes(tuple(status.stage_ms.items()), budget)


def output_row(output: OutputStatus, is_known: bool) -> OutputRow:
    """One output's row; of a show that is silent, the last known state is nobody's promise."""
    return OutputRow(
        name=output.name,
        address=formatting.address(output.address),
        state=output.state if is_known else f"{output.state}?",
        level=formatting.output_level(output.state) if is_known else Level.IDLE,
        packets=formatting.count(output.packets),
        dropped=formatting.count(output.dropped),
        size=formatting.data_size(output.bytes),
        detail=formatting.without_secrets(output.detail),
    )
