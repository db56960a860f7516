"""Arm appearance: compares an arm's sleeve and skin colours with the performer's.

The colours that capture samples along each arm are compared as chromaticity with a little
brightness. Trunk and face show in every image what the performer wears and looks like; each arm's
own appearance is learnt while the arm is trusted. An arm's distance is the smaller of two means
over its twelve sample places: the distance from its learnt colours nearby, and twice the distance
from trunk and face. An arm that is not learnt yet is compared with the other arm.

Light changes, and a line between joints often misses a thin arm. So an arm is foreign only when its
distance stays, for a while, far above its usual distance and above the other arm's; and places that
look like what is beside the arm, a wall for instance, are ignored.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.capture.records import F32
from renderer.capture.trackers.colours import ARM_PLACES, PLACES
from renderer.motion.trust.colour_gaps import measure_gaps

Bools = npt.NDArray[np.bool_]

_BRIGHTNESS: Final = 0.15
"""Weight of brightness relative to chromaticity; small, since light and shade change it."""
_MAX_DISTANCE: Final = 0.12
"""Distances are clipped to this: a place that misses the arm carries no more information."""
_BODY_FACTOR: Final = 2.0
"""Factor on the distance from trunk and face."""

_MIN_VISIBLE, _MIN_DISTINCT = 8, 6
"""Places of an arm that must be distinct from what is beside it."""
_DISTINCT: Final = 0.02
"""Distance from what is beside the arm above which a place is distinct."""

_SMOOTH_S: Final = 0.2
"""Time constant [s] of the low-pass on an arm's distance."""

_LEARN_TIME_S: Final = 2.0
"""Time constant [s] at which an arm's colours are learnt."""

_USUAL_TIMES_S: Final = (2.0, 8.0)
"""Time constant [s] of an arm's usual distance at first, and once it is known that long."""

_LEARNT_S: Final = 0.4
"""Seconds after which an arm is compared with its own learnt colours instead of the other arm's."""

_OWN_DISTANCE, _OWN_RATIO = 0.035, 1.3
"""The same as a multiple of its usual distance."""
_FOREIGN_DISTANCE, _FOREIGN_RATIO, _FOREIGN_OTHER_RATIO = 0.045, 2.5, 1.8
"""The same as a multiple of the other arm's distance."""
_HYSTERESIS: Final = 0.7
"""Factor on these limits for an arm that is foreign already."""
_FOREIGN_S: Final = 0.2
"""Seconds for which an arm must look foreign."""

_RELEARN_S: Final = np.array([4.0, 8.0])
"""Seconds after which a foreign-looking arm is accepted as the performer's, who wears two kinds of
sleeves or has changed one: for an arm not learnt yet, and for a learnt one."""


class ArmAppearance:
    """Learns and judges the appearance of one performer's arms.

    Attributes:
        own: (2,) whether the left and the right arm clearly looked like the performer's when judged
            last.
    """

    def __init__(self) -> None:
        self.own: Bools = np.zeros(2, np.bool_)
        self._arms: Array = np.full((2, 12, 3), np.nan)
        self._learnt = np.zeros((2, 12, 3))
        self._learnt_s = np.zeros(2)
        self._now = np.full(2, np.nan)
        self._off = np.full(2, np.nan)
        self._usual = np.zeros(2)
        self._usual_s = np.zeros(2)
        self._off_s = np.zeros(2)

    def judge(self, colours: F32 | None, there: Bools, dt: float) -> Bools:
        """Return whether the left and the right arm, (2,), look foreign.

        Args:
            colours: (84, 3) RGB, 0 to 1, as capture samples them; None without colours.
            there: (2,) whether each arm's position is known.
            dt: seconds since the last image.
        """
        seen = _describe_colours(colours)
        self._arms = seen[ARM_PLACES]
        learnt = self._learnt_s >= _LEARNT_S
        gaps = measure_gaps(seen, self._learnt, learnt, _MAX_DISTANCE, _DISTINCT)
        like_arm, like_body, shown, clear = gaps.T
        usable = there & (shown >= _MIN_VISIBLE)
        self._now = np.where(usable, np.minimum(like_arm, _BODY_FACTOR * like_body), np.nan)
        self.own = usable & (like_arm < self._own_limit())

        now = np.where(clear >= _MIN_DISTINCT, self._now, np.nan)
        known = np.where(np.isnan(self._off), now, self._off)
        went = known + (1.0 - np.exp(-dt / _SMOOTH_S)) * (now - known)
        self._off = np.where(np.isnan(now), known, went)
        limit = np.maximum(_FOREIGN_DISTANCE, _FOREIGN_RATIO * self._usual)
        limit *= np.where(self._off_s > _FOREIGN_S, _HYSTERESIS, 1.0)
        off = (self._off > limit) & ~(self._off < _FOREIGN_OTHER_RATIO * self._off[::-1])
        self._off_s = np.where(off, self._off_s + dt, 0.0)
        self._relearn(self._off_s > _RELEARN_S[learnt.astype(np.intp)])
        return np.asarray(self._off_s > _FOREIGN_S)

    def learn(self, trusted: Bools, dt: float) -> None:
        """Learn the appearance of the trusted arms, (2,), from the image judged last.

        Args:
            trusted: (2,) left and right.
            dt: seconds since the last image.
        """
        usable = trusted & ~np.isnan(self._now)
        now = np.where(usable, self._now, 0.0)
        like = np.where(usable & (now < self._own_limit()), dt, 0.0)
        self._learnt_s += like
        share = like / np.clip(self._learnt_s, 1e-3, _LEARN_TIME_S)
        self._learnt += share[:, None, None] * _finite(self._arms - self._learnt)
        # It settles faster at first, but not within the time after which an arm looks foreign.
        self._usual_s += np.where(usable, dt, 0.0)
        share = np.where(usable, dt, 0.0) / np.clip(self._usual_s, *_USUAL_TIMES_S)
        self._usual += share * (now - self._usual)

    @property
    def known_s(self) -> Array:
        """(2,) seconds for which the left and the right arm have been learnt."""
        return self._learnt_s

    def _own_limit(self) -> Array:
        """Return (2,) the distance below which each arm looks like the performer's."""
        return np.maximum(_OWN_DISTANCE, _OWN_RATIO * self._usual)

    def _relearn(self, arms: Bools) -> None:
        """Replace the learnt appearance of these arms, (2,), by the present one."""
        self._learnt[arms] = _finite(self._arms[arms])
        self._learnt_s[arms] = _LEARNT_S
        self._off[arms] = np.nan
        self._off_s[arms] = 0.0


def _describe_colours(colours: F32 | None) -> Array:
    """Return (84, 3) chromaticity and weighted brightness; NaN where unknown."""
    if colours is None:
        return np.full((PLACES, 3), np.nan)
    rgb = np.where((colours >= 0.0) & (colours <= 1.0), colours, np.nan).astype(np.float64)
    total = rgb.sum(axis=1, keepdims=True)
    # Black has no hue: dark colours are drawn towards grey, the more the darker.
    return np.hstack(((rgb[:, :2] + 0.02) / (total + 0.06), _BRIGHTNESS / 3.0 * total))


def _finite(values: Array) -> Array:
    """Replace NaN by 0."""
    return np.where(np.isnan(values), 0.0, values)
