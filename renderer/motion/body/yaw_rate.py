"""Yaw rate of a performer from shoulders and hips.

Depth is noisy, so its filter is slow, and a turn changes mostly depth: a body that faces the camera
turns without its landmarks moving in the image. Shoulders and hips together give the body's yaw
rate far better than each point gives its own velocity; the known rotation is removed before the
points are filtered.
"""

from __future__ import annotations

from math import atan2, pi
from typing import Final

from avatars.maths.vectors import Array
from renderer.motion.core.skeleton import HIPS, SHOULDERS

_RATE_S: Final = 0.10
"""Time constant [s] of the low-pass on the yaw rate."""

_NOISE_RATE: Final = 0.5
"""Radians per second below which a turn may be noise."""

_CERTAIN_RATE: Final = 1.2
"""Radians per second above which a turn is certainly one."""

_MAX_RATE: Final = 10.0
"""Radians per second; single measurements are clipped to this."""

_MIN_WIDTH: Final = 0.12
"""Metres between left and right, seen from above, below which a body has no usable heading."""


def heading(points: Array) -> float | None:
    """Compute the yaw of a body (33, 3) [rad]; 0 faces the camera, None if undefined."""
    x, _, z = (
        points[SHOULDERS[0]] - points[SHOULDERS[1]] + points[HIPS[0]] - points[HIPS[1]]
    ).tolist()
    if not x * x + z * z > _MIN_WIDTH**2:
        return None
    return atan2(-z, x)


class YawRateEstimator:
    """Estimates one performer's yaw rate."""

    def __init__(self) -> None:
        self._heading: float | None = None
        self._rate = 0.0

    def predict_turn(self, dt: float) -> float:
        """Predict the radians about +Y by which the body turns in dt seconds."""
        speed = abs(self._rate)
        sure = min(max((speed - _NOISE_RATE) / (_CERTAIN_RATE - _NOISE_RATE), 0.0), 1.0)
        return self._rate * sure * dt

    def update(self, points: Array, dt: float) -> None:
        """Update the rate from points (33, 3), stage axes, dt seconds after the last ones."""
        now = heading(points)
        before, self._heading = self._heading, now
        if now is None or before is None or dt <= 0.0:
            self._rate = 0.0
            return
        step = (now - before + pi) % (2.0 * pi) - pi
        rate = min(max(step / dt, -_MAX_RATE), _MAX_RATE)
        self._rate += dt / (dt + _RATE_S) * (rate - self._rate)
