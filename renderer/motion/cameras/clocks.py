"""Aligns the clocks of cameras by the movement that they see.

Every joint's speed is a signal that all cameras share, up to the direction that each cannot see.
The vertical one all upright cameras see alike, so its speed counts. The signals are resampled at
one rate, whatever the cameras' own, and cross-correlated; a parabola through the peak and its
neighbours gives the offset to a fraction of a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array

_RATE: Final = 120.0
"""Samples per second of the resampled signals."""

_SMOOTH_S: Final = 0.06
"""Standard deviation in seconds of the smoothing of the speeds: a landmark's noise differs between
cameras, its movement does not."""

_JOINTS: Final = np.array([13, 14, 15, 16, 25, 26, 27, 28])
"""Elbows, wrists, knees and ankles."""

_DOWN: Final = 1
"""Component of slopes along the vertical."""

_USUAL: Final = 4.0
"""Multiple of a joint's median speed to which its speeds are limited: a landmark that leaps for a
frame is no movement."""

_FEWEST_S: Final = 0.5
"""Shortest common time in seconds over which signals are compared."""

_SURE: Final = 0.5
"""Correlation from which an offset is trusted."""

_STILL: Final = 0.15
"""Standard deviation of joint speeds, body widths per second, below which nobody moved."""


@dataclass(frozen=True, slots=True)
class Offset:
    """The offset between two clocks.

    Attributes:
        seconds: to add to the second's times so that they agree with the first's.
        correlation: of the joints' speeds at this offset, -1 to 1.
        moved: whether the performer moved enough for the offset to be found.
    """

    seconds: float
    correlation: float
    moved: bool

    @property
    def is_sure(self) -> bool:
        """Return whether the offset can be trusted."""
        return self.moved and self.correlation >= _SURE


def joint_speeds(times: Array, slopes: Array, widths: Array) -> Array:
    """Compute the vertical speeds of the joints that move most.

    Args:
        times: (n,) seconds, rising.
        slopes: (n, 33, 2); NaN where not seen.
        widths: (n,) the body's extent in slopes.

    Returns:
        (n, 8) extents per second, downwards; NaN where a joint is not seen.
    """
    steps = np.diff(slopes[:, _JOINTS, _DOWN], axis=0)
    dt = np.maximum(np.diff(times), 1e-6)[:, None]
    speed = steps / dt / np.maximum(widths[1:, None], 1e-6)
    return np.concatenate((speed[:1], speed)) if len(speed) else np.zeros((len(times), 8))


def find_offset(
    first: tuple[Array, Array], second: tuple[Array, Array], longest_s: float
) -> Offset:
    """Find the offset of the second clock from the first.

    Args:
        first: (n,) seconds and (n, j) speeds of the first camera.
        second: the same of the other camera.
        longest_s: largest offset that is possible, seconds.
    """
    (begin_a, a), (begin_b, b) = _resample(*first), _resample(*second)
    if len(a) < 2 or len(b) < 2:
        return Offset(0.0, 0.0, moved=False)
    moved = min(_spread(a), _spread(b)) > _STILL
    # The second is shifted by `lag` samples later than where its own times put it.
    shift = round((begin_b - begin_a) * _RATE)
    reach = round(longest_s * _RATE)
    lags = np.arange(-reach, reach + 1)
    scores = np.array([_correlate(a, b, int(lag) + shift) for lag in lags])
    if not np.isfinite(scores).any():
        return Offset(0.0, 0.0, moved)
    best = int(np.nanargmax(scores))
    fraction = _vertex(scores, best)
    exact = (lags[best] + fraction) / _RATE + (shift / _RATE - (begin_b - begin_a))
    return Offset(float(exact), float(scores[best]), moved)


def align_clocks(speeds: Sequence[tuple[Array, Array]], longest_s: float) -> list[Offset]:
    """Return the offset of every camera's clock from the first one's; the first's is 0."""
    return [Offset(0.0, 1.0, moved=True)] + [
        find_offset(speeds[0], other, longest_s) for other in speeds[1:]
    ]


def _resample(times: Array, speeds: Array) -> tuple[float, Array]:
    """Return the time of the first sample and (m, j) smoothed speeds at _RATE."""
    if len(times) < 3:
        return 0.0, np.zeros((0, speeds.shape[1]))
    grid = np.arange(times[0], times[-1], 1.0 / _RATE)
    # A step's speed holds between its two frames: it belongs to their middle.
    middle = np.concatenate((times[:1], 0.5 * (times[1:] + times[:-1])))
    out = np.empty((len(grid), speeds.shape[1]))
    for joint, signal in enumerate(speeds.T):
        known = np.isfinite(signal)
        if known.sum() < 2:
            out[:, joint] = np.nan
            continue
        usual = _USUAL * float(np.median(np.abs(signal[known])))
        out[:, joint] = np.interp(grid, middle[known], np.clip(signal[known], -usual, usual))
    radius = int(3.0 * _SMOOTH_S * _RATE)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / (_SMOOTH_S * _RATE)) ** 2)
    kernel /= kernel.sum()
    for joint in range(out.shape[1]):
        padded = np.pad(out[:, joint], radius, mode="edge")
        out[:, joint] = np.convolve(padded, kernel, mode="valid")
    return float(times[0]), out


def _spread(signals: Array) -> float:
    """Return the median standard deviation of the joints' speeds that are known."""
    known = np.isfinite(signals).all(axis=0)
    return float(np.median(signals[:, known].std(axis=0))) if known.any() else 0.0


def _correlate(a: Array, b: Array, lag: int) -> float:
    """Return the joints' correlation with b begun `lag` samples after a; NaN if short."""
    start, end = max(lag, 0), min(lag + len(b), len(a))
    if end - start < _FEWEST_S * _RATE:
        return float("nan")
    x, y = a[start:end], b[start - lag : end - lag]
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    usable: npt.NDArray[np.bool_] = np.isfinite(x).all(axis=0) & np.isfinite(y).all(axis=0)
    x, y = x[:, usable], y[:, usable]
    both = float(np.sqrt((x * x).sum() * (y * y).sum()))
    if not both > 0.0:
        return float("nan")
    # Much common time is worth more than little.
    share = min((end - start) / min(len(a), len(b)), 1.0)
    return float((x * y).sum() / both * share**0.25)


def _vertex(scores: Array, best: int) -> float:
    """Return the offset of a parabola's vertex through a peak and its neighbours, samples."""
    if not 0 < best < len(scores) - 1:
        return 0.0
    low, peak, high = scores[best - 1 : best + 2].tolist()
    bend = low - 2.0 * peak + high
    if not bend < 0.0:
        return 0.0
    return float(0.5 * (low - high) / bend)
