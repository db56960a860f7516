"""Take in packets with the same heads as those before, without reading them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderer.show.receivers.dmx.packets import DmxPacket
from renderer.show.receivers.dmx.universes import Source, SourceKey, Universe, is_stale

U8 = npt.NDArray[np.uint8]
Own = tuple[frozenset[int], frozenset[bytes]]
"""Ports and identifiers of the show's own output."""


@dataclass(slots=True)
class Route:
    """Where the levels of packets with a known head go.

    Attributes:
        packet: the head; only its sequence number changes.
        host, port: of the sender.
        levels: columns of the receive buffer.
    """

    packet: DmxPacket
    universe: Universe
    key: SourceKey
    host: str
    port: int
    levels: slice


class Repeats:
    """The packets that were taken in last, one for each universe, by which like ones are known.

    Desks send the same universes in the same order, 44 times a second: a comparison of whole arrays
    finds that nothing but levels and sequence numbers has changed.

    Attributes:
        own: the show's own output when the packets were taken in.
        count: number of packets.

    Args:
        routes: of its packets; each universe is there once.
        rows: the receive buffer.
        sizes: of the packets, bytes.
        head: length of a packet's head with its address, bytes.
        zero: what a sequence number of 0 means; None for a source that does not count.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        rows: U8,
        sizes: list[int],
        head: int,
        own: Own,
        zero: int | None,
    ) -> None:
        count = len(routes)
        self._zero = zero
        self.own = own
        self.count = count
        self._sizes = sizes
        self._columns = routes[0].levels
        self._heads = rows[:count, :head].copy()
        self._newest = rows[:count, self._columns].copy()
        length = self._newest.shape[1]
        self._parts: list[tuple[Source, Universe, U8]] = [
            (source, one.universe, one.universe.row_of(source)[:length])
            for one in routes
            for source in (one.universe.sources[one.key],)
        ]

    def matches(self, rows: U8, sizes: list[int]) -> bool:
        """Return whether as many packets are the same, apart from levels and sequence numbers.

        One of a source that has gone silent in between does not count as the same.
        """
        return (
            sizes == self._sizes
            and not any(source.is_gone for source, _, _ in self._parts)
            and np.array_equal(rows[:, : self._heads.shape[1]], self._heads)
        )

    def take(self, rows: U8, sequences: list[int], now_ns: int) -> int:
        """Take in packets that match; return how many were used."""
        levels = rows[:, self._columns]
        changed = (levels != self._newest).any(axis=1).tolist()
        used = 0
        for (source, universe, row), sequence, is_new, one, newest in zip(
            self._parts, sequences, changed, levels, self._newest, strict=True
        ):
            number = sequence or self._zero
            if is_stale(source.sequence, number):
                universe.stale += 1
                continue
            source.sequence = number
            source.heard_ns = now_ns
            source.packets += 1
            used += 1
            if is_new:
                source.newest = b""
                row[:] = newest[:] = one
                universe.changes += 1
        return used


def find_repeats(
    routes: Sequence[Route | None],
    rows: U8,
    sizes: list[int],
    head: int,
    own: Own,
    zero: int | None,
) -> Repeats | None:
    """Return what the last packets of a batch were, each of another universe.

    Args:
        routes: of all packets of the batch; None for those that were not used.
        rows, sizes, head, own, zero: as of Repeats.

    Returns:
        None if they cannot be compared with others as a whole.
    """
    found: list[Route] = []
    for one in reversed(routes):
        if one is None or one.key not in one.universe.sources:
            return None
        if any(one.universe is other.universe for other in found):
            break
        found.append(one)
    first = len(routes) - len(found)
    if len({(one.levels.start, one.levels.stop) for one in found}) != 1:
        return None
    return Repeats(found[::-1], rows[first:], sizes[first:], head, own, zero)
