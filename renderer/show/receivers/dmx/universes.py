"""Merge the levels of several sources a universe, and drop sources that have gone.

The sources of the highest priority win (E1.31-2018, 6.2.3). Among them, the highest level takes
precedence (HTP), or the level that changed last (LTP). A source that is silent for 2.5 s is lost
(E1.31-2018, 6.7.1); while none is left, the universe keeps its last levels, as a fixture would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from renderer.show.receivers.dmx.packets import CHANNELS, DmxPacket

U8 = npt.NDArray[np.uint8]

LOST_NS: Final = 2_500_000_000
MOST_SOURCES: Final = 8
"""Sources of a universe; a further one is refused."""
MOST_UNIVERSES: Final = 256
_STALE: Final = 20
"""Steps by which a sequence number may lie back and is late or repeated; a source that lies back
further has begun again (E1.31-2018, 6.7.2)."""

SourceKey = tuple[str, str, bytes]
"""Protocol, host, and CID."""


@dataclass(slots=True)
class Source:
    """A source of a universe.

    Attributes:
        row: of its levels in the universe.
        heard_ns: when its newest packet came.
        newest: its levels, by which packets that change nothing are known; empty for unknown ones.
        is_gone: whether the universe does not have it any more.
    """

    row: int
    host: str
    name: str
    protocol: str
    priority: int
    sequence: int | None
    heard_ns: int
    packets: int = 0
    newest: bytes = b""
    is_gone: bool = False


class Universe:
    """The levels of a universe.

    Attributes:
        number: of the show.
        sources: that are heard.
        levels: (512,) merged; valid after `merge`.
        changes: counts packets that changed something, so that readers find what is new.
        stale: packets that were late or repeated.
        lost: sources that went silent.
        refused: packets of more sources than a universe takes.
    """

    def __init__(self, number: int, merge: Literal["htp", "ltp"]) -> None:
        self.number = number
        self.sources: dict[SourceKey, Source] = {}
        self.levels: U8 = np.zeros(CHANNELS, np.uint8)
        self.changes = self.stale = self.lost = self.refused = 0
        self._is_htp = merge == "htp"
        self._rows: U8 = np.zeros((MOST_SOURCES, CHANNELS), np.uint8)
        self._changed_at = np.zeros((MOST_SOURCES, CHANNELS), np.int64)
        self._merged = -1

    def take(self, packet: DmxPacket, key: SourceKey, levels: U8, now_ns: int) -> bool:
        """Take in a packet's levels; return whether they were used."""
        source = self.sources.get(key)
        if source is None:
            self._drop_lost(now_ns)
            if packet.is_end or len(self.sources) >= MOST_SOURCES:
                self.refused += not packet.is_end
                return False
            used = {one.row for one in self.sources.values()}
            row = next(row for row in range(MOST_SOURCES) if row not in used)
            self._rows[row] = 0
            self._changed_at[row] = 0
            source = self.sources[key] = Source(
                row, key[1], packet.name, key[0], packet.priority, None, now_ns
            )
        elif is_stale(source.sequence, packet.sequence):
            self.stale += 1
            return False
        if packet.is_end:
            self.sources.pop(key).is_gone = True
            self.changes += 1
            return True
        is_same = source.priority == packet.priority
        source.sequence, source.priority = packet.sequence, packet.priority
        source.heard_ns = now_ns
        source.packets += 1
        newest = levels.tobytes()
        if newest == source.newest and is_same:
            return True
        source.newest = newest
        row = self._rows[source.row]
        if not self._is_htp:
            length = len(levels)
            self._changed_at[source.row, :length][row[:length] != levels] = now_ns
        row[: len(levels)] = levels
        self.changes += 1
        return True

    def row_of(self, source: Source) -> U8:
        """Return the levels of a source, (512,); valid until it is gone."""
        row: U8 = self._rows[source.row]
        return row

    def merge(self, now_ns: int) -> U8:
        """Return the merged levels, (512,); the same array at every call."""
        if self.sources and self._oldest_ns() < now_ns - LOST_NS and self._drop_lost(now_ns):
            self.changes += 1
        if self.changes == self._merged or not self.sources:
            return self.levels
        self._merged = self.changes
        if len(self.sources) == 1:
            (source,) = self.sources.values()
            self.levels[:] = self._rows[source.row]
            return self.levels
        top = max(one.priority for one in self.sources.values())
        rows = [one.row for one in self.sources.values() if one.priority == top]
        if self._is_htp:
            np.max(self._rows[rows], axis=0, out=self.levels)
        else:
            newest = np.argmax(self._changed_at[rows], axis=0)
            self.levels[:] = self._rows[rows][newest, np.arange(CHANNELS)]
        return self.levels

    def _oldest_ns(self) -> int:
        """Return when the source was heard that has been silent for longest."""
        if len(self.sources) == 1:
            (source,) = self.sources.values()
            return source.heard_ns
        return min(one.heard_ns for one in self.sources.values())

    def _drop_lost(self, now_ns: int) -> bool:
        gone = [key for key, one in self.sources.items() if now_ns - one.heard_ns > LOST_NS]
        for key in gone:
            self.sources.pop(key).is_gone = True
        self.lost += len(gone)
        return bool(gone)


class UniverseTable:
    """All universes of a show. Belongs to the thread that draws.

    Attributes:
        is_htp: whether the highest level takes precedence, otherwise the latest one.
    """

    def __init__(self, merge: Literal["htp", "ltp"] = "htp") -> None:
        self.universes: dict[int, Universe] = {}
        self._merge = merge
        self.is_htp = merge == "htp"

    def get(self, number: int) -> Universe | None:
        """Return a universe, which is made at its first packet; None if there are too many."""
        found = self.universes.get(number)
        if found is None and len(self.universes) < MOST_UNIVERSES:
            found = self.universes[number] = Universe(number, self._merge)
        return found

    def read(self, now_ns: int, seen: dict[int, int]) -> list[Universe]:
        """Merge and return the universes with new levels; `seen` keeps what a reader knows."""
        fresh = []
        for one in self.universes.values():
            one.merge(now_ns)
            if seen.get(one.number) != one.changes:
                seen[one.number] = one.changes
                fresh.append(one)
        return fresh


def is_stale(before: int | None, now: int | None) -> bool:
    """Return whether a sequence number says that a packet is late or repeated."""
    if before is None or now is None:
        return False
    return -_STALE < (now - before + 128) % 256 - 128 <= 0
