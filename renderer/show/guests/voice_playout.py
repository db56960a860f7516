"""Play a guest's voice at the times of the guest's motion, in the channel of the mixer."""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.show.guests.voice_codec import BLOCK, BLOCK_NS, DELAY_NS, F32, VoiceDecoder
from renderer.show.guests.voice_packet import GuestVoice
from renderer.transport.samples import SharedSamples, position_at

_STEADY: Final = 720
"""Samples by which voice and motion may be apart before the voice jumps: 15 ms, heard by nobody,
where speeding up or slowing down as the motion does would be a wrong pitch."""
_FADE: Final = 240
"""Samples of a fade around what is missing: 5 ms."""
LEAD_NS: Final = 20_000_000
"""Nanoseconds before it is due at which a block is written, since the mixer runs ahead by up to a
frame; a missing one is then given up."""
_MOST_WAITING: Final = 64
"""Blocks that wait for a missing one: more than a second; a stranger's numbers may be any."""


class VoicePlayout:
    """Decodes one guest's voice.

    Args:
        samples: where the mixer reads it.

    Attributes:
        lost: blocks that never came in time.
        refused: packets that are no sound.
    """

    def __init__(self, samples: SharedSamples) -> None:
        self._samples = samples
        self._fade: F32 = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)
        self.lost = self.refused = 0
        self.restart()

    def restart(self) -> None:
        """Begin another connection, whose numbers are new."""
        self._decoder = VoiceDecoder()
        self._next = 0
        self._waiting: dict[int, tuple[bytes, int]] = {}
        self._due: int | None = None
        self._end = 0
        self._tail: F32 = np.zeros(_FADE, np.float32)

    def take(self, voice: GuestVoice, play_ns: int, now_ns: int) -> None:
        """Take in what a message brings that has not been written yet, and write what is next.

        Args:
            voice: of the guest.
            play_ns: on the show's clock, when the motion of its first sample is shown.
            now_ns: of the show's clock.
        """
        if voice.before:
            self._keep(voice.number - 1, voice.before, play_ns - BLOCK_NS)
        self._keep(voice.number, voice.packet, play_ns)
        self.write_due(now_ns)

    def write_due(self, now_ns: int) -> None:
        """Write the blocks that follow what has been written, and skip one that is too late."""
        waiting = self._waiting
        while waiting:
            number = min(waiting)
            packet, play_ns = waiting[number]
            hurries = play_ns - (number - self._next) * BLOCK_NS - LEAD_NS <= now_ns
            if number > self._next and not hurries and len(waiting) <= _MOST_WAITING:
                return
            del waiting[number]
            self._write(number, packet, play_ns)

    def _keep(self, number: int, packet: bytes, play_ns: int) -> None:
        if number >= self._next:
            self._waiting.setdefault(number, (packet, play_ns))

    def _write(self, number: int, packet: bytes, play_ns: int) -> None:
        missing, self._next = number - self._next, number + 1
        wanted = position_at(play_ns - DELAY_NS)
        position = wanted
        if self._due is not None:
            self.lost += missing
            position = self._due + missing * BLOCK
            if abs(wanted - position) > _STEADY:
                position = wanted
        is_first, self._due = self._due is None, position + BLOCK
        block = self._decoder.decode(packet)
        if block is None:
            self.refused += 1
            return
        if position != self._end:
            block[:_FADE] *= self._fade
            if not is_first:
                self._bridge(block, position)
        self._samples.write(position, block)
        self._tail[:] = block[-_FADE:]
        self._end = position + BLOCK

    def _bridge(self, block: F32, position: int) -> None:
        """Fade out what was written last, into a gap or under the beginning of a block."""
        if self._end < position:
            self._samples.write(self._end, self._tail[::-1] * self._fade[::-1])
            return
        before = np.empty(_FADE, np.float32)
        self._samples.read(position, before)
        block[:_FADE] += before * self._fade[::-1]
