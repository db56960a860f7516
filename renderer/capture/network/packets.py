"""Define the interface of the datagram decoders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from renderer.capture.network.records import Tracked

_LONGEST_TEXT: Final = 40
_MOST_NAMES: Final = 8


class PacketError(Exception):
    """A datagram or an element of one violates its protocol; the message says how."""


class StalePacketError(Exception):
    """A datagram was replayed or arrived out of order."""


@dataclass(slots=True)
class SkippedElements:
    """Counts elements that a decoder skips in datagrams it otherwise uses.

    Its size is bounded for any input.

    Attributes:
        count: number of skipped elements.
        fault: why the last one was skipped; empty if there was none.
        unknown: the first unknown bone names.
    """

    count: int = 0
    fault: str = ""
    unknown: tuple[str, ...] = ()

    def add(self, fault: str, count: int = 1) -> None:
        """Count skipped elements; `fault` is the reason of the last one."""
        self.count += count
        self.fault = fault

    def add_unknown(self, name: str) -> None:
        """Record an unknown bone name, each name once."""
        if len(self.unknown) < _MOST_NAMES and (name := printable(name)) not in self.unknown:
            self.unknown += (name,)


class Decoder(Protocol):
    """Decodes one sender's datagrams to records. Not thread-safe.

    Attributes:
        skipped: the elements skipped in datagrams that were used.
    """

    skipped: SkippedElements

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        """Return the records that this datagram completes, oldest first; often none.

        Raises:
            PacketError: it contains no valid element.
            StalePacketError: it was replayed or arrived out of order.
        """
        ...


def printable(text: str) -> str:
    """Shorten text from the network for a message, and replace non-printable characters."""
    cut = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    return "".join(sign if sign.isprintable() else "�" for sign in cut)
