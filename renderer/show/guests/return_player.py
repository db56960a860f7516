"""Play the show's return to a guest, and tell the show when it is heard."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from renderer.closing import Closing
from renderer.output.sound.lines import Opener, OutputLine, open_real
from renderer.protocol.sound import DeviceState
from renderer.show.guests.return_packet import MOST_AGE_NS, Heard
from renderer.show.guests.voice_codec import BLOCK, DELAY_NS, F32, VoiceDecoder
from renderer.show.guests.voice_packet import GuestVoice

_MOST_MISSING: Final = 10
"""Blocks for which silence is played where they are missing; after more, the sound begins again."""


class ReturnPlayer(Closing):
    """Plays what the show returns, on an output of the guest's machine.

    Args:
        device: as encore devices lists it, or default.
        opener: opens it.
    """

    def __init__(self, device: str, opener: Opener = open_real) -> None:
        self._device = device
        self._line = OutputLine("return", device, opener)
        self._stereo: F32 = np.zeros((2, BLOCK), np.float32)
        self.restart()

    @property
    def fault(self) -> str:
        """Return why nothing is played, a sentence; empty while the device runs."""
        status = self._line.status()
        if status.state is not DeviceState.LOST:
            return ""
        return f"The output {self._device} {status.detail}"

    def restart(self) -> None:
        """Begin another connection."""
        self._decoder = VoiceDecoder()
        self._next = 0
        self._newest: tuple[int, int] | None = None

    def take(self, voice: GuestVoice) -> None:
        """Play a message's sound, and that of the one before if that was lost."""
        missing = voice.number - self._next
        if missing < 0:
            return
        if 0 < missing <= _MOST_MISSING:
            silent = missing - 1 if voice.before else missing
            for _ in range(silent):
                self._stereo[:] = 0.0
                self._line.write(self._stereo)
            if voice.before:
                self._play(voice.before)
        self._next = voice.number + 1
        heard_ns = time.monotonic_ns() + round(self._line.latency_ns)
        self._newest = max(voice.t_ns - DELAY_NS, 0), heard_ns
        self._play(voice.packet)

    def report(self, age_ns: int) -> Heard:
        """Return when the newest sound is heard; a request for the return before any has come.

        Args:
            age_ns: from what the camera sees to the motion that shows it.
        """
        t_ns, heard_ns = self._newest or (0, 0)
        return Heard(t_ns, heard_ns, min(max(age_ns, 0), MOST_AGE_NS))

    def close(self) -> None:
        """Close the device."""
        self._line.close()

    def _play(self, packet: bytes) -> None:
        block = self._decoder.decode(packet)
        if block is None:
            self._stereo[:] = 0.0
        else:
            self._stereo[:] = block
        self._line.write(self._stereo)
