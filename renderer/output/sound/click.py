"""Play the click: a short tone on every beat of the song, higher on the first of a bar.

Before the song it goes on in its first tempo: its count-in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import numpy as np

from renderer.output.sound.filters import F32
from renderer.output.sound.settings import RATE

_LENGTH: Final = RATE * 4 // 100
_HIGH_HZ, _LOW_HZ = 1760.0, 1175.0
_LEVEL: Final = 0.35
COUNT_IN_BARS: Final = 8
"""Most bars of a count-in."""


class Click:
    """Plays clicks at times of the song.

    Args:
        beats: seconds of the song, ascending.
        beats_per_bar: the first of each has the high tone.
    """

    def __init__(self, beats: Sequence[float], beats_per_bar: int) -> None:
        self._per_bar = max(beats_per_bar, 1)
        numbered = [*_list_before(beats, COUNT_IN_BARS * self._per_bar), *enumerate(beats)]
        self._numbers = [number for number, _ in numbered]
        self._samples = [round(beat * RATE) for _, beat in numbered]
        t = np.arange(_LENGTH) / RATE
        fade = np.exp(-t * 90.0) * np.minimum(t * 2000.0, 1.0) * _LEVEL
        self._tones = [
            (np.sin(2.0 * np.pi * hertz * t) * fade).astype(np.float32)
            for hertz in (_HIGH_HZ, _LOW_HZ)
        ]

    def run(self, out: F32, count: int, sample: int) -> None:
        """Fill (2, n) with the clicks of the song's samples from `sample` on."""
        out[:, :count] = 0.0
        row = bisect_left(self._samples, sample - _LENGTH + 1)
        while row < len(self._samples) and self._samples[row] < sample + count:
            tone = self._tones[0 if self._numbers[row] % self._per_bar == 0 else 1]
            at = self._samples[row] - sample
            first, last = max(at, 0), min(at + _LENGTH, count)
            out[:, first:last] += tone[first - at : last - at]
            row += 1


def _list_before(beats: Sequence[float], most: int) -> list[tuple[int, float]]:
    """Return the beats before the song begins, ascending, with their numbers: -1 is the last one.

    They are below zero: what lies within the song before its first beat is no count-in.
    """
    if len(beats) < 2:
        return []
    first, interval = beats[0], beats[1] - beats[0]
    skipped = max(int(first / interval), 0)
    numbers = range(-most - skipped, 0)
    return [(one, first + one * interval) for one in numbers if first + one * interval < 0.0]
