"""Delay the song in the program, without a click when the delay changes."""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.errors import OutputError
from renderer.output.sound.filters import F32
from renderer.output.sound.resampling import MOST_STEP, design_table, run_reader
from renderer.output.sound.settings import RATE

MOST_DELAY_MS: Final = 1000.0
_RING: Final = 1 << 16
_FAR: Final = RATE * 60 // 1000
"""Samples of a change from which it is faded over, rather than made by running slower or faster."""
_TAPS: Final = 32
"""Least samples of delay at which the ring can be read between samples."""


class SongDelay:
    """A delay line for blocks of stereo sound, without allocating arrays.

    Args:
        block: most samples of a block.
        ms: delay at the beginning.
    """

    def __init__(self, block: int, ms: float) -> None:
        self._ring: F32 = np.zeros((2, _RING), np.float32)
        self._table = design_table(1.0)
        self._before: F32 = np.zeros((2, block), np.float32)
        self._steps: F32 = np.arange(1, block + 1, dtype=np.float32)
        self._fade: F32 = np.zeros(block, np.float32)
        self._wanted = round(ms * RATE / 1000.0)
        self._now = float(self._wanted)
        self._at = 0

    @property
    def ms(self) -> float:
        """Return the delay, milliseconds."""
        return self._wanted * 1000.0 / RATE

    def set(self, ms: float) -> None:
        """Change the delay: by less than 60 ms at half a per cent of the speed, else by a fade.

        Raises:
            OutputError: it is no number from 0 to 1000.
        """
        if not 0.0 <= ms <= MOST_DELAY_MS:
            raise OutputError(f"a song delay of {ms:g} ms", "is out of range", "give 0 to 1000 ms")
        self._wanted = round(ms * RATE / 1000.0)

    def run(self, song: F32, count: int) -> None:
        """Delay the first `count` samples of a block (2, n), in place."""
        at, wanted, now = self._at, self._wanted, self._now
        _copy_in(self._ring, song, at, count)
        if wanted == now:
            if wanted:
                _copy_out(self._ring, song, at - wanted, count)
        elif abs(wanted - now) >= _FAR or min(wanted, now) < _TAPS:
            self._fade_over(song, count, wanted)
            self._now = float(wanted)
        else:
            change = min(max(wanted - now, -MOST_STEP * count), MOST_STEP * count)
            run_reader(self._ring, song, count, at - now, 1.0 - change / count, self._table)
            self._now = now + change
        self._at = (at + count) % _RING

    def _fade_over(self, song: F32, count: int, wanted: int) -> None:
        before, fade = self._before[:, :count], self._fade[:count]
        _copy_out(self._ring, before, self._at - round(self._now), count)
        _copy_out(self._ring, song, self._at - wanted, count)
        np.divide(self._steps[:count], np.float32(count), out=fade)
        out = song[:, :count]
        out -= before
        out *= fade
        out += before


def _copy_in(ring: F32, samples: F32, at: int, count: int) -> None:
    first = min(count, _RING - at)
    ring[:, at : at + first] = samples[:, :first]
    ring[:, : count - first] = samples[:, first:count]


def _copy_out(ring: F32, samples: F32, at: int, count: int) -> None:
    at %= _RING
    first = min(count, _RING - at)
    samples[:, :first] = ring[:, at : at + first]
    samples[:, first:count] = ring[:, : count - first]
