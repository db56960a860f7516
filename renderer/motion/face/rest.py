"""Neutral measures of one performer's face: estimated while they perform, or learnt."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from avatars.names import ARKIT
from renderer.motion.face.anchors import SLOPES
from renderer.motion.face.landmarks import CHIN, GAP, MEASURES, MOUTH, ON_SURFACE, WIDTH
from renderer.motion.face.quantiles import RunningQuantiles

LIPS_TOUCH: Final = (0.008, 0.035)
"""Gap below which the lips touch, and above which they certainly do not."""

_USUAL_WIDTH: Final = 0.57
"""Width of a neutral mouth, in inter-eye distances."""

_WIDTH_TOLERANCE: Final = 0.10
"""Largest deviation of a performer's neutral width from it."""

_WHOLE_BY_MEASURE: Final = {
    "gap": 0.42, "width": 0.085, "Brow": 0.045, "Lower": 0.018, "Upper": 0.032, "Corner": 0.08,
    "chin": 0.045, "mouth": 0.032, "upperLip": 0.05, "Iris": 0.015,
}  # fmt: skip
"""Size of a measure at a whole shape, by name or suffix of the measure."""

_SURFACE_WHOLE: Final = 0.1
"""The same for measures on the surface; none of them is a shape by itself."""

_SCORES_QUANTILE: Final = 0.35
"""Quantile of a performer's scores that is their neutral score: most scores rise from it."""

_SCORES_BY_SHAPE: Final = {
    "eye": (0.0, 0.5),
    "eyeBlink": (0.0, 0.3),
    "eyeSquint": (0.1, 0.55),
    "mouthSmile": (0.0, 0.15),
    "mouthPucker": (0.0, 0.6),
    "browInnerUp": (0.1, 0.6),
    "browOuterUp": (0.0, 0.6),
}
"""Smallest and largest score of a neutral face, by prefix of the shape: those of the ground-truth
set's performers and of four real ones. What exceeds them is an expression, even in the first frame;
what does not may be neutral."""

_OTHER_SCORES: Final = (0.0, 0.2)
"""The same for the other shapes."""

_LEARNT_S: Final = 15.0
"""Seconds for which a face counts as seen once its neutral measures were learnt."""

_DRIFT_LIMIT: Final = np.full(len(MEASURES), 0.3)
"""How far a learnt neutral measure may still drift, as a share of a whole shape. Sideways measures
depend on where the camera stands."""

_DRIFT_LIMIT[[CHIN, MOUTH]] = 1.0


def _build_whole() -> Array:
    """Return the size at a whole shape of each of MEASURES, (40,)."""
    sizes = [
        next(
            (
                whole
                for key, whole in _WHOLE_BY_MEASURE.items()
                if name == key or (key[0].isupper() and name.endswith(key))
            ),
            _SURFACE_WHOLE,
        )
        for name in MEASURES
    ]
    return np.array(sizes)


WHOLE: Final = _build_whole()
COUNT: Final = len(MEASURES)


def _build_scores() -> tuple[Array, Array]:
    """Return the smallest and the largest score (52,) of a neutral face, in the order of ARKIT."""
    rows = [
        next(
            (v for k, v in reversed(_SCORES_BY_SHAPE.items()) if name.startswith(k)), _OTHER_SCORES
        )
        for name in ARKIT
    ]
    least, most = np.array(rows).T
    return least, most


_MIN_SCORES, _MAX_SCORES = _build_scores()


class FaceAtRest:
    """Estimates one performer's neutral measures.

    Attributes:
        seen_s: seconds for which the face has been seen; large once it was learnt.
        shut_s: the same for a closed mouth.
    """

    def __init__(self) -> None:
        self.seen_s = 0.0
        self.shut_s = 0.0
        self._points = RunningQuantiles(np.zeros(ON_SURFACE.start))
        self._surface = RunningQuantiles(np.zeros(COUNT - ON_SURFACE.start))
        self._learnt: Array | None = None
        self._learnt_scores: Array | None = None
        self._scores = RunningQuantiles(_MIN_SCORES, quantile=_SCORES_QUANTILE)

    def settle_scores(self, scores: Array, dt: float) -> Array:
        """Update the neutral face's raw scores (52,) and return them."""
        if self._learnt_scores is not None:
            return self._learnt_scores
        return clamp(self._scores.update(scores, dt), _MIN_SCORES, _MAX_SCORES)

    def learn(self, rest: Array, scores: Array) -> None:
        """Take these measures (40,) and raw scores (52,) as those of the neutral face."""
        self._learnt, self._learnt_scores = rest.copy(), scores.copy()
        self.seen_s = self.shut_s = _LEARNT_S

    def settle(
        self, seen: Array, scores: Array, neutral: Array, full: Array, fine: float, dt: float
    ) -> Array:
        """Update the neutral measures (40,) and return them.

        They are medians of what the scores do not explain (anchors.py).

        Args:
            seen: (40,) landmarks.MEASURES.
            scores: (52,) raw.
            neutral: (52,) raw, from `settle_scores`.
            full: (40,) differences of the measures from neutral at whole shapes.
            fine: 1 for a face large enough for the scores to explain its measures, 0 for one whose
                measures and scores are mostly noise.
            dt: seconds since the last call.
        """
        self.seen_s += dt
        unexplained = seen - fine * (scores @ SLOPES)
        points = self._points.update(unexplained[: ON_SURFACE.start], dt)
        if seen[GAP] <= LIPS_TOUCH[1]:
            self.shut_s += dt
            self._surface.update(unexplained[ON_SURFACE], dt)
        rest: Array = np.concatenate((points, self._surface.value)) + fine * (neutral @ SLOPES)
        if self._learnt is not None:
            room = _DRIFT_LIMIT * full
            return clamp(rest, self._learnt - room, self._learnt + room)
        rest[WIDTH] = min(
            max(float(rest[WIDTH]), _USUAL_WIDTH - _WIDTH_TOLERANCE),
            _USUAL_WIDTH + _WIDTH_TOLERANCE,
        )
        return rest


def lips_apart(gap: float) -> float:
    """Return how certainly lips with this gap do not touch, 0 to 1."""
    return min(max((gap - LIPS_TOUCH[0]) / (LIPS_TOUCH[1] - LIPS_TOUCH[0]), 0.0), 1.0)
