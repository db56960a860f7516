"""Define what a relay needs of a connection to a server, by whichever protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from renderer.output.encode.packets import EncodedPacket
from renderer.output.spec import OutputSpec
from renderer.processes.child import Child


class Transport(Protocol):
    """An open connection, over which packets are sent."""

    def write(self, packet: EncodedPacket) -> bool:
        """Send a packet; return False if it came before the first keyframe and was dropped.

        Raises:
            OSError, av.FFmpegError: the connection is lost.
        """

    def still_s(self) -> float:
        """Return for how many seconds the other side has taken nothing; called every second."""

    def take_keyframe_request(self) -> bool:
        """Return whether a viewer has joined who waits for a keyframe; true once for each."""

    def close(self) -> None:
        """End the stream normally."""

    def discard(self) -> None:
        """Free a connection that is lost."""


Connect = Callable[[Child, OutputSpec, bytes, bool], Transport]
"""Opens a connection, from the relay process, the output, the streams' header, and whether this is
the first connection, after which a server's refusal is awaited. Raises OSError with a clause for
the desk, or libav's errors."""


class TransportError(OSError):
    """A connection failed; the text is a clause for the desk."""


class StreamsChangedError(TransportError):
    """Another encoder goes on, whose streams this connection cannot announce.

    Args:
        header: their description, for the next connection.
    """

    def __init__(self, header: bytes) -> None:
        super().__init__("another encoder goes on; the stream is opened again for it")
        self.header = header
