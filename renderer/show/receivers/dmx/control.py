"""Take in a show's DMX levels each frame: cue triggers, fixtures, and a live view."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack

from renderer.capture.network.allow import AllowList
from renderer.protocol.control.receivers import DmxHealth, DmxSource, ReceiverStatus, UniverseStatus
from renderer.show.document.entries.control import ControlEntry
from renderer.show.receivers.dmx.output import DmxOutput
from renderer.show.receivers.dmx.receiver import DmxReceiver
from renderer.show.receivers.dmx.universes import Universe, UniverseTable

Fire = Callable[[int, bytes], None]
"""Receives the number and the levels of a universe that has changed."""


class DmxControl:
    """The DMX side of a show. Belongs to the tick's thread.

    Args:
        entry: of the document.
        universes: that fixtures and cues use.
        fire: is called for every universe with new levels.

    Attributes:
        table: of the universes.

    Raises:
        CaptureError: a port cannot be bound.
    """

    def __init__(self, entry: ControlEntry, universes: Collection[int], fire: Fire) -> None:
        self.table = UniverseTable(entry.merge)
        self._fire = fire
        self._seen: dict[int, int] = {}
        self._opened = ExitStack()
        self._receivers: list[DmxReceiver] = []
        try:
            if (artnet := entry.artnet) is not None:
                self._open(
                    DmxReceiver(
                        "Art-Net", self.table, AllowList(artnet.allow), offset=artnet.first,
                        interface=artnet.interface,
                    )
                )  # fmt: skip
            if (sacn := entry.sacn) is not None:
                groups = sorted(one for one in {*universes, *sacn.universes} if one > 0)
                self._open(
                    DmxReceiver(
                        "sACN", self.table, AllowList(sacn.allow), universes=groups,
                        interface=sacn.interface,
                    )
                )  # fmt: skip
        except BaseException:
            self._opened.close()
            raise

    def poll(self, now_ns: int) -> None:
        """Merge what has arrived since the last frame, and fire cues."""
        for receiver in self._receivers:
            receiver.poll()
        for one in self.table.read(now_ns, self._seen):
            self._fire(one.number, one.levels.tobytes())

    def find_driven(self) -> frozenset[int]:
        """Return the universes that a source drives or has driven: they keep their levels."""
        return frozenset(self._seen)

    def leave_out(self, outputs: Iterable[DmxOutput]) -> None:
        """Leave out what the show itself sends, which would otherwise drive it."""
        for output in outputs:
            for one in self._receivers:
                one.own_cids |= {output.cid}
                one.own_ports |= {output.port} - {0}

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of each protocol."""
        return [
            ReceiverStatus(
                name=one.protocol,
                address=f"{one.address}, UDP {one.port}",
                sender=one.sender,
                received=one.received,
                unknown=one.ignored,
                malformed=one.malformed,
                refused=one.refused,
                fault=one.fault,
            )
            for one in self._receivers
        ]

    def health(self) -> DmxHealth:
        """Return the live view of all universes."""
        now_ns = time.monotonic_ns()
        universes = sorted(self.table.universes.values(), key=lambda one: one.number)
        return DmxHealth([_describe(one, now_ns) for one in universes])

    def close(self) -> None:
        """Stop receiving. Idempotent."""
        self._opened.close()

    def _open(self, receiver: DmxReceiver) -> None:
        self._opened.enter_context(receiver)
        self._receivers.append(receiver)


def _describe(one: Universe, now_ns: int) -> UniverseStatus:
    return UniverseStatus(
        one.number,
        [
            DmxSource(
                source.protocol, source.host, source.name, source.priority,
                max(now_ns - source.heard_ns, 0) / 1e9,
            )
            for source in one.sources.values()
        ],
        one.levels.tobytes(), one.stale, one.lost, one.refused,
    )  # fmt: skip
