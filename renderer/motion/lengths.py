"""How long a performer's bones are, and what that says about depth.

A single camera sees a bone's two image components well and its depth badly. A bone of length L
whose image part has length r leaves |z| = √(L² − r²); the raw depth tells the sign.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.motion.linear import Array, clamp, dot, length
from renderer.motion.skeleton import HIPS, SEGMENTS, SHOULDERS

_PAIRS: Final = np.array([*SEGMENTS.values(), SHOULDERS, HIPS])
SEGMENT_STARTS: Final = _PAIRS[:10, 0]
SEGMENT_ENDS: Final = _PAIRS[:10, 1]

# Metres, of a grown person of 1.65 m as MediaPipe's world points see one (drillis & contini's
# ratios lie within a centimetre or two): upper arm, forearm, thigh, shin, foot, shoulders, hips.
_TYPICAL: Final[Array] = np.array([0.26, 0.24, 0.39, 0.38, 0.18, 0.32, 0.20])
_KIND: Final = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6])

_DEPTH_SIGMA: Final = 0.05
"""Metres; the error of the raw depth difference along one bone."""

FEET_DEPTH_BIAS: Final = 0.15
"""Feet are seen further away than they are by this share of the shin, so that a straight leg looks
bent. Against four-camera triangulation, taking it out lowers the shin's median direction error from
13.2° to 10.1°."""

_MOST: Final = 1.6
"""Calibrated lengths stay within typical / _MOST and typical · _MOST."""


class BoneLengths:
    """Running medians of a performer's bone lengths, the same left and right.

    Each new length moves its estimate by a bounded step towards it (Robbins and Monro's
    approximation of a median), by steps that shrink as the estimate ripens.
    """

    def __init__(self) -> None:
        self._values = _TYPICAL.copy()
        self._count = np.zeros(len(_TYPICAL))

    @property
    def limb(self) -> Array:
        """(10,) metres, in the order of skeleton.SEGMENTS."""
        lengths: Array = self._values[_KIND[:10]]
        return lengths

    @property
    def leg(self) -> tuple[float, float]:
        """Thigh and shin, metres."""
        return float(self._values[2]), float(self._values[3])

    @property
    def feet_bias(self) -> float:
        """Metres by which this performer's feet are seen too far away."""
        return FEET_DEPTH_BIAS * float(self._values[3])

    def update(self, points: Array, visibility: npt.NDArray[np.floating]) -> None:
        """Take in points (33, 3), metres, with their visibility (33,)."""
        ends = points[_PAIRS[:, 1]] - points[_PAIRS[:, 0]]
        seen = np.minimum(visibility[_PAIRS[:, 0]], visibility[_PAIRS[:, 1]]) > 0.6
        error = np.log(np.maximum(length(ends)[:, 0], 1e-3) / self._values[_KIND])
        pull = np.bincount(_KIND, clamp(error / 0.1, -1.0, 1.0) * seen, len(_TYPICAL))
        votes = np.bincount(_KIND, seen, len(_TYPICAL))
        self._count += votes > 0
        rate = 0.05 / (1.0 + self._count / 20.0) + 0.001
        moved = self._values * np.exp(rate * pull / np.maximum(votes, 1.0))
        self._values = clamp(moved, _TYPICAL / _MOST, _TYPICAL * _MOST)


def resolve_depth(vectors: Array, lengths: Array) -> Array:
    """Bones (n, 3) with their depth drawn halfway to what their lengths (n,) allow.

    With Gaussian error σ on the raw depth z the mean of the two candidates ±√(L² − r²), weighted by
    their likelihood, is √(L² − r²) · tanh(z √(L² − r²) / σ²): near zero the sign is not forced.
    Halfway measured best: against four-camera triangulation the median direction error falls from
    17.9° to 17.2° (upper arm), 22.6° to 21.1° (forearm) and 13.2° to 12.7° (shin), and rises from
    9.9° to 10.3° (thigh); torso and feet do worse with it and are left alone.
    """
    flat = vectors[:, :2]
    possible = np.sqrt(np.maximum(lengths**2 - dot(flat, flat)[:, 0], 0.0))
    raw = vectors[:, 2]
    out = vectors.copy()
    out[:, 2] = 0.5 * (raw + possible * np.tanh(raw * possible / _DEPTH_SIGMA**2))
    return out
