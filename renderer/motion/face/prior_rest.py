"""Neutral values that a performer's own median does not give.

Brows are held up for minutes by some performers and never by others, and some smile throughout, so
neither a median nor a mode is neutral. How far a performer's own median counts depends on how far
the value moves: where it hardly does, the median is neutral; where it moves much, the population's
neutral is nearer to the truth.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, clamp
from renderer.motion.face.quantiles import RunningQuantiles

_FARTHEST: Final = 1.5
"""Standard deviations by which a neutral value may differ from the population's."""

_SPREAD_SHARE: Final = 0.5
"""Uncertainty of a performer's own median as a share of the distance between the quartiles."""

_QUARTILES: Final = (0.25, 0.5, 0.75)


class PriorRest:
    """Estimates the neutral values of one performer.

    Args:
        prior: (n,) neutral values of the population.
        deviation: (n,) their standard deviations.
        held_s: seconds seen at which the performer's own median counts half: what hardly moves
            until then may be an expression that is held.
    """

    def __init__(self, prior: npt.ArrayLike, deviation: npt.ArrayLike, held_s: float = 0.0) -> None:
        self._quartiles = [RunningQuantiles(prior, quantile=share) for share in _QUARTILES]
        self._prior: Array = self._quartiles[0].value
        self._variance: Array = np.square(np.asarray(deviation, np.float64))
        self._room: Array = _FARTHEST * self._variance**0.5
        self._rest: Array = self._prior
        self._held_s, self._seen_s = held_s, 0.0

    @property
    def value(self) -> Array:
        """(n,) the neutral values."""
        return self._rest

    def update(self, seen: Array, dt: float) -> Array:
        """Add values (n,) seen for `dt` seconds; return the neutral ones (n,)."""
        low, middle, high = (each.update(seen, dt) for each in self._quartiles)
        spread = _SPREAD_SHARE * (high - low)
        self._seen_s += dt
        own = self._variance / (self._variance + spread**2)
        own *= self._seen_s / max(self._seen_s + self._held_s, 1e-9)
        self._rest = self._prior + clamp(own * (middle - self._prior), -self._room, self._room)
        return self._rest
