"""Brows: raised, lowered and worried, each side by itself on a large face.

Up and down share one scale, on which landmarks and scores are added. Brows of a small face are
measured to a pixel or two, so there they are drawn to their mean.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT_INDEX
from renderer.motion.face.landmarks import BROWS
from renderer.motion.face.prior_rest import PriorRest

_PRIOR: Final = (0.335, 0.35, 0.0, 0.0)
"""Of the population: height of neutral brows in inter-eye distances, their score (the mean of inner
and outer), and the differences of left and right in both. Of four real performers and five of the
ground-truth set."""

_PRIOR_DEVIATION: Final = (0.020, 0.16, 0.006, 0.05)
"""Standard deviations of the population's neutral values."""

_HALVES: Final = np.array([0.5, -0.5])
"""Parts of a difference of left and right."""

_POINTS_SHARE: Final = 0.7
"""Weight of the landmarks relative to the scores."""

_WHOLE_RISE: Final = 1.7
"""Rise of whole brows over the set's: .075 of the distance between the eyes of real performers."""

_SCORE_SPAN: Final = 0.55
"""Rise of the scores of whole brows."""

_COUPLING: Final = (0.7, 0.0)
"""How far left and right brow are drawn to their mean, of small and of large faces."""

_LOWERED: Final = (0.22, 2.0)
"""Drop of a large face's brows that is no frown, and the factor beyond it: brows travel less down
than up, and those of a performer at rest wander by this much."""

_LOWERED_INNER: Final = 0.5
"""By how much of the inner ends' rise, which both brows share, a lowered brow is lowered more."""

_SNEER_TO_BROWS: Final = 0.15
"""By how much of whole brows a whole sneer lowers them."""

_BLINK_TO_BROWS: Final = 0.15
"""The same of an eye that closes."""

_SMILE_TO_BROWS: Final = 0.15
"""The same of a whole smile, whose cheeks push up the eyes that brows are measured from."""

_APART: Final = (0.2, 0.4)
"""Difference of left and right brow below which it is noise, and from which a brow is lowered that
is lower than the other, whatever it is that a performer's neutral brows are not known better."""

_APART_SHARE: Final = 0.7
"""Share of the drop that is no frown which such a difference takes away."""

_SMALL_S: Final = 0.05
"""Time constant [s] that smooths the brows of a small face, which are a few noisy points."""

_NOISE: Final = 0.05
"""Share of whole brows of a large face that counts as noise. Brows of small faces show less of
their movement."""

_WORRY_NOISE: Final = 0.25
"""Inner over outer score that is no worry."""

_WORRY_SHARE: Final = 0.5
"""By how much a whole worry lifts the inner ends and lowers the outer ones."""

_INNER_UP: Final = ARKIT_INDEX["browInnerUp"]
_OUTERS: Final = [ARKIT_INDEX["browOuterUpLeft"], ARKIT_INDEX["browOuterUpRight"]]
_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]
_DOWNS: Final = [ARKIT_INDEX["browDownLeft"], ARKIT_INDEX["browDownRight"]]
_SMILES: Final = [ARKIT_INDEX["mouthSmileLeft"], ARKIT_INDEX["mouthSmileRight"]]
_SNEER: Final = ARKIT_INDEX["noseSneerLeft"]


class BrowShapes:
    """Shapes of one performer's brows; holds their neutral brows."""

    def __init__(self) -> None:
        self._rest = PriorRest(_PRIOR, _PRIOR_DEVIATION)
        self._learnt: tuple[Array, Array] | None = None
        self._sides: Array = np.zeros(2)

    def learn(self, rest: Array, scores: Array) -> None:
        """Take these measures (40 or more,) and raw scores (52,) as those of neutral brows."""
        self._learnt = rest[BROWS].copy(), _mean_scores(scores)

    def find_rest(self, heights: Array, lifts: Array, dt: float) -> tuple[Array, Array]:
        """Update the neutral brows and return their heights and scores (2,), left before right.

        Args:
            heights: (2,) of the brows in inter-eye distances.
            lifts: (2,) mean of the raw scores of inner and outer brows.
            dt: seconds since the last call.
        """
        if self._learnt is not None:
            return self._learnt
        apart = heights[0] - heights[1], lifts[0] - lifts[1]
        rest = self._rest.update(np.array([heights.mean(), lifts.mean(), *apart]), dt)
        return rest[0] + rest[2] * _HALVES, rest[1] + rest[3] * _HALVES

    def blend(
        self,
        shapes: Array,
        seen: Array,
        scores: Array,
        neutral: Array,
        full: Array,
        fine: float,
        dt: float,
    ) -> None:
        """Blend the brows into face shapes (52,), in place.

        Args:
            shapes: (52,) 0 to 1, with the lids.
            seen: (40 or more,) landmarks.MEASURES.
            scores: (52,) raw.
            neutral: (52,) raw scores of the neutral face.
            full: (40,) differences of the measures from neutral at whole shapes.
            fine: 0 for a small face, 1 for a large one.
            dt: seconds since the last call.
        """
        heights, lifts = seen[BROWS], _mean_scores(scores)
        rest, usual = self.find_rest(heights, lifts, dt)
        risen, scored = (heights - rest) / (_WHOLE_RISE * full[BROWS]), (lifts - usual)
        sides: Array = _POINTS_SHARE * risen + (1.0 - _POINTS_SHARE) * scored / _SCORE_SPAN
        # A sneer and a closing eye lower the brows too and are no frown.
        drawn = _SNEER_TO_BROWS * shapes[_SNEER] + fine * (
            _BLINK_TO_BROWS * shapes[_BLINKS] + _SMILE_TO_BROWS * shapes[_SMILES]
        )
        sides = np.maximum(sides, np.minimum(sides + drawn, 0.0))
        sides = sides + _interpolate(*_COUPLING, fine) * (float(sides.mean()) - sides)
        if fine < 1.0:
            share = 1.0 - math.exp(-dt / (_SMALL_S * (1.0 - fine)))
            self._sides += share * (sides - self._sides)
            sides = self._sides
        raised = _remove_noise(np.maximum(sides, 0.0), fine * _NOISE)
        factor = _interpolate(1.0, _LOWERED[1], fine)
        # Neutral brows are known less well than their difference, which is none.
        apart = smoothstep(sides[::-1] - sides, *_APART)
        room = fine * _LOWERED[0] * (1.0 - _APART_SHARE * apart)
        lowered = clamp(factor * (-sides - room), 0.0, 1.0)
        middle = float(raised.mean())
        above = scores - neutral
        inner = float(above[_INNER_UP] - above[_OUTERS].mean())
        worry = fine * _WORRY_SHARE * max((inner - _WORRY_NOISE) / (1.0 - _WORRY_NOISE), 0.0)
        shapes[_INNER_UP] = min(middle + worry, 1.0)
        # The inner ends are one shape, so an outer end shows what its own side does beyond them.
        shapes[_OUTERS] = clamp(raised + fine * (raised - middle) - worry, 0.0, 1.0)
        pulled = lowered + _LOWERED_INNER * middle * (lowered > 0.0)
        shapes[_DOWNS] = clamp(pulled - worry, 0.0, 1.0)


def _mean_scores(scores: Array) -> Array:
    """Return the mean scores (2,) of inner and outer brows, left and right, of scores (52,)."""
    out: Array = 0.5 * (scores[_OUTERS] + scores[_INNER_UP])
    return out


def _interpolate(small: float, large: float, fine: float) -> float:
    return small + fine * (large - small)


def _remove_noise(shown: Array, noise: float) -> Array:
    """Rescale measured shapes so that `noise` and less is 0 and 1 stays 1."""
    return clamp((shown - noise) / (1.0 - noise), 0.0, 1.0)
