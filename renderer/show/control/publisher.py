"""Publish the sections of the status, each at its own rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec

from renderer.protocol.schema import Section
from renderer.show.containment import Containment


class Rate(Enum):
    """Rate at which a section is published."""

    HEALTH = "10 times a second"
    POINTS = "30 times a second"
    ON_CHANGE = "when it changes"


_EVERY_S: Final = {Rate.HEALTH: 0.1, Rate.POINTS: 1 / 30, Rate.ON_CHANGE: 0.1}
_EARLY_S: Final = 0.004
"""Seconds by which a section may be early, so that one at 30 per second keeps up with ticks at 30
per second that come slightly early."""

_REPEAT_S: Final = 1.0
"""Seconds after which an unchanged section is repeated, for newly connected desks."""


@dataclass(slots=True)
class _Source:
    rate: Rate
    read: Callable[[], Section]
    name: str
    due: float = 0.0
    sent_at: float = 0.0
    sent: Section | None = None
    revision: int = 0


class SectionPublisher:
    """Reads sections from their sources and publishes those that are due.

    A section that is published on change has a field `revision`. Where its source leaves it 0, the
    publisher counts revisions.
    """

    def __init__(self, send: Callable[[Section], None], containment: Containment) -> None:
        """Start without sections; `send` puts a section on the bus."""
        self._send = send
        self._containment = containment
        self._sources: list[_Source] = []

    def add(self, kind: type[Section], rate: Rate, read: Callable[[], Section]) -> None:
        """Publish a section of this kind at this rate; `read` returns its current state."""
        self._sources.append(_Source(rate, read, kind.__name__))

    def publish_due(self, now: float) -> None:
        """Publish the sections due at `now`, in seconds of a monotonic clock."""
        for source in self._sources:
            if now >= source.due - _EARLY_S:
                late = now - source.due > _EVERY_S[source.rate]
                source.due = (now if late else source.due) + _EVERY_S[source.rate]
                self._publish(source, now)

    def publish_all(self, now: float) -> None:
        """Publish every section, due or not."""
        for source in self._sources:
            source.sent_at = 0.0
            self._publish(source, now)

    def _publish(self, source: _Source, now: float) -> None:
        guard = self._containment.guard(
            f"status.{source.name}", f"The status section {source.name}"
        )
        guard.attempt(lambda: self._read_and_send(source, now))

    def _read_and_send(self, source: _Source, now: float) -> None:
        section = source.read()
        if source.rate is Rate.ON_CHANGE:
            if section != source.sent:
                source.revision += 1
            elif now - source.sent_at < _REPEAT_S:
                return
            source.sent, source.sent_at = section, now
            if getattr(section, "revision", None) == 0:
                section = msgspec.structs.replace(section, revision=source.revision)
        self._send(section)
