"""Limit the program's true peak, with look-ahead."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.output.sound.dynamics import linear, smoothing
from renderer.output.sound.filters import F32, F64

LOOK_AHEAD: Final = 72
"""Samples over which the gain is lowered before a peak: 1.5 ms."""
TAPS: Final = 32
"""Samples that the interpolation filter spans per phase. The 12 of ITU-R BS.1770-4, annex 2, miss
peaks of the highest octave by more than half a decibel."""
DELAY: Final = LOOK_AHEAD + TAPS // 2 - 1
"""Samples by which the limiter's output is later than its input."""
_RING: Final = 256
"""Length of the rings: a power of two, above the look-ahead and the filter."""
_MARGIN_DB: Final = 0.3
"""By how much the gain stays below what four-fold interpolation demands, which misses peaks between
its points."""
_RELEASE: Final = smoothing(0.080)


def _design_phases() -> F64:
    """Return the interpolation filter (4, TAPS): a Kaiser-windowed sinc at four phases."""
    offsets = np.arange(TAPS) - (TAPS // 2 - 1)
    phases = np.empty((4, TAPS))
    for phase in range(4):
        t = offsets - phase / 4.0
        window = np.i0(7.0 * np.sqrt(np.clip(1.0 - (t / (TAPS / 2)) ** 2, 0.0, 1.0))) / np.i0(7.0)
        taps = np.sinc(t) * window
        phases[phase] = taps[::-1] / taps.sum()
    return phases


PHASES: Final = _design_phases()


@compiled
def run_limiter(
    x: F32, out: F32, count: int, ceiling: float, ahead: int, release: float, phases: F64,
    history: F64, needed: F64, held: F64, at: int, state: F64,
) -> None:  # fmt: skip
    """Delay the samples, and lower the gain before every true peak above the ceiling.

    The gain that each sample demands is held over the look-ahead (sliding minimum, released
    exponentially) and averaged over as many samples, so that it reaches its minimum with the peak.

    Args:
        x, out: (2, n).
        phases: (4, taps) interpolation filter.
        history: (2, ring) newest samples; `needed`, `held`: (ring,) gains; all written at `at`.
        state: (3,) released gain, sum of the held gains, least gain.
    """
    mask, taps = needed.shape[0] - 1, phases.shape[1]
    released, total, least = state[0], state[1], state[2]
    for i in range(count):
        place = (at + i) & mask
        peak = 0.0
        for channel in range(2):
            history[channel, place] = x[channel, i]
            for phase in range(phases.shape[0]):
                value = 0.0
                for k in range(taps):
                    value += phases[phase, k] * history[channel, (place - k) & mask]
                peak = max(peak, abs(value))
        needed[place] = min(1.0, ceiling / peak) if peak > 0.0 else 1.0
        low = 1.0
        for k in range(ahead):
            low = min(low, needed[(place - k) & mask])
        # Exact 1 is reached again: below the ceiling the samples pass unchanged.
        released = low if low < released else low + (released - low) * release
        if released > 0.99999:
            released = 1.0
        total += released - held[(place - ahead) & mask]
        held[place] = released
        gain = total / ahead
        if released == 1.0 and gain > 0.99998:
            gain = 1.0
        least = min(least, gain)
        late = (place - ahead - taps // 2 + 1) & mask
        for channel in range(2):
            out[channel, i] = history[channel, late] * gain
    state[0], state[1], state[2] = released, total, least


@compiled
def find_true_peak(x: F32, count: int, phases: F64, history: F64, at: int) -> float:
    """Return the largest true peak of the first `count` samples, four-fold interpolated.

    Args:
        x: (2, n).
        history: (2, ring), written at `at` and after.
    """
    mask, taps = history.shape[1] - 1, phases.shape[1]
    peak = 0.0
    for i in range(count):
        place = (at + i) & mask
        for channel in range(2):
            history[channel, place] = x[channel, i]
            for phase in range(phases.shape[0]):
                value = 0.0
                for k in range(taps):
                    value += phases[phase, k] * history[channel, (place - k) & mask]
                peak = max(peak, abs(value))
    return peak


class TruePeakMeter:
    """Measures the true peak of a bus (ITU-R BS.1770-4, annex 2).

    Attributes:
        peak: the largest so far, linear.
    """

    def __init__(self) -> None:
        self.peak = 0.0
        self._history = np.zeros((2, _RING))
        self._at = 0

    def run(self, x: F32, count: int) -> None:
        """Measure the first `count` samples of (2, n)."""
        self.peak = max(self.peak, find_true_peak(x, count, PHASES, self._history, self._at))
        self._at = (self._at + count) % _RING


class Limiter:
    """Keeps the true peak of the program below a ceiling; its output is DELAY samples late."""

    def __init__(self, ceiling_db: float) -> None:
        self._ceiling = linear(ceiling_db - _MARGIN_DB)
        self._history = np.zeros((2, _RING))
        self._needed: npt.NDArray[np.float64] = np.ones(_RING)
        self._held: npt.NDArray[np.float64] = np.ones(_RING)
        self._state = np.array([1.0, float(LOOK_AHEAD), 1.0])
        self._at = 0

    def run(self, x: F32, out: F32, count: int) -> None:
        """Limit the first `count` samples of (2, n) into `out`."""
        run_limiter(
            x, out, count, self._ceiling, LOOK_AHEAD, _RELEASE, PHASES,
            self._history, self._needed, self._held, self._at, self._state,
        )  # fmt: skip
        self._at = (self._at + count) % _RING

    def take_reduction_db(self) -> float:
        """Return the largest reduction since the last call, dB."""
        least, self._state[2] = self._state[2], 1.0
        return -20.0 * math.log10(max(float(least), 1e-6))
