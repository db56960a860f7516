"""The bounded queue between the encoder and one sink."""

from __future__ import annotations

import threading
from collections import deque

from renderer.output.packets import EncodedPacket


class PacketQueue:
    """Packets for one sink. When it is full, a live show drops, and a rendered one waits.

    What is dropped ends at a keyframe: a picture without the one before it is of no use.

    Args:
        size: packets.
        patient: wait for room instead of dropping.
    """

    def __init__(self, size: int, patient: bool) -> None:
        self._size, self._patient = size, patient
        self._packets: deque[EncodedPacket] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._torn = False
        self.dropped = 0

    def put(self, packet: EncodedPacket) -> None:
        """Add a packet, or drop it; nothing once the queue is closed."""
        with self._changed:
            while self._patient and len(self._packets) >= self._size and not self._closed:
                self._changed.wait()
            if self._closed:
                return
            full = len(self._packets) >= self._size
            self._torn = full or (self._torn and not packet.starts_picture)
            if self._torn:
                self.dropped += 1
                return
            self._packets.append(packet)
            self._changed.notify_all()

    def get(self, timeout: float | None = None) -> EncodedPacket | None:
        """The next packet; None after `timeout` seconds, or if none will come."""
        with self._changed:
            if not self._packets and not self._closed:
                self._changed.wait(timeout)
            if not self._packets:
                return None
            packet = self._packets.popleft()
            self._changed.notify_all()
            return packet

    def clear(self) -> None:
        """Drop all that waits, and what follows up to a keyframe."""
        with self._changed:
            self.dropped += len(self._packets)
            self._packets.clear()
            self._torn = True
            self._changed.notify_all()

    def close(self) -> None:
        """Take no more; what waits can still be got."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def torn(self) -> bool:
        """Whether it drops until a keyframe comes, and could take one."""
        return self._torn and len(self._packets) < self._size // 2

    @property
    def ended(self) -> bool:
        """Whether nothing waits and nothing will come."""
        return self._closed and not self._packets
