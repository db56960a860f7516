"""What every decoder of datagrams owes the receiver."""

from __future__ import annotations

from typing import Protocol

from renderer.capture.network.records import Tracked


class PacketError(Exception):
    """A datagram that is not what its protocol says; the message tells why."""


class StalePacketError(Exception):
    """A datagram that was replayed, or that one sent after it overtook."""


class Decoder(Protocol):
    """Makes records of one sender's datagrams; belongs to one thread."""

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        """The records that this datagram completes, oldest first; often none.

        Raises:
            PacketError: it is malformed. What stood in it before the fault may have been taken in.
            StalePacketError: it is older than what came before.
        """
        ...
