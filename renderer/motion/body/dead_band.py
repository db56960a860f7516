"""Dead band on rotations: a still performer gives a still idol.

A low-pass removes fast noise, but a detector also drifts slowly, and bones whose lengths are still
being estimated turn with it: no cutoff separates that from a slow movement. So each bone has a dead
band about its output (Prandtl's play operator, like backlash in a bearing): within it the output is
held, beyond it the output is dragged at the band's edge. That follows every movement without a
jump, however slow, and lags by the band at most. Movement closes the band: a bone that moves
steadily is shown where it is seen.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np

from avatars.compile import compiled_with
from avatars.maths.vectors import Array
from renderer.motion.core import scalars

_BAND: Final = float(np.radians(1.2))
"""Radians; half width of the band of a resting bone. On a real still picture most limbs stray by 1°
from end to end."""

_MOVING_RATE: Final = (0.05, 0.25)
"""Radians per second below which a bone may rest, and above which it certainly moves."""

_SPEED_S: Final = 0.35
"""Time constant [s] of the low-pass on a bone's angular velocity: straying to and fro is no
movement."""

_RESET_S: Final = 0.3
"""After a longer gap [s] the output restarts at the measured rotations."""


class DeadBand:
    """Holds n rotations that hardly move."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the held rotations."""
        self._output: Array | None = None
        self._seen: Array = np.zeros((0, 4))
        self._speed: Array = np.zeros((0, 3))
        self._last_s = 0.0

    def __call__(self, seen: Array, t_ns: int) -> Array:
        """Return the rotations (n, 4), xyzw, to show for those measured at the time t_ns."""
        now = t_ns * 1e-9
        dt, self._last_s = now - self._last_s, now
        if self._output is None or not 0.0 < dt <= _RESET_S:
            self._output, self._seen = np.ascontiguousarray(seen), seen.copy()
            self._speed = np.zeros((len(seen), 3))
            return seen
        self._output = drag_rotations(
            np.ascontiguousarray(seen), self._output, self._seen, self._speed, dt
        )
        return self._output


@compiled_with(scalars)
def drag_rotations(seen: Array, output: Array, last: Array, speed: Array, dt: float) -> Array:
    """Drag n rotations at the edge of their dead bands; return them (n, 4), xyzw.

    Args:
        seen: (n, 4) xyzw, as measured.
        output: (n, 4) xyzw, as shown.
        last: (n, 4) xyzw, as measured before; replaced.
        speed: (n, 3) radians per second; updated.
        dt: seconds since the last call.
    """
    count = len(seen)
    out = np.empty((count, 4))
    share = dt / (dt + _SPEED_S)
    for i in range(count):
        x, y, z = scalars.rotation_vector(seen[i], last[i])
        speed[i, 0] += share * (x / dt - speed[i, 0])
        speed[i, 1] += share * (y / dt - speed[i, 1])
        speed[i, 2] += share * (z / dt - speed[i, 2])
        rate = sqrt(speed[i, 0] ** 2 + speed[i, 1] ** 2 + speed[i, 2] ** 2)
        band = _BAND * (1.0 - scalars.smooth_step(rate, _MOVING_RATE[0], _MOVING_RATE[1]))
        x, y, z = scalars.rotation_vector(seen[i], output[i])
        follow = max(1.0 - band / max(sqrt(x * x + y * y + z * z), 1e-9), 0.0)
        cosine = 0.0
        for k in range(4):
            cosine += seen[i, k] * output[i, k]
        sign = 1.0 if cosine >= 0.0 else -1.0
        square = 0.0
        for k in range(4):
            out[i, k] = output[i, k] + follow * (sign * seen[i, k] - output[i, k])
            square += out[i, k] ** 2
            last[i, k] = seen[i, k]
        size = max(sqrt(square), 1e-12)
        for k in range(4):
            out[i, k] /= size
    return out
