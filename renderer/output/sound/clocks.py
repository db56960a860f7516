"""Follow a sound device's clock from the times of its blocks."""

from __future__ import annotations

import math
from typing import Final

_WIDE_HZ, _NARROW_HZ = 1.0, 0.05
"""Bandwidth of the loop at the start and later: callbacks jitter by milliseconds, clocks drift over
minutes."""
_SETTLE_S: Final = 4.0
_LOST_NS: Final = 200_000_000
"""A block this far from its expected time begins another stretch: the device had stopped."""
_MOST_SKEW: Final = 0.02
"""Largest difference of rate that is followed: no working device exceeds a thousandth."""


class DeviceClock:
    """Relates sample positions to monotonic time: a delay-locked loop (Adriaensen 2005).

    Args:
        rate: the nominal one, samples per second.
    """

    def __init__(self, rate: float) -> None:
        self._nominal_ns = 1e9 / rate
        self._ns = self._nominal_ns
        self._position = self._age_s = 0.0
        self._time_ns: float | None = None

    @property
    def has_started(self) -> bool:
        """Return whether a block has come."""
        return self._time_ns is not None

    @property
    def drift_ppm(self) -> float:
        """Return by how much the clock runs faster than monotonic time, parts per million."""
        return (self._nominal_ns / self._ns - 1.0) * 1e6

    def note(self, position: float, t_ns: float) -> None:
        """Record that a sample position was passed at a time."""
        before = self._time_ns
        step = position - self._position
        expected = 0.0 if before is None else before + step * self._ns
        if before is None or abs(t_ns - expected) > _LOST_NS:
            self._time_ns, self._position, self._age_s = t_ns, position, 0.0
            return
        if step <= 0:
            return
        seconds = step * self._ns / 1e9
        self._age_s += seconds
        share = min(self._age_s / _SETTLE_S, 1.0)
        hertz = _WIDE_HZ * (_NARROW_HZ / _WIDE_HZ) ** share
        omega = min(2.0 * math.pi * hertz * seconds, 0.5)
        error = t_ns - expected
        self._time_ns = expected + math.sqrt(2.0) * omega * error
        self._ns += omega * omega * error / step
        low, high = 1.0 - _MOST_SKEW, 1.0 + _MOST_SKEW
        self._ns = min(max(self._ns, self._nominal_ns * low), self._nominal_ns * high)
        self._position = position

    def position_at(self, t_ns: float) -> float:
        """Return the position at a time."""
        return self._position + (t_ns - (self._time_ns or 0.0)) / self._ns

    def time_at(self, position: float) -> float:
        """Return the monotonic time, nanoseconds, of a position."""
        return (self._time_ns or 0.0) + (position - self._position) * self._ns
