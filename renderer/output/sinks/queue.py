"""Bounded queue between the encoder and one sink."""

from __future__ import annotations

import threading
import time
from collections import deque

from renderer.output.encode.packets import EncodedPacket


class PacketQueue:
    """Packet queue of one sink. When it is full, a live show drops and an offline one waits.

    It starts with a keyframe, and after a drop it resumes at one, since a picture cannot be decoded
    without the previous one. Packets before the first keyframe do not count as dropped.

    Args:
        size: capacity in packets.
        patient: wait for room instead of dropping.
    """

    def __init__(self, size: int, patient: bool) -> None:
        self._size, self._patient = size, patient
        self._packets: deque[EncodedPacket] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._torn = self._keyframe_requested = True
        self._begun = False
        self._waiting_since = 0.0
        self.dropped = 0

    def put(self, packet: EncodedPacket) -> None:
        """Add a packet, or drop it; does nothing once the queue is closed."""
        with self._changed:
            while self._patient and len(self._packets) >= self._size and not self._closed:
                self._changed.wait()
            if self._closed:
                return
            if len(self._packets) >= self._size:
                self._tear()
            elif packet.starts_picture:
                self._torn = False
            if self._torn:
                self.dropped += self._begun
                return
            self._begun = True
            if not self._packets:
                self._waiting_since = time.monotonic()
            self._packets.append(packet)
            self._changed.notify_all()

    def get(self, timeout: float | None = None) -> EncodedPacket | None:
        """Return the next packet; None after `timeout` seconds, or if the queue has ended."""
        with self._changed:
            if not self._packets and not self._closed:
                self._changed.wait(timeout)
            if not self._packets:
                return None
            packet = self._packets.popleft()
            self._waiting_since = time.monotonic()
            self._changed.notify_all()
            return packet

    def clear(self) -> None:
        """Drop all queued packets, and later ones up to a keyframe."""
        with self._changed:
            self.dropped += len(self._packets)
            self._packets.clear()
            self._tear()
            self._changed.notify_all()

    def close(self) -> None:
        """Accept no more packets; queued ones can still be read."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def request_keyframe(self) -> None:
        """Ask for a keyframe, which a viewer who has just joined waits for; nothing is dropped."""
        with self._changed:
            self._keyframe_requested = True

    def take_keyframe_request(self) -> bool:
        """Return whether it needs a keyframe to resume. A request is reported once per gap."""
        with self._changed:
            wish = self._keyframe_requested and len(self._packets) <= self._size // 2
            self._keyframe_requested &= not wish
            return wish

    @property
    def waits(self) -> bool:
        """Return whether a packet is queued."""
        return bool(self._packets)

    @property
    def still_s(self) -> float:
        """Return for how many seconds queued packets have not moved; 0 if there are none."""
        with self._changed:
            return time.monotonic() - self._waiting_since if self._packets else 0.0

    @property
    def fullness(self) -> float:
        """Return the share of the capacity that is used."""
        return len(self._packets) / self._size

    @property
    def ended(self) -> bool:
        """Return whether the queue is empty and closed."""
        return self._closed and not self._packets

    def _tear(self) -> None:
        self._torn = self._keyframe_requested = True
