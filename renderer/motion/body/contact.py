"""Feet that stick while they bear weight.

A foot that stays where it is in the picture, no higher than the other, bears weight. Its ball is
kept where it was set down: softly by moving the whole body, and for the rest by swinging the leg
about its hip. Feet that are lifted, or jump, are let go, and body and leg ease back to where they
are seen.
"""

from __future__ import annotations

from math import exp, hypot
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, length
from renderer.motion.core.skeleton import ANKLES, HEELS, TOES

_FEET: Final = np.array([ANKLES, HEELS, TOES]).T
"""(2, 3) the points of the left and of the right foot."""

_SPEED_S: Final = 0.06
"""Time over which a foot's speed in the picture is smoothed."""

_STICKS: Final = 0.15
_LEAVES: Final = 0.40
"""Metres a second below which a foot comes to stand, and above which it leaves."""

_LIFTED: Final = 0.06
"""Metres above the lower foot from which a foot bears no weight."""

_FURTHEST: Final = 0.20
"""Metres by which the body may be moved; beyond it the foot has slipped unseen."""

_FORGIVE_S: Final = 4.0
_EASE_S: Final = 0.25
"""Time in which a standing foot's place follows what is seen, and body and free legs their aim."""

_SETTLE_S: Final = 0.1
"""The first of these times at first: where somebody stands is known as well as how they are built,
so that it grows with the time for which they have been seen."""

_MOST_SWING: Final = 0.12
"""Metres by which a leg is swung."""


class FootLock:
    """Where one performer's feet stand."""

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

    def see(self, flat: Array, dt: float) -> None:
        """Take in where the feet are in the picture.

        Args:
            flat: (33, 2) the pose's points in the picture, metres, y up; feet that are not numbers
                are not seen.
            dt: seconds since the last ones; 0 the first time.
        """
        feet = np.add.reduce(flat[_FEET], axis=1) / 3.0
        if not np.isfinite(feet).all():
            self.lose()
            return
        if self._seen is not None and dt > 0.0:
            share = dt / (dt + _SPEED_S)
            self._velocity = self._velocity + share * ((feet - self._seen) / dt - self._velocity)
        self._seen = feet
        self._known_s += dt
        speed = length(self._velocity)[:, 0]
        low = feet[:, 1] - feet[:, 1].min() < _LIFTED
        limit = np.where(self._stands, _LEAVES, _STICKS)
        self._stands = low & (speed < limit)

    def lose(self) -> None:
        """The feet are not seen: none stands."""
        self._seen = None
        self._velocity = np.zeros((2, 2))
        self._stands = np.zeros(2, np.bool_)
        self._known_s = 0.0

    def hold(self, balls: Array, dt: float) -> tuple[Array, Array]:
        """What keeps the standing feet in their place.

        Args:
            balls: (2, 2) x and z of the balls of both feet where the body is seen, metres.
            dt: seconds since the last solve.

        Returns:
            (2,) how far the body is to be moved along the floor, and (2, 2) how far each foot
            beyond that: metres, x and z.
        """
        shown = balls + self._shift + self._swing
        stands = self._stands[:, None]
        new = stands & ~self._anchored[:, None]
        self._anchored = self._stands
        forgive = dt / (dt + min(_SETTLE_S + self._known_s, _FORGIVE_S))
        self._anchor = np.where(new, shown, self._anchor + forgive * (balls - self._anchor))

        wanted = np.where(stands, self._anchor - balls, 0.0)
        aim = np.add.reduce(wanted, axis=0) / max(int(self._stands.sum()), 1)
        aim = aim * min(1.0, _FURTHEST / max(hypot(*aim.tolist()), 1e-9))
        ease = 1.0 - exp(-dt / _EASE_S)
        self._shift = self._shift + ease * (aim - self._shift)
        swing = np.where(stands, wanted - self._shift, (1.0 - ease) * self._swing)
        swing *= np.minimum(1.0, _MOST_SWING / np.maximum(length(swing), 1e-9))
        # A foot that cannot be held any longer has slipped unseen.
        self._anchor = np.where(stands, balls + self._shift + swing, self._anchor)
        self._swing = swing
        return self._shift, swing
