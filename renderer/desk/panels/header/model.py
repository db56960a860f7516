"""Hold the lamp, clock and figures of the header, and derive them from a status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renderer.desk.connection import Contact
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.protocol.show import ShowDocument, ShowHealth, ShowState
from renderer.protocol.status import Status


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value: its name, its text, and its level."""

    name: str
    text: str = formatting.NOTHING
    level: Level = Level.IDLE


@dataclass(frozen=True, slots=True)
class Lamp:
    """The state lamp in the corner."""

    text: str
    level: Level


@dataclass(frozen=True, slots=True)
class Clock:
    """The elapsed time of the show."""

    now: str = "--:--:--"
    length: str = ""


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


def lamp_of(status: Status | None, contact: Contact) -> Lamp:
    """Return the show's state, or that it is unknown."""
    if contact is Contact.SILENT:
        return _NO_CONTACT
    if contact in (Contact.NONE, Contact.CONNECTING) or status is None:
        return NO_SHOW
    return _LAMPS[status.of(ShowHealth).state]


def clock_of(status: Status) -> Clock:
    """Return the elapsed time of the show."""
    return Clock(
        formatting.time_code(status.of(ShowHealth).show_seconds),
        formatting.length(status.of(ShowDocument).length_seconds),
    )


def figures_of(status: Status) -> tuple[Figure, ...]:
    """Return frame rate, latency and dropped frames."""
    show = status.of(ShowHealth)
    rate, target = show.frame_rate, status.of(ShowDocument).target_rate
    return (
        Figure(
            "Frame rate",
            formatting.frame_rate(rate, target),
            formatting.frame_rate_level(rate, target),
        ),
        Figure("Latency", formatting.milliseconds(show.latency_ms)),
        Figure(
            "Dropped",
            formatting.count(show.dropped),
            formatting.dropped_level(show.dropped, show.frames),
        ),
    )
