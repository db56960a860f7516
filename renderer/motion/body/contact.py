"""Foot contact: standing feet are locked to the floor.

A foot that stays where it is in the image, and is no higher than the other, counts as standing. Its
ball is kept at an anchor: first by shifting the whole body smoothly, and for the remainder by
swinging the leg about its hip. Feet that are lifted or jump are released, and body and leg ease
back to their tracked positions.
"""

from __future__ import annotations

from math import exp, hypot
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, length
from renderer.motion.core.skeleton import ANKLES, HEELS, TOES

_FEET: Final = np.array([ANKLES, HEELS, TOES]).T
"""(2, 3) pose landmarks of the left and the right foot."""

_SPEED_S: Final = 0.06
"""Time constant [s] of the low-pass on a foot's speed in the image."""

_STICK_SPEED: Final = 0.15
"""Metres per second: a foot slower than this starts to stand."""

_LEAVE_SPEED: Final = 0.40
"""Metres per second: a standing foot faster than this is released (hysteresis)."""

_LIFT_HEIGHT: Final = 0.06
"""Metres above the lower foot from which a foot bears no weight."""

_MAX_SHIFT: Final = 0.20
"""Largest shift of the body in metres; beyond it the foot must have slipped unnoticed."""

_ANCHOR_FOLLOW_S: Final = 4.0
"""Time constant [s] at which a standing foot's anchor follows its tracked position."""

_EASE_S: Final = 0.25
"""Time constant [s] at which the body's shift and released legs ease to their target."""

_FIRST_FOLLOW_S: Final = 0.1
"""_ANCHOR_FOLLOW_S when tracking starts [s]. The standing position is known only as well as the
body's proportions are, so the time constant grows with the time tracked."""

_MAX_SWING: Final = 0.12
"""Largest displacement of a foot by swinging its leg, in metres."""


class FootLock:
    """Tracks which of one performer's feet stand, and where they are anchored."""

    def __init__(self) -> None:
        self._seen: Array | None = None
        self._velocity: Array = np.zeros((2, 2))
        self._stands = np.zeros(2, np.bool_)
        self._anchored = np.zeros(2, np.bool_)
        self._anchor: Array = np.zeros((2, 2))
        self._shift: Array = np.zeros(2)
        self._swing: Array = np.zeros((2, 2))
        self._known_s = 0.0

    @property
    def standing(self) -> npt.NDArray[np.bool_]:
        """(2,) whether the left and the right foot bear weight."""
        return self._stands

    def update(self, flat: Array, dt: float) -> None:
        """Update contact and speed from the feet's positions in the image.

        Args:
            flat: (33, 2 or 3) the pose's points, metres, y up, in the image or on the stage; NaN
                where a foot is not seen.
            dt: seconds since the last call; 0 on the first.
        """
        feet = np.add.reduce(flat[_FEET], axis=1) / 3.0
        if not np.isfinite(feet).all():
            self.release()
            return
        if self._seen is None:
            self._velocity = np.zeros_like(feet)
        elif dt > 0.0:
            share = dt / (dt + _SPEED_S)
            self._velocity = self._velocity + share * ((feet - self._seen) / dt - self._velocity)
        self._seen = feet
        self._known_s += dt
        speed = length(self._velocity)[:, 0]
        low = feet[:, 1] - feet[:, 1].min() < _LIFT_HEIGHT
        limit = np.where(self._stands, _LEAVE_SPEED, _STICK_SPEED)
        self._stands = low & (speed < limit)

    def release(self) -> None:
        """Release both feet because they are not seen."""
        self._seen = None
        self._velocity = np.zeros((2, 2))
        self._stands = np.zeros(2, np.bool_)
        self._known_s = 0.0

    def hold(self, balls: Array, dt: float) -> tuple[Array, Array]:
        """Compute the corrections that keep the standing feet at their anchors.

        Args:
            balls: (2, 2) x and z of the balls of both feet as tracked, metres.
            dt: seconds since the last solve.

        Returns:
            (2,) shift of the body along the floor, and (2, 2) further displacement of each foot:
            metres, x and z.
        """
        shown = balls + self._shift + self._swing
        stands = self._stands[:, None]
        new = stands & ~self._anchored[:, None]
        self._anchored = self._stands
        forgive = dt / (dt + min(_FIRST_FOLLOW_S + self._known_s, _ANCHOR_FOLLOW_S))
        self._anchor = np.where(new, shown, self._anchor + forgive * (balls - self._anchor))

        wanted = np.where(stands, self._anchor - balls, 0.0)
        aim = np.add.reduce(wanted, axis=0) / max(int(self._stands.sum()), 1)
        aim = aim * min(1.0, _MAX_SHIFT / max(hypot(*aim.tolist()), 1e-9))
        ease = 1.0 - exp(-dt / _EASE_S)
        self._shift = self._shift + ease * (aim - self._shift)
        swing = np.where(stands, wanted - self._shift, (1.0 - ease) * self._swing)
        swing *= np.minimum(1.0, _MAX_SWING / np.maximum(length(swing), 1e-9))
        # A foot beyond the limits has slipped: its anchor moves to where it is shown.
        self._anchor = np.where(stands, balls + self._shift + swing, self._anchor)
        self._swing = swing
        return self._shift, swing
