"""Neutral measures of one performer's face: estimated while they perform, or learnt."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from renderer.motion.face.landmarks import BROWS, CHIN, GAP, MEASURES, MOUTH, ON_SURFACE, WIDTH

LIPS_TOUCH: Final = (0.008, 0.035)
"""Gap below which the lips touch, and above which they certainly do not."""

_USUAL_WIDTH: Final = 0.57
"""Width of a neutral mouth, in inter-eye distances."""

_WIDTH_TOLERANCE: Final = 0.10
"""Largest deviation of a performer's neutral width from it."""

_MEASURE_PARAMETERS: Final = {
    "gap": (0.42, 0.5, 0.0),
    "width": (0.085, 0.5, 0.05),
    "Brow": (0.045, 0.3, 0.05),
    "Lower": (0.018, 0.5, 0.005),
    "Upper": (0.032, 0.5, 0.01),
    "Corner": (0.08, 0.5, 0.03),
    "chin": (0.045, 0.5, 0.03),
    "mouth": (0.032, 0.5, 0.03),
    "upperLip": (0.05, 0.3, 0.03),
    "Iris": (0.015, 0.5, 0.004),
}
"""By name or suffix of a measure: its size at a whole shape, which quantile of its samples is
neutral, and the speed of that quantile's estimate per second."""
_SURFACE_PARAMETERS: Final = (0.1, 0.5, 0.03)
"""The same for measures on the surface; none of them is a shape by itself."""

_SETTLE_S: Final = 8.0
"""Seconds over which a performer's neutral measures are estimated."""

SETTLE_BROWS_S: Final = 15.0
"""The same for brows, which are held up for longer."""

FIRST_S: Final = 1.0
"""Seconds that the estimate counts at least: the first guess is fast."""
_SETTLE_BY_MEASURE: Final = np.full(len(MEASURES), _SETTLE_S)
_SETTLE_BY_MEASURE[BROWS] = SETTLE_BROWS_S

_DRIFT_LIMIT: Final = np.full(len(MEASURES), 0.3)
"""How far a learnt neutral measure may still drift, as a share of a whole shape. Sideways measures
depend on where the camera stands."""

_DRIFT_LIMIT[[CHIN, MOUTH]] = 1.0


def _build_table() -> tuple[Array, Array, Array]:
    """Return size at a whole shape, quantile and speed of each of MEASURES, (40,) each."""
    rows = [
        next(
            (v for k, v in reversed(_MEASURE_PARAMETERS.items()) if name == k or name.endswith(k)),
            _SURFACE_PARAMETERS,
        )
        for name in MEASURES
    ]
    full, quantile, pace = np.array(rows).T
    return full, quantile, pace


WHOLE, _QUANTILE, _PACE = _build_table()
COUNT: Final = len(MEASURES)


class FaceAtRest:
    """Estimates one performer's neutral measures.

    Attributes:
        seen_s: seconds for which the face has been seen; large once it was learnt.
        shut_s: the same for a closed mouth.
    """

    def __init__(self) -> None:
        self.seen_s = 0.0
        self.shut_s = 0.0
        self._rest: Array | None = None
        self._learnt: Array | None = None

    def learn(self, rest: Array) -> None:
        """Take these measures (40,) as the neutral face."""
        self._rest, self._learnt = rest.copy(), rest.copy()
        self.seen_s = SETTLE_BROWS_S
        self.shut_s = _SETTLE_S

    def settle(self, seen: Array, full: Array, dt: float) -> Array:
        """Update the neutral measures (40,) and return them: medians, or a low quantile for some.

        Args:
            seen: (40,) landmarks.MEASURES.
            full: (40,) differences of the measures from neutral at whole shapes.
            dt: seconds since the last call.
        """
        if self._rest is None:
            self._rest = seen.copy()
        self.seen_s += dt
        pace = dt / np.minimum(max(self.seen_s, FIRST_S), _SETTLE_BY_MEASURE)
        if seen[GAP] > LIPS_TOUCH[1]:
            pace[ON_SURFACE] = 0.0
        else:
            if self.shut_s <= 0.0:
                self._rest[ON_SURFACE] = seen[ON_SURFACE]
            self.shut_s += dt
            pace[ON_SURFACE] = dt / min(max(self.shut_s, FIRST_S), _SETTLE_S)
        # At the quantile p, steps down of 1 − p and steps up of p balance.
        step = np.where(seen < self._rest, _QUANTILE - 1.0, _QUANTILE)
        rest: Array = self._rest + pace * step * _PACE
        if self._learnt is not None:
            room = _DRIFT_LIMIT * full
            rest = clamp(rest, self._learnt - room, self._learnt + room)
        else:
            width = rest[WIDTH]
            rest[WIDTH] = min(
                max(width, _USUAL_WIDTH - _WIDTH_TOLERANCE), _USUAL_WIDTH + _WIDTH_TOLERANCE
            )
        self._rest = rest
        return self._rest
