"""Send a guest what they hear, and measure how long it takes to them and back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from renderer.output.sound.guest_return import return_path
from renderer.show.guests.return_packet import Heard
from renderer.show.guests.voice_codec import BLOCK, F32, RATE, VoiceEncoder
from renderer.show.guests.voice_packet import GuestVoice, encode_voice
from renderer.transport.samples import SharedSamples

_FARTHEST: Final = RATE // 5
"""Samples behind the newest one from which on the sender leaves some out: 0.2 s."""
_KEPT: Final = 40
"""Ways that are kept: ten seconds."""
MOST_WAY_NS: Final = 1_000_000_000
"""Longest way that is believed; the program delays its song by a second at most."""


class ReturnSender:
    """Sends one guest's return from when the guest asks for it.

    Args:
        folder: of the session.
        guest: the name.
    """

    def __init__(self, folder: Path, guest: str) -> None:
        self._path = return_path(folder, guest)
        self._samples: SharedSamples | None = None
        self._block: F32 = np.zeros(BLOCK, np.float32)
        self.restart()

    def restart(self) -> None:
        """Begin another connection, in which nobody has asked for the return yet."""
        self._encoder = VoiceEncoder()
        self._is_wanted = False
        self._at: int | None = None
        self._number, self._before = 0, b""
        self._ways: deque[int] = deque(maxlen=_KEPT)

    def note(self, heard: Heard, heard_ns: int | None) -> None:
        """Take in what the guest says of their return.

        Args:
            heard: of the guest; its first message asks for the return.
            heard_ns: when it was heard, on the show's clock; None if that is not known.
        """
        self._is_wanted = True
        if heard.t_ns and heard_ns is not None:
            way_ns = heard_ns - heard.t_ns + heard.age_ns
            if 0 < way_ns <= MOST_WAY_NS:
                self._ways.append(way_ns)

    @property
    def way_ns(self) -> int:
        """Return the median time from a sample's show time to a motion that answers to it.

        The motion's own way to the show is not in it. 0 if it is not known.
        """
        ways = sorted(self._ways)
        return ways[len(ways) // 2] if ways else 0

    def messages(self) -> Iterator[bytes]:
        """Yield what has been mixed since the last call."""
        if not self._is_wanted:
            return
        if self._samples is None:
            self._samples = SharedSamples.open(self._path)
            if self._samples is None:
                return
        end = self._samples.end
        if self._at is None or not 0 <= end - self._at <= _FARTHEST:
            self._at = max(end - BLOCK, 0)
        while self._at + BLOCK <= end:
            self._samples.read(self._at, self._block)
            packet = self._encoder.encode(np.clip(self._block, -1.0, 1.0))
            t_ns = round(self._at * 1e9 / RATE)
            self._at += BLOCK
            if packet:
                yield encode_voice(GuestVoice(self._number, t_ns, packet, self._before))
                self._number, self._before = self._number + 1, packet

    def close(self) -> None:
        """Unmap the channel. Idempotent."""
        if self._samples is not None:
            self._samples.close()
            self._samples = None
