"""Derive the lamp, the clock and the figures of the top bar from a status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from renderer.desk.connection import Contact
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import NOTHING, Level
from renderer.desk.widgets.observable import Observable
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class Lamp:
    """The state lamp in the corner."""

    text: str
    level: Level


LAMPS: Final = {
    ShowState.STARTING: Lamp("STARTING", Level.WARN),
    ShowState.PREVIEW: Lamp("OFF AIR", Level.IDLE),
    ShowState.ON_AIR: Lamp("ON AIR", Level.LIVE),
    ShowState.STOPPING: Lamp("STOPPING", Level.WARN),
    ShowState.ENDED: Lamp("ENDED", Level.IDLE),
}
NO_SHOW: Final = Lamp("NO SHOW", Level.IDLE)
NO_CONTACT: Final = Lamp("NO CONTACT", Level.BAD)

Column = tuple[str, str, Level]


@dataclass(frozen=True, slots=True)
class HeaderState:
    """What the top bar shows.

    Attributes:
        now: elapsed time of the show.
        columns: name, value and level of each figure.
    """

    lamp: Lamp = NO_SHOW
    now: str = "--:--:--"
    columns: tuple[Column, ...] = ()


class HeaderModel:
    """The top bar's model."""

    sections: tuple[type[Section], ...] = (ShowHealth, ShowDocument)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.state = Observable(header_of(Status(), Contact.NONE, datetime.now()))
        desk.banner.watch(lambda _: self.update(desk.status))

    def update(self, status: Status) -> None:
        """Derive the header from a status."""
        contact = self._desk.connection.situation.contact
        self.state.set(header_of(status, contact, datetime.now()))

    def count_open(self) -> int:
        """Return the number of alarms that nobody has taken care of."""
        return sum(row.is_open for row in self._desk.alarms.value)


def lamp_of(status: Status, contact: Contact) -> Lamp:
    """Return the show's state, or that it is unknown."""
    if contact is Contact.SILENT:
        return NO_CONTACT
    if contact in (Contact.NONE, Contact.CONNECTING):
        return NO_SHOW
    return LAMPS[status.of(ShowHealth).state]


def header_of(status: Status, contact: Contact, now: datetime) -> HeaderState:
    """Return what the top bar shows at a time of day."""
    show, document = status.of(ShowHealth), status.of(ShowDocument)
    is_known = contact in (Contact.GOOD, Contact.ENDED)
    length, elapsed = document.length_seconds, show.show_seconds
    left = max(length - elapsed, 0.0) if length > 0 else -1.0
    ends = f"{now + timedelta(seconds=left):%H:%M}" if left > 0 else NOTHING
    rate, target = show.frame_rate, document.target_rate
    return HeaderState(
        lamp_of(status, contact),
        formatting.time_code(elapsed) if contact is not Contact.NONE else "--:--:--",
        (
            ("Length", formatting.time_code(length) if length > 0 else NOTHING, Level.IDLE),
            ("Left", formatting.time_code(left) if left >= 0 else NOTHING, Level.IDLE),
            ("Ends", ends, Level.IDLE),
            (
                "Frame rate",
                _rate(rate, target) if is_known else NOTHING,
                formatting.frame_rate_level(rate, target) if is_known else Level.IDLE,
            ),
            (
                "Latency",
                formatting.milliseconds(show.latency_ms) if is_known else NOTHING,
                Level.IDLE,
            ),
            (
                "Dropped",
                formatting.count(show.dropped) if is_known else NOTHING,
                formatting.classify_dropped(show.dropped, show.frames) if is_known else Level.IDLE,
            ),
        ),
    )


def _rate(rate: float, target: float) -> str:
    if not rate > 0:
        return NOTHING
    return f"{rate:.1f} / {target:.0f}" if target > 0 else f"{rate:.1f}"
