"""The interface of all decoders of datagrams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from renderer.capture.network.records import Tracked

_LONGEST_TEXT: Final = 40
_MOST_NAMES: Final = 8


class PacketError(Exception):
    """A datagram, or an element of one, that is not what its protocol says; states why."""


class StalePacketError(Exception):
    """A datagram that was replayed, or that arrived after one that was sent later."""


@dataclass(slots=True)
class SkippedElements:
    """Counts what a decoder leaves out of datagrams whose other elements it uses.

    Its size is bounded, whatever arrives.

    Attributes:
        count: elements that could not be used.
        fault: why the last of them could not be used; empty if there was none.
        unknown: the first names that belong to no bone.
    """

    count: int = 0
    fault: str = ""
    unknown: tuple[str, ...] = ()

    def add(self, fault: str, count: int = 1) -> None:
        """Count elements that could not be used, the last of them because of `fault`."""
        self.count += count
        self.fault = fault

    def add_unknown(self, name: str) -> None:
        """Note a name that belongs to no bone, each name once."""
        if len(self.unknown) < _MOST_NAMES and (name := printable(name)) not in self.unknown:
            self.unknown += (name,)


class Decoder(Protocol):
    """Makes records of one sender's datagrams; belongs to one thread.

    Attributes:
        skipped: what was left out of the datagrams that were used.
    """

    skipped: SkippedElements

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        """Return the records that this datagram completes, oldest first; often none.

        Raises:
            PacketError: nothing in it can be used.
            StalePacketError: it is older than what came before.
        """
        ...


def printable(text: str) -> str:
    """Return text from the network as a message may show it: short, and on one line."""
    cut = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    return "".join(sign if sign.isprintable() else "�" for sign in cut)
