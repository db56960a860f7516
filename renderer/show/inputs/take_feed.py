"""Play a recorded take as a show's input: everything recorded is solved again."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Final

import numpy as np

from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.process.messages import SourceInfo
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.sources import Entry, Event, Posed
from renderer.motion.takes.read import Take, open_take
from renderer.motion.takes.replay import sensor_entries, sort_by_time
from renderer.rights.takes.encryption import unlock_take
from renderer.show.inputs.health import Flow, Health

_LOOKED_AT_NS: Final = 10_000_000_000
"""Nanoseconds at a take's start that are read to find its performers and its rate."""
_RATE: Final = 30.0
_RECENT_NS: Final = 1_000_000_000
"""Nanoseconds of entries that an engine which goes on with a show still solves, so that its filters
start from the performer's pose."""


class TakeFeed:
    """Plays a take from its beginning, on the show's clock.

    Attributes:
        performers: number of performers in the take.
    """

    def __init__(self, path: Path, *, live: bool, began_ns: int | None = None) -> None:
        """Open the take.

        Args:
            live: the first entry is due at the first request; otherwise at 0.
            began_ns: live, when the first entry was due in an earlier engine, monotonic
                nanoseconds; what has passed since is skipped.

        Raises:
            MotionError: it is no take, or contains no performer.
        """
        self._take = open_take(path, unlock_take)
        first = _beginning(self._take)
        if not first:
            raise MotionError(f"Take {path}", "holds nothing of any performer", "choose another")
        self.performers = 1 + max(entry.performer for entry in first)
        times = [
            e.t_ns
            for e in first
            if e.performer == 0 and isinstance(e.record, Observation) and e.record.camera == 0
        ]
        step_ns = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
        rate = 1e9 / step_ns if step_ns > 0.0 else _RATE
        size = next((e.record.size for e in first if isinstance(e.record, Observation)), (0, 0))
        self.info = SourceInfo(path.name, size, rate, 0, None)
        self._entries = _in_time(self._take)
        self._next = next(self._entries, None)
        self._start_ns = first[0].t_ns
        self._shift_ns = None if live else -self._start_ns
        self._skips = began_ns is not None
        if began_ns is not None:
            self._shift_ns = began_ns - self._start_ns
        self.dropped = 0
        self.lost = False
        self.end_ns = 0

    @property
    def began_ns(self) -> int | None:
        """See Feed."""
        return None if self._shift_ns is None else self._start_ns + self._shift_ns

    @property
    def warnings(self) -> list[str]:
        """See Feed."""
        return self._take.warnings

    @property
    def losses(self) -> Mapping[str, str]:
        """See Feed."""
        return {f"loss.{n}": text for n, text in enumerate(self._take.warnings, 1)}

    @property
    def ended(self) -> bool:
        """See Feed."""
        return self._next is None

    @property
    def health(self) -> Health:
        """See Feed."""
        if self.ended:
            return Health(Flow.ENDED, detail=self.broken_off)
        return Health(Flow.FLOWING, self.info.rate)

    @property
    def broken_off(self) -> str:
        """See Feed."""
        return "; ".join(self._take.warnings)

    def await_person(self) -> None:
        """Return at once: a take without a performer cannot be opened."""

    def until(self, t_ns: int) -> Iterator[Entry]:
        """See Feed."""
        if self._shift_ns is None:
            self._shift_ns = t_ns - self._start_ns
        if self._skips:
            self._skips = False
            while self._next is not None and self._next.t_ns + self._shift_ns < t_ns - _RECENT_NS:
                self._next = next(self._entries, None)
        while self._next is not None and self._next.t_ns + self._shift_ns <= t_ns:
            yield _shift_times(self._next, self._shift_ns)
            self._next = next(self._entries, None)

    def close(self) -> None:
        """Close the file."""
        self._next = None
        self._entries.close()


def _in_time(take: Take) -> Generator[Entry, None, None]:
    yield from sort_by_time(sensor_entries(take))


def _beginning(take: Take) -> list[Entry]:
    entries = _in_time(take)
    first = next(entries, None)
    if first is None:
        return []
    until_ns = first.t_ns + _LOOKED_AT_NS
    return [first, *takewhile(lambda entry: entry.t_ns < until_ns, entries)]


def _shift_times(entry: Entry, by_ns: int) -> Entry:
    record = entry.record
    if isinstance(record, Event | Posed) or not by_ns:
        return entry
    if isinstance(record, VowelFrame):
        return replace(entry, record=replace(record, t_ns=record.t_ns + by_ns))
    return replace(entry, record=replace(record, t_seen_ns=record.t_seen_ns + by_ns))
