"""Reverberate voices: a feedback delay network of eight lines (Jot and Chaigne 1991)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.output.sound.filters import F32, F64
from renderer.output.sound.settings import RATE

_DELAYS: Final = (1123, 1327, 1489, 1693, 1847, 2053, 2203, 2377)
"""Samples of the lines: primes, 23 to 50 ms, a hall's first reflections."""
_LENGTH: Final = 4096
_DECAY_S: Final = 1.8
"""Seconds to -60 dB: a small hall."""
_DAMPING: Final = 0.35
"""Share of the previous sample in each line's low-pass: highs die away first."""


@compiled
def run_network(
    x: F32, out: F32, count: int, lines: F64, at: int, delays: npt.NDArray[np.int64],
    gains: F64, damping: float, damped: F64,
) -> None:  # fmt: skip
    """Add the reverberation of `x` to `out`.

    Args:
        x: (1, n) sum of the sends.
        out: (2, n); even lines are heard left, odd ones right.
        lines: (8, length) rings, written at `at` and after.
        gains: (8,) feedback of each line.
        damped: (8,) low-pass states.
    """
    size, length = lines.shape
    for i in range(count):
        place = (at + i) % length
        total = 0.0
        for k in range(size):
            read = lines[k, (place - delays[k]) % length]
            damped[k] = read + damping * (damped[k] - read)
            total += damped[k] * gains[k]
        # Householder reflection: energy is kept, every line feeds every other.
        shared = 2.0 * total / size
        source = float(x[0, i]) + 1e-20
        for k in range(size):
            fed = damped[k] * gains[k] - shared + source
            lines[k, place] = fed if abs(fed) > 1e-15 else 0.0
            out[k % 2, i] += 0.35 * damped[k]


class Reverb:
    """The program's reverberation, in stereo."""

    def __init__(self) -> None:
        self._lines = np.zeros((len(_DELAYS), _LENGTH))
        self._delays = np.array(_DELAYS)
        self._gains = 10.0 ** (-3.0 * self._delays / RATE / _DECAY_S)
        self._damped = np.zeros(len(_DELAYS))
        self._at = 0

    def run(self, x: F32, out: F32, count: int) -> None:
        """Add the reverberation of the first `count` samples of (1, n) to (2, n)."""
        run_network(
            x, out, count, self._lines, self._at, self._delays, self._gains, _DAMPING, self._damped
        )
        self._at = (self._at + count) % _LENGTH
