"""Quantiles of what was seen of a face during the last half a minute."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.maths.vectors import Array

SAMPLE_S: Final = 0.1
"""Seconds between two samples."""

_SAMPLES: Final = 300
"""Number of samples: half a minute."""

_FOLLOW_S: Final = 0.5
"""Time constant [s] with which the value follows the quantile, which steps."""

FIRST_S: Final = 1.0
"""Seconds within which it follows at once: the first quantiles are of few samples."""


class RunningQuantiles:
    """Quantiles of the newest samples of n values.

    Args:
        prior: (n,) values before anything was seen.
        prior_s: seconds that they count; 0 for nothing.
        quantile: 0 to 1.
    """

    def __init__(self, prior: npt.ArrayLike, prior_s: float = 0.0, quantile: float = 0.5) -> None:
        start = np.array(prior, np.float64)
        self._quantile = quantile
        self._added = round(prior_s / SAMPLE_S)
        self._samples = np.tile(start, (_SAMPLES, 1))
        # The same samples by value: as many of each row as have been added.
        self._sorted = np.tile(start[:, None], (1, _SAMPLES))
        self._since_s = SAMPLE_S
        self._seen_s = 0.0
        self._goal: Array = start
        self._value: Array = start

    def update(self, values: Array, dt: float) -> Array:
        """Add values (n,) that are seen for `dt` seconds; return the smoothed quantiles (n,)."""
        self._seen_s += dt
        self._since_s += dt
        # Times of frames are sums of rounded steps.
        if self._since_s >= SAMPLE_S - 1e-6:
            self._since_s = 0.0
            self._goal = add_sample(
                np.array(values, np.float64),
                self._samples[self._added % _SAMPLES],
                self._sorted,
                min(self._added, _SAMPLES),
                self._quantile,
            )
            self._added += 1
        share = 1.0 if self._seen_s <= FIRST_S else min(dt / _FOLLOW_S, 1.0)
        self._value = self._value + share * (self._goal - self._value)
        return self._value

    @property
    def value(self) -> Array:
        """(n,) the smoothed quantiles."""
        return self._value


@compiled
def add_sample(
    values: Array, replaced: Array, ordered: Array, count: int, quantile: float
) -> Array:
    """Add a sample of n values to those that are kept; return the quantiles (n,), interpolated.

    Args:
        values: (n,) the sample.
        replaced: (n,) the place of the sample, which holds the oldest if all places are taken.
        ordered: (n, m) the kept samples in rising order, `count` of each row; updated.
        count: samples kept so far.
        quantile: 0 to 1.
    """
    size, most = ordered.shape
    out = np.empty(size)
    for i in range(size):
        row, known = ordered[i], count
        if known == most:
            # The oldest sample leaves.
            place = min(np.searchsorted(row, replaced[i]), most - 1)
            for k in range(place, most - 1):
                row[k] = row[k + 1]
            known -= 1
        place = np.searchsorted(row[:known], values[i])
        for k in range(known, place, -1):
            row[k] = row[k - 1]
        row[place] = replaced[i] = values[i]
        at = quantile * known
        low = int(at)
        high = min(low + 1, known)
        out[i] = row[low] + (at - low) * (row[high] - row[low])
    return out
