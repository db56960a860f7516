"""Frame OSC packets on a stream by SLIP, as OSC 1.1 and QLab do over TCP.

Source: RFC 1055; the Open Sound Control 1.1 specification puts an END before a packet, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

END, ESC, ESC_END, ESC_ESC = b"\xc0", b"\xdb", b"\xdc", b"\xdd"
LONGEST: Final = 65_536
"""Longest packet, bytes; longer ones are left out."""


def frame(packet: bytes) -> bytes:
    """Return a packet as it is sent on a stream."""
    return END + packet.replace(ESC, ESC + ESC_ESC).replace(END, ESC + ESC_END) + END


class Deframer:
    """Cuts a stream into packets.

    Attributes:
        overlong: packets that were left out because they were longer than LONGEST.
    """

    def __init__(self) -> None:
        self._open = bytearray()
        self._is_skipping = False
        self.overlong = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the packets that these bytes complete; empty ones are left out."""
        *complete, rest = data.split(END)
        for piece in complete:
            packet = bytes(self._open) + piece
            self._open.clear()
            if not self._is_skipping and packet and not self._is_overlong(packet):
                yield packet.replace(ESC + ESC_END, END).replace(ESC + ESC_ESC, ESC)
            self._is_skipping = False
        if not self._is_skipping:
            self._open += rest
        if self._is_overlong(self._open):
            self._open.clear()
            self._is_skipping = True

    def _is_overlong(self, packet: bytes | bytearray) -> bool:
        is_overlong = len(packet) > LONGEST
        self.overlong += is_overlong
        return is_overlong
