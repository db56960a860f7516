"""How one performer's face rests: found as they perform, or learnt."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from renderer.motion.face.landmarks import BROWS, CHIN, GAP, MEASURES, MOUTH, ON_SURFACE, WIDTH

TOUCH: Final = (0.008, 0.035)
"""Gap up to which lips touch, and from which they surely do not."""

_WIDTH: Final = 0.57
_WIDTH_ROOM: Final = 0.10
"""A mouth's width at rest, and how far a performer's own may be from it."""

_TELLS: Final = {
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
"""Name or end of a measure's: how much of it a whole shape is, which quantile of it is the rest,
and how fast that is sought, a second."""
_SURFACE: Final = (0.1, 0.5, 0.03)
"""The same of measures on the surface; none of them is a shape by itself."""

_SETTLE_S: Final = 8.0
SETTLE_BROWS_S: Final = 15.0
FIRST_S: Final = 1.0
"""Time in which a performer's own measures at rest are found, longer for brows, which are held up
for long; and the first guess."""
_SETTLES: Final = np.full(len(MEASURES), _SETTLE_S)
_SETTLES[BROWS] = SETTLE_BROWS_S

_ROOM: Final = np.full(len(MEASURES), 0.3)
_ROOM[[CHIN, MOUTH]] = 1.0
"""Of a whole shape: how far a rest that was learnt may still drift. What is aside hangs on where
the camera stands."""


def _table() -> tuple[Array, Array, Array]:
    rows = [
        next((v for k, v in reversed(_TELLS.items()) if name == k or name.endswith(k)), _SURFACE)
        for name in MEASURES
    ]
    full, quantile, pace = np.array(rows).T
    return full, quantile, pace


WHOLE, _QUANTILE, _PACE = _table()
COUNT: Final = len(MEASURES)


class FaceAtRest:
    """One performer's measures at rest.

    Attributes:
        seen_s: seconds for which the face has been seen; many once it was learnt.
        shut_s: the same of a mouth that is shut.
    """

    def __init__(self) -> None:
        self.seen_s = 0.0
        self.shut_s = 0.0
        self._rest: Array | None = None
        self._learnt: Array | None = None

    def learn(self, rest: Array) -> None:
        """Take these measures (40,) as of a face at rest."""
        self._rest, self._learnt = rest.copy(), rest.copy()
        self.seen_s = SETTLE_BROWS_S
        self.shut_s = _SETTLE_S

    def settle(self, seen: Array, full: Array, dt: float) -> Array:
        """The measures (40,) at rest: the middle of most, a low quantile of some.

        Args:
            seen: (40,) facepoints.MEASURES.
            full: (40,) by how much they differ from that at whole shapes.
            dt: seconds since the last ones.
        """
        if self._rest is None:
            self._rest = seen.copy()
        self.seen_s += dt
        pace = dt / np.minimum(max(self.seen_s, FIRST_S), _SETTLES)
        if seen[GAP] > TOUCH[1]:
            pace[ON_SURFACE] = 0.0
        else:
            if self.shut_s <= 0.0:
                self._rest[ON_SURFACE] = seen[ON_SURFACE]
            self.shut_s += dt
            pace[ON_SURFACE] = dt / min(max(self.shut_s, FIRST_S), _SETTLE_S)
        # The quantile p is where steps down of 1 − p and steps up of p balance.
        step = np.where(seen < self._rest, _QUANTILE - 1.0, _QUANTILE)
        rest: Array = self._rest + pace * step * _PACE
        if self._learnt is not None:
            room = _ROOM * full
            rest = clamp(rest, self._learnt - room, self._learnt + room)
        else:
            width = rest[WIDTH]
            rest[WIDTH] = min(max(width, _WIDTH - _WIDTH_ROOM), _WIDTH + _WIDTH_ROOM)
        self._rest = rest
        return self._rest
