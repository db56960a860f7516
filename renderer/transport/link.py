"""Pass the two ends of a link between engine and media to processes that already run.

The process that owns both of them creates a link, sends each its end, and keeps none: so each end
notices at once when the other's process dies, and the owner then sends both survivors, or their
replacements, a new link. A link is a frame ring and a connection for requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection

import msgspec

from renderer.platform import PLATFORM
from renderer.transport.ring import RingHandle, create_ring
from renderer.transport.shared_file import SharedFile


@dataclass(frozen=True, slots=True)
class Link:
    """One end of a link.

    Attributes:
        view: whose picture it carries.
        ring: the end of the frame ring.
        requests: duplex connection for numbered requests.
    """

    view: str
    ring: RingHandle
    requests: Connection

    def close(self) -> None:
        """Close this process's copy of the end."""
        self.ring.close()
        self.requests.close()


class _Announcement(msgspec.Struct, frozen=True, array_like=True):
    """What precedes the handles of a link."""

    view: str
    shape: tuple[int, ...]
    slots: int


_decoder = msgspec.msgpack.Decoder(_Announcement)


def create_link(view: str, shape: tuple[int, ...], slots: int) -> tuple[Link, Link]:
    """Return the engine's and the media process's end of a new link.

    Args:
        view: whose picture it carries.
        shape: of a frame, uint8.
        slots: number of frames in flight.
    """
    producer, consumer = create_ring(shape, slots)
    ours, theirs = Pipe(duplex=True)
    return Link(view, producer, ours), Link(view, consumer, theirs)


def send_link(channel: Connection, link: Link, pid: int) -> None:
    """Send an end to another process, and close this process's copy.

    Args:
        channel: to that process; only links are sent over it.
        pid: of that process.

    Raises:
        OSError: the process has ended.
    """
    try:
        head = _Announcement(link.view, link.ring.shape, link.ring.slots)
        channel.send_bytes(msgspec.msgpack.encode(head))
        for handle in (
            PLATFORM.export_file(link.ring.memory.descriptor),
            PLATFORM.export_connection(link.ring.pipe),
            PLATFORM.export_connection(link.requests),
        ):
            reduction.send_handle(channel, handle, pid)
    finally:
        link.close()


def receive_link(channel: Connection) -> Link:
    """Wait for the next link, and return it.

    Raises:
        EOFError, OSError: the sender has ended.
    """
    head = _decoder.decode(channel.recv_bytes())
    memory = SharedFile(PLATFORM.import_file(reduction.recv_handle(channel)))
    pipe, requests = (
        PLATFORM.import_connection(reduction.recv_handle(channel), readable=True, writable=True)
        for _ in range(2)
    )
    return Link(head.view, RingHandle(memory, pipe, head.shape, head.slots), requests)
