"""Seated performers: legs that go out of sight keep the seat, and the hips keep their height.

A seated performer's legs are often hidden behind a table or foreshortened, so that they are trusted
in one frame and not in the next. Legs that are not seen usually stand; those of a performer who was
seen to sit stay as they were, until the legs are seen again or the performer's hips rise.

The hips' height follows from the legs, so every change of what is known about them moves the hips.
The picture shows how much the hips really rose: the height follows that at once, and what the legs
say beyond it at a limited speed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import multiply, rotate
from avatars.maths.vectors import Array
from renderer.motion.core.records import LIMBS
from renderer.motion.core.skeleton import BONE_LIMB, bone_rows

_THIGHS: Final = bone_rows("leftUpperLeg", "rightUpperLeg")
LEG_ROWS: Final = np.flatnonzero(
    np.isin(BONE_LIMB, (LIMBS.index("leftLeg"), LIMBS.index("rightLeg")))
)
"""Rows of both legs' bones."""

_DOWN: Final[Array] = np.array([0.0, -1.0, 0.0])

_RAISED: Final = -0.64
"""Height of a unit thigh's knee end above which it is raised as on a seat: 50° from hanging."""

_SEATED_S: Final = 0.5
"""Seconds with both thighs raised after which a performer sits."""

_STANDS_UP: Final = 0.2
"""Metres by which the hips must rise in the picture while the legs are not seen."""

_SPEED: Final = 0.55
"""Metres per second at which the hips' height follows the legs beyond what the picture shows: 2 cm
a frame at 25 to 30 frames per second."""


class SeatedLegs:
    """Remembers how one performer sits.

    Attributes:
        held: (n, 4) xyzw, local rotations of LEG_ROWS of a performer who sits; None of one who
            does not.
    """

    def __init__(self) -> None:
        self.held: Array | None = None
        self._seated_s = 0.0
        self._rise = 0.0

    def update(self, rotations: Array, seen: bool, rise: float, dt: float) -> None:
        """Update from one frame.

        Args:
            rotations: (55, 4) xyzw, local, as tracked.
            seen: whether both legs are trusted.
            rise: metres by which the hips rose in the picture.
            dt: seconds since the last frame.
        """
        if not seen:
            self._rise = max(self._rise + rise, 0.0)
            if self._rise > _STANDS_UP:
                self.held, self._seated_s = None, 0.0
            return
        self._rise = 0.0
        knees = rotate(multiply(rotations[0], rotations[_THIGHS]), _DOWN)[:, 1]
        self._seated_s = self._seated_s + dt if knees.min() > _RAISED else 0.0
        self.held = rotations[LEG_ROWS].copy() if self._seated_s >= _SEATED_S else None


class HipsHeight:
    """Limits the speed of the hips' height beyond what the picture shows."""

    def __init__(self) -> None:
        self._shown: float | None = None

    def follow(self, height: float, rise: float, dt: float) -> float:
        """Return the height to show.

        Args:
            height: metres, as the legs give it.
            rise: metres by which the hips rose in the picture since the last frame.
            dt: seconds since then.
        """
        if self._shown is None or dt <= 0.0:
            self._shown = height if self._shown is None else self._shown
            return self._shown
        expected = self._shown + rise
        way = _SPEED * dt
        # Between where the hips were and where the picture puts them, any height is plausible.
        low, high = min(self._shown, expected) - way, max(self._shown, expected) + way
        self._shown = min(max(height, low), high)
        return self._shown
