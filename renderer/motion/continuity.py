"""A guard against left and right being exchanged for a frame or two.

A detector that sees a performer from behind or from the side may swap their sides for a moment. A
body cannot: if the points fit the last ones far better with the sides exchanged, they are
exchanged back. A swap that lasts is believed, for then the guard itself may be wrong.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.motion.linear import Array, length

_BODY: Final = np.arange(11, 29)
SIDES_EXCHANGED: Final = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9] + [i + 1 if i % 2 else i - 1 for i in range(11, 33)]
)
"""(33,) each of the pose's points on the other side."""

_BETTER: Final = 0.5
_MOVED: Final = 0.08
"""Metres of mean movement below which nothing was exchanged."""

_MOST_FRAMES: Final = 4


class SideGuard:
    """Remembers the last points of one performer."""

    def __init__(self) -> None:
        self._last: Array | None = None
        self._corrected = 0

    def check(self, points: Array, visibility: Array) -> tuple[Array, Array]:
        """Points (33, 3) and visibility (33,), with left and right as they were the frame before.

        Args:
            points: stage space, about the hips.
        """
        if self._last is not None and self._corrected < _MOST_FRAMES:
            stays = _moved(points[_BODY], self._last[_BODY])
            if stays > _MOVED:
                swaps = _moved(points[SIDES_EXCHANGED[_BODY]], self._last[_BODY])
                if swaps < _BETTER * stays:
                    self._corrected += 1
                    points, visibility = points[SIDES_EXCHANGED], visibility[SIDES_EXCHANGED]
                    self._last = points
                    return points, visibility
        self._corrected = 0
        self._last = points
        return points, visibility


def _moved(now: Array, before: Array) -> float:
    """Mean distance of points (n, 3); one that is absent then or now has not moved."""
    distance = length(now - before)
    distance[np.isnan(distance)] = 0.0
    return float(distance.mean())
