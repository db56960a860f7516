"""Read a guest's microphone in time with the motion that is sent."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from typing import Final

import numpy as np

from renderer.output.sound.lines import MicrophoneLine, Opener, open_real
from renderer.protocol.sound import DeviceState
from renderer.show.guests.voice_codec import BLOCK, BLOCK_NS, F32, VoiceEncoder
from renderer.show.guests.voice_packet import GuestVoice, encode_voice

_DELAY_NS: Final = 15_000_000
"""Nanoseconds behind now at which the microphone is read; it reads later if its blocks come later.
"""
_AGES: Final = 180
"""Motions whose median age is the picture's delay: three seconds."""
_STEADY_NS: Final = 8_000_000
"""Change of the delay that is not followed: no viewer notices half a frame."""
_MOST_BLOCKS: Final = 5
"""Blocks that are made up for after a pause of the program; earlier ones are left out."""


class VoiceSource:
    """A guest's voice as messages.

    A motion that is sent now shows what the camera saw a moment ago. The voice belongs to the
    motion that shows the same moment, and is stamped with the time at which that is sent.

    Args:
        device, channel: of the microphone; channels count from 1.
        opener: opens it.
    """

    def __init__(self, device: str, channel: int = 1, opener: Opener = open_real) -> None:
        self._line = MicrophoneLine("voice", device, channel, opener)
        self._device = device
        self._encoder = VoiceEncoder()
        self._block: F32 = np.zeros((1, BLOCK), np.float32)
        self._at_ns = time.monotonic_ns()
        self._ages: deque[int] = deque(maxlen=_AGES)
        self._age_ns = 0.0
        self._number = 0
        self._before = b""

    @property
    def fault(self) -> str:
        """Return why nothing is heard, a sentence; empty while the microphone runs."""
        status = self._line.status()
        if status.state is not DeviceState.LOST:
            return ""
        return f"The microphone {self._device} {status.detail}"

    def note_age(self, age_ns: int) -> None:
        """Record how old the newest observation is in the motion that is sent now."""
        self._ages.append(age_ns)
        middle = float(np.median(self._ages))
        if abs(middle - self._age_ns) > _STEADY_NS:
            self._age_ns = middle

    def restart(self) -> None:
        """Begin another connection."""
        self._number, self._before = 0, b""

    def messages(self) -> Iterator[bytes]:
        """Yield what has been sung since the last call."""
        now_ns = time.monotonic_ns()
        self._at_ns = max(self._at_ns, now_ns - _MOST_BLOCKS * BLOCK_NS)
        while self._at_ns + BLOCK_NS <= now_ns:
            self._line.read(self._block, BLOCK, self._at_ns, _DELAY_NS)
            # The line says by how much it reads later than it was asked to.
            heard_ns = self._at_ns - round(self._line.status().delay_ms * 1e6)
            packet = self._encoder.encode(np.clip(self._block[0], -1.0, 1.0))
            stamp_ns = max(heard_ns + round(self._age_ns), 0)
            if packet:
                yield encode_voice(GuestVoice(self._number, stamp_ns, packet, self._before))
                self._number, self._before = self._number + 1, packet
            self._at_ns += BLOCK_NS

    def close(self) -> None:
        """Close the microphone."""
        self._line.close()
