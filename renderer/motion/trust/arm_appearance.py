"""Whether an arm looks like the performer's: its sleeve and its skin against what is known of them.

Colours, which capture reads along each arm, are compared as chromaticity with a little brightness.
Trunk and face show in every picture what the performer wears and is; what each arm looks like is
learnt while it is trusted. How far an arm is off is the lesser of two means over its twelve places:
of the distances from what it looked like thereabouts, and of twice those from trunk and face. An
arm that is not learnt yet has to resemble the other one instead.

Light changes, and a line between joints often misses a thin arm. So an arm has to be off for a
while, far beyond what is usual of it, and further than the other arm is; and places that look like
what is beside an arm, a wall for instance, say nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.capture.records import F32
from renderer.capture.trackers.colours import ARM_PLACES, BESIDE_PLACES, BODY_PLACES, PLACES

Bools = npt.NDArray[np.bool_]

_BRIGHTNESS: Final = 0.15
"""How much brightness counts beside chromaticity, since light and shade change it."""
_MOST: Final = 0.12
"""No place counts as further off than this: one that misses the arm says no more."""
_BODY_COUNTS: Final = 2.0
_IN_PICTURE, _STAND_OUT = 8, 6
"""How many of an arm's places have to be in the picture, and to stand out from what is beside."""
_STANDS_OUT: Final = 0.02

_SMOOTH_S: Final = 0.2
_LEARN_S: Final = 2.0
_USUAL_S: Final = 8.0
_LEARNT_S: Final = 0.4
"""After so long an arm is compared with itself, no longer with the other one."""

_LIKE, _LIKE_USUAL = 0.035, 1.3
"""An arm that is no further off, or not much further than usual, looks like the performer's."""
_OFF, _OFF_USUAL, _OFF_OTHER = 0.045, 2.5, 1.8
"""Somebody else's is further off than this, and so many times as far as usual and as the other."""
_STILL_OFF: Final = 0.7
"""Of these limits, for one that was somebody else's."""
_OFF_S: Final = 0.2
_DOUBTED_S: Final = np.array([4.0, 8.0])
"""After so long it is the performer's who wears two kinds of sleeves, or has changed one: an arm
that was not learnt and one that was."""

_ABOUT: Final = np.abs(np.arange(12)[:, None] - np.arange(12)) <= 2
_LOOKS, _BODY, _BESIDE = slice(0, 12), slice(12, 24), slice(24, 48)
"""What the places of an arm are compared with."""
_BESIDE_ARM: Final = np.moveaxis(BESIDE_PLACES, 0, 1).reshape(2, 24)


class Sleeves:
    """Knows what one performer's arms look like.

    Attributes:
        own: (2,) whether the left and the right arm plainly looked like the performer's when they
            were judged last.
    """

    def __init__(self) -> None:
        self.own: Bools = np.zeros(2, np.bool_)
        self._arms: Array = np.full((2, 12, 3), np.nan)
        self._others: Array = np.full((2, 48, 3), np.nan)
        self._learnt = np.zeros((2, 12, 3))
        self._learnt_s = np.zeros(2)
        self._now = np.full(2, np.nan)
        self._off = np.full(2, np.nan)
        self._usual = np.zeros(2)
        self._off_s = np.zeros(2)

    def judge(self, colours: F32 | None, there: Bools, dt: float) -> Bools:
        """Whether the left and the right arm, (2,), look like somebody else's.

        Args:
            colours: (84, 3) RGB as capture tells them; None where it told none.
            there: (2,) whether anything is known of each arm.
            dt: seconds since the last picture.
        """
        seen = _describe_colours(colours)
        self._arms = arms = seen[ARM_PLACES]
        shown = np.isfinite(arms[..., 0])
        learnt = self._learnt_s >= _LEARNT_S
        self._others[:, _LOOKS] = np.where(learnt[:, None, None], self._learnt, arms[::-1])
        self._others[:, _BODY] = seen[BODY_PLACES]
        self._others[:, _BESIDE] = seen[_BESIDE_ARM]
        gaps = _gaps(arms, self._others)
        like_arm = _mean(np.where(_ABOUT, gaps[..., _LOOKS], _MOST).min(axis=2), shown)
        like_body = _mean(gaps[..., _BODY].min(axis=2), shown)
        usable = there & (shown.sum(axis=1) >= _IN_PICTURE)
        self._now = np.where(usable, np.minimum(like_arm, _BODY_COUNTS * like_body), np.nan)
        self.own = usable & (like_arm < self._like())

        clear = shown & (gaps[..., _BESIDE].min(axis=2) > _STANDS_OUT)
        now = np.where(clear.sum(axis=1) >= _STAND_OUT, self._now, np.nan)
        known = np.where(np.isnan(self._off), now, self._off)
        went = known + (1.0 - np.exp(-dt / _SMOOTH_S)) * (now - known)
        self._off = np.where(np.isnan(now), known, went)
        limit = np.maximum(_OFF, _OFF_USUAL * self._usual)
        limit *= np.where(self._off_s > _OFF_S, _STILL_OFF, 1.0)
        off = (self._off > limit) & ~(self._off < _OFF_OTHER * self._off[::-1])
        self._off_s = np.where(off, self._off_s + dt, 0.0)
        self._believe(self._off_s > _DOUBTED_S[learnt.astype(np.intp)])
        return np.asarray(self._off_s > _OFF_S)

    def learn(self, trusted: Bools, dt: float) -> None:
        """Take the trusted ones, (2,), of the arms that were judged last for the performer's."""
        told = trusted & ~np.isnan(self._now)
        now = np.where(told, self._now, 0.0)
        like = np.where(told & (now < self._like()), dt, 0.0)
        self._learnt_s += like
        share = like / np.clip(self._learnt_s, 1e-3, _LEARN_S)
        self._learnt += share[:, None, None] * _finite(self._arms - self._learnt)
        self._usual += np.where(told, dt / _USUAL_S, 0.0) * (now - self._usual)

    def _like(self) -> Array:
        return np.maximum(_LIKE, _LIKE_USUAL * self._usual)

    def _believe(self, arms: Bools) -> None:
        """Take what these arms, (2,), look like now for what the performer's do."""
        self._learnt[arms] = _finite(self._arms[arms])
        self._learnt_s[arms] = _LEARNT_S
        self._off[arms] = np.nan
        self._off_s[arms] = 0.0


def _describe_colours(colours: F32 | None) -> Array:
    """(84, 3) chromaticity and some brightness; not a number where nothing is known."""
    if colours is None:
        return np.full((PLACES, 3), np.nan)
    rgb = np.where((colours >= 0.0) & (colours <= 1.0), colours, np.nan).astype(np.float64)
    total = rgb.sum(axis=1, keepdims=True)
    # Black has no hue: what is darker counts as grey, the more so the darker it is.
    return np.hstack(((rgb[:, :2] + 0.02) / (total + 0.06), _BRIGHTNESS / 3.0 * total))


def _finite(values: Array) -> Array:
    return np.where(np.isnan(values), 0.0, values)


def _gaps(arms: Array, others: Array) -> Array:
    """(2, 12, m) between places of arms (2, 12, 3) and others (2, m, 3), at most _MOST."""
    away = arms[:, :, None] - others[:, None]
    gaps = np.sqrt(np.einsum("aijk,aijk->aij", away, away))
    return np.where(gaps < _MOST, gaps, _MOST)


def _mean(gaps: Array, shown: Bools) -> Array:
    """(2,) means of those gaps (2, 12) that are shown; 0 where none is."""
    out: Array = np.where(shown, gaps, 0.0).sum(axis=1) / np.maximum(shown.sum(axis=1), 1)
    return out
