"""Bounded queue of pictures between the media process's loop and another encoder's thread."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.output.encode.packets import EncodedPacket
from renderer.transport.pixel_layout import PixelLayout

SLOTS: Final = 4
"""Pictures that can wait: 67 ms at 60 frames per second, and 12 MB at 1080p."""
_MOST_SOUND: Final = 500
"""Packets of sound that can wait: ten seconds, after which the encoder is hung."""


@dataclass(frozen=True, slots=True)
class QueuedPicture:
    """A picture to encode; its arguments are those of PictureEncoder.encode."""

    planes: npt.NDArray[np.uint8]
    layout: PixelLayout
    t_program_ns: int
    t_seen_ns: int
    join: bool


Queued = QueuedPicture | list[EncodedPacket]
"""A picture, or the packets of sound that follow the pictures before."""


class PictureQueue:
    """Copies pictures into its own buffers. When they are full, a live show drops the picture.

    Args:
        patient: wait for room instead of dropping.

    Attributes:
        dropped: number of pictures that were dropped.
    """

    def __init__(self, patient: bool) -> None:
        self._patient = patient
        self._items: deque[Queued] = deque()
        self._free: list[npt.NDArray[np.uint8]] = []
        self._made = 0
        self._changed = threading.Condition()
        self._closed = False
        self._owes_keyframe = False
        self.dropped = 0

    def put_picture(
        self,
        planes: npt.NDArray[np.uint8],
        layout: PixelLayout,
        t_program_ns: int,
        t_seen_ns: int,
        join: bool,
    ) -> None:
        """Queue a copy of a picture, or count it as dropped; nothing once the queue is closed."""
        with self._changed:
            self._owes_keyframe |= join
            while self._patient and not self._has_room and not self._closed:
                self._changed.wait()
            if self._closed:
                return
            if not self._has_room:
                self.dropped += 1
                return
            if not self._free:
                self._free.append(np.empty_like(planes))
                self._made += 1
            buffer = self._free.pop()
            np.copyto(buffer, planes)
            self._items.append(
                QueuedPicture(buffer, layout, t_program_ns, t_seen_ns, self._owes_keyframe)
            )
            self._owes_keyframe = False
            self._changed.notify_all()

    def put_sound(self, packets: list[EncodedPacket]) -> None:
        """Queue packets of sound."""
        with self._changed:
            if packets and not self._closed and len(self._items) < _MOST_SOUND:
                self._items.append(packets)
                self._changed.notify_all()

    def get(self) -> Queued | None:
        """Wait for the next item and return it; None if the queue has ended."""
        with self._changed:
            while not self._items and not self._closed:
                self._changed.wait()
            return self._items.popleft() if self._items else None

    def release(self, picture: QueuedPicture) -> None:
        """Give a picture's buffer back."""
        with self._changed:
            self._free.append(picture.planes)
            self._changed.notify_all()

    def close(self) -> None:
        """Accept nothing more; queued items can still be read."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def _has_room(self) -> bool:
        return bool(self._free) or self._made < SLOTS
