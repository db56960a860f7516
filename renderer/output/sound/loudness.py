"""Measure levels and loudness (EBU R128, ITU-R BS.1770-4), and bring the program to a target.

Our own, rather than pyloudnorm or FFmpeg's ebur128: the first measures whole files only, the second
wants a frame object and a dictionary of texts per block and bus. FFmpeg's is the independent
reference of the tests and of `encore bench sound`.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.compile import compiled
from renderer.output.sound.filters import F32, F64, K_WEIGHTING, run_sections
from renderer.output.sound.settings import RATE
from renderer.protocol.sound import SILENCE_DB

HOP: Final = RATE // 10
"""Samples of a hop: a tenth of a second."""
_MOMENTARY, _SHORT_TERM = 4, 30
"""Hops of a momentary and of a short-term loudness."""
_BINS: Final = 1000
_BIN_LU: Final = 0.1
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
"""LUFS below which a block does not count, and LU below the mean of those that do."""
_OFFSET: Final = -0.691
_LEVEL_S: Final = 0.3
_HORIZON: Final = 300
"""Hops from which the leveller computes the loudness: half a minute, longer than a verse."""
_SETTLE_HOPS: Final = 30
_FAST_DB, _SLOW_DB = 0.3, 0.03
"""Largest change of gain a hop, in the first seconds and later, dB."""
_MOST_GAIN_DB: Final = 12.0
_LEAST_LUFS: Final = -45.0
"""Loudness below which the gain rests: nobody raises the noise of a pause."""


@compiled
def run_meter(
    x: F32, weighted: F32, count: int, hop: int, decay: float, hops: F64, state: F64
) -> int:
    """Accumulate levels and hops; return the number of hops completed.

    Args:
        x, weighted: (2, n) samples, and the K-weighted ones.
        hops: (n,) ring of mean squares, summed over the channels.
        state: (5,) peak, smoothed mean square, sum in the hop, samples in the hop, hops so far.
    """
    peak, square, total, filled, number = state[0], state[1], state[2], state[3], state[4]
    done = 0
    for i in range(count):
        a, b = float(x[0, i]), float(x[1, i])
        peak = max(peak, abs(a), abs(b))
        now = 0.5 * (a * a + b * b)
        square = now + (square - now) * decay
        c, d = float(weighted[0, i]), float(weighted[1, i])
        total += c * c + d * d
        filled += 1.0
        if filled >= hop:
            hops[int(number) % hops.shape[0]] = total / hop
            number += 1.0
            done += 1
            total = 0.0
            filled = 0.0
    state[0], state[1], state[2], state[3], state[4] = peak, square, total, filled, number
    return done


def to_lufs(mean_square: float) -> float:
    """Return the loudness of a K-weighted mean square, summed over the channels."""
    return SILENCE_DB if mean_square <= 1e-12 else _OFFSET + 10.0 * math.log10(mean_square)


def to_db(amplitude: float) -> float:
    """Return an amplitude's level."""
    return SILENCE_DB if amplitude <= 1e-6 else 20.0 * math.log10(amplitude)


class BusMeter:
    """Peak, RMS, momentary, short-term and integrated loudness of a stereo bus."""

    def __init__(self, block: int) -> None:
        self._weighted: F32 = np.zeros((2, block), np.float32)
        self._filter = np.zeros((2, 2, 2))
        self._hops = np.zeros(_HORIZON)
        self._state = np.zeros(5)
        self._decay = math.exp(-1.0 / (_LEVEL_S * RATE))
        self._counts = np.zeros(_BINS)
        self._powers = 10.0 ** ((np.arange(_BINS) * _BIN_LU + _ABSOLUTE_GATE - _OFFSET) / 10.0)

    def run(self, x: F32, count: int) -> int:
        """Measure the first `count` samples of (2, n); return the number of hops completed."""
        run_sections(x, self._weighted, count, K_WEIGHTING, self._filter)
        done = run_meter(x, self._weighted, count, HOP, self._decay, self._hops, self._state)
        for back in range(done):
            # A block of 400 ms every 100 ms, in bins of 0.1 LU from the absolute gate on.
            last = int(self._state[4]) - done + back + 1
            if last >= _MOMENTARY:
                loudness = to_lufs(self._mean(_MOMENTARY, last))
                row = round((loudness - _ABSOLUTE_GATE) / _BIN_LU)
                if row >= 0:
                    self._counts[min(row, _BINS - 1)] += 1.0
        return done

    def take_peak_db(self) -> float:
        """Return the largest sample since the last call."""
        peak, self._state[0] = self._state[0], 0.0
        return to_db(float(peak))

    @property
    def rms_db(self) -> float:
        """Return the level of the last 300 ms."""
        return to_db(math.sqrt(max(float(self._state[1]), 0.0)))

    @property
    def momentary(self) -> float:
        """Return the loudness of the last 400 ms, LUFS."""
        return to_lufs(self._mean(_MOMENTARY, int(self._state[4])))

    @property
    def short_term(self) -> float:
        """Return the loudness of the last 3 s, LUFS."""
        return to_lufs(self._mean(_SHORT_TERM, int(self._state[4])))

    @property
    def integrated(self) -> float:
        """Return the gated loudness since the start, LUFS, within 0.05 LU."""
        total = self._counts.sum()
        if not total:
            return SILENCE_DB
        gate = to_lufs(float(self._counts @ self._powers) / total) + _RELATIVE_GATE
        first = max(0, math.ceil((gate - _ABSOLUTE_GATE) / _BIN_LU))
        loud = self._counts[first:]
        return to_lufs(float(loud @ self._powers[first:]) / max(loud.sum(), 1.0))

    @property
    def recent(self) -> float:
        """Return the gated loudness of the last half minute, LUFS."""
        number = min(int(self._state[4]), _HORIZON)
        hops = self._hops[:number]
        loud = hops[hops > 10.0 ** ((_ABSOLUTE_GATE - _OFFSET) / 10.0)]
        if not loud.size:
            return SILENCE_DB
        gate = loud.mean() * 10.0 ** (_RELATIVE_GATE / 10.0)
        return to_lufs(float(loud[loud >= gate].mean()))

    def _mean(self, number: int, end: int) -> float:
        number = min(number, end)
        if not number:
            return 0.0
        total = 0.0
        for back in range(number):
            total += float(self._hops[(end - 1 - back) % _HORIZON])
        return total / number


class LoudnessControl:
    """Computes the gain that brings the program to a target loudness, slowly.

    Attributes:
        gain_db: now.
    """

    def __init__(self, target: float | None) -> None:
        self._target = target
        self._hops = 0
        self.gain_db = 0.0

    def update(self, meter: BusMeter, hops: int) -> None:
        """Follow the meter of the program before this gain, by a number of hops."""
        if self._target is None or not hops:
            return
        recent = meter.recent
        if recent < _LEAST_LUFS or meter.short_term < _LEAST_LUFS:
            return
        self._hops += hops
        most = (_FAST_DB if self._hops <= _SETTLE_HOPS * 2 else _SLOW_DB) * hops
        wanted = min(max(self._target - recent, -_MOST_GAIN_DB), _MOST_GAIN_DB)
        self.gain_db += min(max(wanted - self.gain_db, -most), most)
