"""Keep the messages of a MIDI device until the show's next frame, and no more than a bound."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from renderer.show.receivers.midi.messages import MidiMessage, MidiParser

KEPT: Final = 512
"""Messages that wait for a frame; a MIDI cable brings about a thousand a second."""


class MidiInbox:
    """Messages between a device's thread, which calls `take_bytes`, and the tick's thread.

    Attributes:
        received: messages that were understood.
        dropped: messages for which there was no room.
    """

    def __init__(self) -> None:
        self._parser = MidiParser()
        self._waiting: deque[MidiMessage] = deque()
        self._lock = threading.Lock()
        self.received = self.dropped = 0

    @property
    def malformed(self) -> int:
        """Return how many bytes and messages made no sense."""
        return self._parser.malformed

    def take_bytes(self, data: bytes) -> None:
        """Take in a message of a device."""
        found = self._parser.feed(data)
        self._parser.end_message()
        with self._lock:
            self.received += len(found)
            for message in found:
                if len(self._waiting) < KEPT:
                    self._waiting.append(message)
                else:
                    self.dropped += 1

    def take(self, most: int) -> list[MidiMessage]:
        """Return the oldest waiting messages."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
