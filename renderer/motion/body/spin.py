"""How fast a performer turns about the vertical, from shoulders and hips.

Depth is noisy, so its filter is slow, and a turn moves mostly depth: a body that faces the camera
turns without its landmarks going anywhere in the picture. All four shoulders and hips together say
how fast the whole body turns far better than each point says how fast it goes; what is known so is
taken out before the points are smoothed.
"""

from __future__ import annotations

from math import atan2, pi
from typing import Final

from avatars.maths.vectors import Array
from renderer.motion.core.skeleton import HIPS, SHOULDERS

_RATE_S: Final = 0.10
"""Time over which the rate is smoothed."""

_SLOW: Final = 0.5
_SURE: Final = 1.2
"""Radians a second up to which a turn may be noise, and from which it is one."""

_FASTEST: Final = 10.0

_NARROW: Final = 0.12
"""Metres between left and right below which a body has no heading to speak of."""


def heading(points: Array) -> float | None:
    """Radians about +Y of a body (33, 3) from facing the camera; None where it does not show."""
    x, _, z = (
        points[SHOULDERS[0]] - points[SHOULDERS[1]] + points[HIPS[0]] - points[HIPS[1]]
    ).tolist()
    if not x * x + z * z > _NARROW**2:
        return None
    return atan2(-z, x)


class Spin:
    """The rate of one performer's turn."""

    def __init__(self) -> None:
        self._heading: float | None = None
        self._rate = 0.0

    def predict_turn(self, dt: float) -> float:
        """Radians about +Y by which the body has most likely turned in dt seconds."""
        speed = abs(self._rate)
        sure = min(max((speed - _SLOW) / (_SURE - _SLOW), 0.0), 1.0)
        return self._rate * sure * dt

    def see(self, points: Array, dt: float) -> None:
        """Take in points (33, 3), stage space, dt seconds after the last ones."""
        now = heading(points)
        before, self._heading = self._heading, now
        if now is None or before is None or dt <= 0.0:
            self._rate = 0.0
            return
        step = (now - before + pi) % (2.0 * pi) - pi
        rate = min(max(step / dt, -_FASTEST), _FASTEST)
        self._rate += dt / (dt + _RATE_S) * (rate - self._rate)
