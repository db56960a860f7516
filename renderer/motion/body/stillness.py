"""A still performer gives a still idol: what strays by less than it can be known stays.

A filter takes out what is quick, but a detector also strays slowly, and bones whose lengths are
still being learnt turn with them: no cutoff parts that from somebody who moves slowly. So each bone
has play about where it is held, as a worn bearing has (Prandtl's play operator): within the play it
is held, beyond it the bone is drawn along at the play's edge. That follows every movement without a
jump, however slow, and is behind by the play at most. A movement takes the play away: a bone that
goes steadily is where it is seen.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import inverse, multiply
from avatars.maths.vectors import Array, dot, length, normalise, smoothstep

_PLAY: Final = float(np.radians(1.2))
"""Of a bone that rests. Of a real still picture most limbs stray by 1° from end to end."""

_MOVES: Final = (0.05, 0.25)
"""Radians a second up to which a bone may rest, and from which it moves for sure."""

_RATE_S: Final = 0.35
"""Time over which a bone's speed is taken: a stray to and fro is no movement."""

_RESET_S: Final = 0.3
"""Bones that were not seen for longer begin anew."""


class Stillness:
    """Holds n rotations that hardly move."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget where the bones are held."""
        self._held: Array | None = None
        self._seen: Array = np.zeros((0, 4))
        self._speed: Array = np.zeros((0, 3))
        self._last_s = 0.0

    def __call__(self, seen: Array, t_ns: int) -> Array:
        """The rotations (n, 4), xyzw, to show for those that are seen at the time t_ns."""
        now = t_ns * 1e-9
        dt, self._last_s = now - self._last_s, now
        if self._held is None or not 0.0 < dt <= _RESET_S:
            self._held, self._seen, self._speed = seen, seen, np.zeros((len(seen), 3))
            return seen
        self._speed = self._speed + dt / (dt + _RATE_S) * (
            _apart(seen, self._seen) / dt - self._speed
        )
        self._seen = seen
        play = _PLAY * (1.0 - smoothstep(length(self._speed), *_MOVES))
        away = length(_apart(seen, self._held))
        drawn = np.maximum(1.0 - play / np.maximum(away, 1e-9), 0.0)
        seen = seen * np.copysign(1.0, dot(seen, self._held))
        self._held = normalise(self._held + drawn * (seen - self._held))
        return self._held


def _apart(a: Array, b: Array) -> Array:
    """(n, 3) the rotation vectors, to second order, from rotations b (n, 4) to a (n, 4)."""
    turn = multiply(a, inverse(b))
    return np.copysign(2.0, turn[:, 3:]) * turn[:, :3]
