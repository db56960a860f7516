"""Write LTC as audio, block by block, from a generator's position."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.show.receivers.timecode.generator import FrameFollower, TimecodeGenerator
from renderer.show.receivers.timecode.ltc import BITS, write_bits
from renderer.show.receivers.timecode.smpte import SECOND_NS, TimecodeRate, to_label

F32 = npt.NDArray[np.float32]

LEVEL: Final = 0.25
"""Amplitude, -12 dBFS: as line inputs of timecode readers take it."""
_HALVES: Final = 2 * BITS
_LOOK: Final = 480
"""Samples of silence after which the generator is asked again: 10 ms."""


class LtcWriter:
    """Fills blocks of audio. Belongs to the audio's thread.

    Args:
        generator: of the position.
        rate: of the timecode.
        sample_rate: samples a second.

    Attributes:
        frames: that were begun.
        label: of the newest frame; empty before the first one.
    """

    def __init__(self, generator: TimecodeGenerator, rate: TimecodeRate, sample_rate: int) -> None:
        self._follower = FrameFollower(generator, rate)
        self._rate, self._sample_rate = rate, sample_rate
        self._half = sample_rate / (float(rate.exact) * _HALVES)
        self._levels = np.zeros(_HALVES, np.float32)
        self._place = float(_HALVES)
        self._step = 1.0 / self._half
        self._silent = 0
        self._sign = 1.0
        self._before: F32 = np.zeros(2, np.float32)
        self.frames = 0
        self.label = ""

    def fill(self, out: F32, begin_ns: float) -> None:
        """Fill a block (n,).

        Args:
            begin_ns: the machine's clock when its first sample is heard.
        """
        at, count = 0, len(out)
        while at < count:
            if self._silent:
                length = min(self._silent, count - at)
                out[at : at + length] = 0.0
                self._silent -= length
                at += length
                continue
            if self._place >= _HALVES and not self._begin(begin_ns + at / self._sample_rate * 1e9):
                continue
            length = min(count - at, int(np.ceil((_HALVES - self._place) / self._step)))
            places = self._place + np.arange(length) * self._step
            out[at : at + length] = self._levels[np.minimum(places.astype(np.intp), _HALVES - 1)]
            self._place += length * self._step
            at += length
        self._soften(out)

    def _begin(self, t_ns: float) -> bool:
        """Begin the next frame; return False if there is silence before it."""
        found = self._follower.next(t_ns)
        if found is None:
            self._silent, self._place = _LOOK, float(_HALVES)
            return False
        if found.is_jump:
            self._place = float(_HALVES)
            self._silent = round(found.wait_ns / SECOND_NS * self._sample_rate)
        label = to_label(found.number, self._rate)
        self._write(write_bits(label, drops=self._rate.drops, is_25=self._rate.count == 25))
        self._step = found.speed / self._half
        # What the frame before has overshot is part of this one.
        self._place -= _HALVES
        self.frames += 1
        self.label = str(label)
        return not self._silent

    def _write(self, bits: int) -> None:
        """Write the levels of a frame's halves of bits: biphase mark code."""
        for place in range(BITS):
            self._sign = -self._sign
            self._levels[2 * place] = LEVEL * self._sign
            if bits >> place & 1:
                self._sign = -self._sign
            self._levels[2 * place + 1] = LEVEL * self._sign

    def _soften(self, out: F32) -> None:
        """Let edges rise in a few samples, as ST 12-1 asks for."""
        whole = np.concatenate((self._before, out))
        self._before = whole[-2:].copy()
        out[:] = 0.25 * whole[:-2] + 0.5 * whole[1:-1] + 0.25 * whole[2:]
