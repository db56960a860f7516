"""Order a guest's messages by their playout times, and count what was lost or late."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from typing import Final

from renderer.show.guests.packet import GuestMotion

KEPT: Final = 128
"""Messages that wait at most: two seconds; the oldest are dropped."""


class PlayoutQueue:
    """Messages of one guest, in order.

    Attributes:
        late: messages that came after their neighbours were shown.
        dropped: messages for which there was no room.
        taken: messages that were shown.
        lost: numbers missing among those that were shown.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, GuestMotion]] = []
        self._shown_ns = 0
        self._last_number: int | None = None
        self.late = self.dropped = self.taken = self.lost = 0

    def restart(self) -> None:
        """Begin another connection, whose numbers and clock are new."""
        self._waiting.clear()
        self._last_number = None

    def put(self, play_ns: int, message: GuestMotion) -> None:
        """Add a message that is due at a time of the show's clock."""
        if play_ns <= self._shown_ns:
            self.late += 1
            return
        insort(self._waiting, (play_ns, message.number, message), key=lambda one: one[:2])
        if len(self._waiting) > KEPT:
            del self._waiting[0]
            self.dropped += 1

    def take(self, t_ns: int) -> Iterator[tuple[int, GuestMotion]]:
        """Yield the messages due up to a time and the first one after it, with their times.

        The one after it is what lies ahead of the present: motion between two messages is
        interpolated, as long as the network has not lost the next.
        """
        while self._waiting and self._shown_ns <= t_ns:
            play_ns, number, message = self._waiting.pop(0)
            if play_ns <= self._shown_ns:
                continue
            self._shown_ns = play_ns
            if self._last_number is not None and number > self._last_number:
                self.lost += number - self._last_number - 1
            self._last_number = number
            self.taken += 1
            yield play_ns, message
