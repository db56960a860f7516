"""A guard against left and right being exchanged.

A detector that sees a performer from behind or from the side may swap their sides, for a frame or
for a second. A body cannot: if the points fit the last ones, carried on by the body's turn, far
better with the sides exchanged, they are exchanged back. A swap that lasts long is believed, for
then the guard itself may be wrong. A face that is seen for some frames settles it: its owner does
not face away.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, length, rotation_about_vertical
from renderer.motion.core.skeleton import HIPS, SHOULDERS

_BODY: Final = np.arange(11, 29)
_TORSO: Final = np.array([*SHOULDERS, *HIPS])
_LEFT: Final = np.array([SHOULDERS[0], HIPS[0]])
_RIGHT: Final = np.array([SHOULDERS[1], HIPS[1]])
SIDES_EXCHANGED: Final = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9] + [i + 1 if i % 2 else i - 1 for i in range(11, 33)]
)
"""(33,) each of the pose's points on the other side."""

_BETTER: Final = 0.5
_MOVED: Final = 0.08
"""Metres of mean movement of shoulders and hips below which nothing was exchanged; of a dancer's
frames one in a hundred has 0.064."""

_LONGEST_S: Final = 1.2
"""Seconds after which exchanged sides are believed."""

_SURE_OF_FACE: Final = 4
"""Frames with a face in a row that make one: of a head thrown back one may be seen for a frame."""

_DEPTH_TURNED: Final = np.array([1.0, 1.0, -1.0])
"""A front and a back have the same outline: taken for each other, sides and depth are exchanged."""

_FACING_AWAY: Final = -0.15
"""Metres across, left less right, of shoulders and hips together, of a back that is surely seen."""


class SideGuard:
    """Remembers the last points of one performer."""

    def __init__(self) -> None:
        self._last: Array | None = None
        self._exchanged_s = 0.0
        self._faces = 0

    def check(
        self, points: Array, visibility: Array, turned: float, face: bool, dt: float
    ) -> tuple[Array, Array]:
        """Points (33, 3) and visibility (33,), with left and right as they were the frame before.

        Args:
            points: stage space, about the hips.
            turned: radians about +Y by which the body has most likely turned since.
            face: whether a face is seen.
            dt: seconds since the last points.
        """
        self._faces = self._faces + 1 if face else 0
        other = self._exchange_sides(points, turned)
        if other is None:
            self._exchanged_s = 0.0
        else:
            self._exchanged_s += dt
            points, visibility = other, visibility[SIDES_EXCHANGED]
        self._last = points
        return points, visibility

    def _exchange_sides(self, points: Array, turned: float) -> Array | None:
        """The points (33, 3) with their sides exchanged, if that is how they are; else None."""
        across = float(np.add.reduce(points[_LEFT, 0] - points[_RIGHT, 0]))
        sure = self._faces >= _SURE_OF_FACE and abs(across) > -_FACING_AWAY
        if sure and across > 0.0:
            return None
        if self._last is None:
            return points[SIDES_EXCHANGED] * _DEPTH_TURNED if sure else None
        if not sure and self._exchanged_s >= _LONGEST_S:
            return None
        last = self._last @ rotation_about_vertical(turned) if turned else self._last
        stays = _mean_distance(points[_TORSO], last[_TORSO])
        if not sure and stays <= _MOVED:
            return None
        others = (points[SIDES_EXCHANGED], points[SIDES_EXCHANGED] * _DEPTH_TURNED)
        moved = [_mean_distance(other[_TORSO], last[_TORSO]) for other in others]
        best = int(moved[1] < moved[0])
        limbs = _mean_distance(others[best][_BODY], last[_BODY]) < _mean_distance(
            points[_BODY], last[_BODY]
        )
        return others[best] if sure or (moved[best] < _BETTER * stays and limbs) else None


def _mean_distance(now: Array, before: Array) -> float:
    """Mean distance of points (n, 3); one that is absent then or now has not moved."""
    distance = length(now - before)
    distance[np.isnan(distance)] = 0.0
    return float(np.add.reduce(distance, axis=None) / distance.size)
