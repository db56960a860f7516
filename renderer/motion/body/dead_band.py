"""Dead band on rotations: a still performer gives a still idol.

A low-pass removes fast noise, but a detector also drifts slowly, and bones whose lengths are still
being estimated turn with it: no cutoff separates that from a slow movement. So each bone has a dead
band about its output (Prandtl's play operator, like backlash in a bearing): within it the output is
held, beyond it the output is dragged at the band's edge. That follows every movement without a
jump, however slow, and lags by the band at most. Movement closes the band: a bone that moves
steadily is shown where it is seen.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import inverse, multiply
from avatars.maths.vectors import Array, dot, length, normalise, smoothstep

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
            self._output, self._seen, self._speed = seen, seen, np.zeros((len(seen), 3))
            return seen
        self._speed = self._speed + dt / (dt + _SPEED_S) * (
            _rotation_vectors(seen, self._seen) / dt - self._speed
        )
        self._seen = seen
        band = _BAND * (1.0 - smoothstep(length(self._speed), *_MOVING_RATE))
        offset = length(_rotation_vectors(seen, self._output))
        follow = np.maximum(1.0 - band / np.maximum(offset, 1e-9), 0.0)
        seen = seen * np.copysign(1.0, dot(seen, self._output))
        self._output = normalise(self._output + follow * (seen - self._output))
        return self._output


def _rotation_vectors(a: Array, b: Array) -> Array:
    """Return (n, 3) the rotation vectors, to second order, from rotations b (n, 4) to a (n, 4)."""
    turn = multiply(a, inverse(b))
    return np.copysign(2.0, turn[:, 3:]) * turn[:, :3]
