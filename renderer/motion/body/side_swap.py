"""Left/right swap guard for pose landmarks.

A detector that sees a performer from behind or from the side may swap left and right, for a frame
or for a second. A body cannot do that: where the points with swapped sides fit the last ones,
rotated by the body's yaw, far better, they are swapped back. A swap that lasts long is accepted,
since then the guard itself may be wrong. A face detected in several consecutive frames settles it:
a performer with a visible face does not face away.
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
SIDE_SWAP: Final = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9] + [i + 1 if i % 2 else i - 1 for i in range(11, 33)]
)
"""(33,) row of the pose landmark on the other side of each."""

_SWAP_RATIO: Final = 0.5
"""Swapped points must move less than this share of what the points as detected move."""

_MIN_MOVEMENT: Final = 0.08
"""Metres of mean movement of shoulders and hips below which nothing was swapped; one in a hundred
of a dancer's frames has 0.064."""

_MAX_SWAP_S: Final = 1.2
"""Seconds after which swapped sides are accepted."""

_FACE_FRAMES: Final = 4
"""Consecutive frames with a face that make it certain: a head thrown back may show one for a frame.
"""

_NEGATE_DEPTH: Final = np.array([1.0, 1.0, -1.0])
"""Front and back have the same outline: when they are confused, both sides and depth are swapped.
"""

_AWAY_WIDTH: Final = -0.15
"""Metres, x of left minus right summed over shoulders and hips, of a body that certainly faces
away."""


class SideSwapGuard:
    """Detects and undoes left/right swaps; remembers one performer's last points."""

    def __init__(self) -> None:
        self._last: Array | None = None
        self._exchanged_s = 0.0
        self._faces = 0

    def check(
        self, points: Array, visibility: Array, turned: float, face: bool, dt: float
    ) -> tuple[Array, Array]:
        """Return points (33, 3) and visibility (33,) with left and right as in the frame before.

        Args:
            points: (33, 3) stage axes, about the hips, metres.
            visibility: (33,) 0 to 1.
            turned: radians about +Y by which the body has most likely turned since the last frame.
            face: whether a face is detected.
            dt: seconds since the last frame.
        """
        self._faces = self._faces + 1 if face else 0
        other = self._exchange_sides(points, turned)
        if other is None:
            self._exchanged_s = 0.0
        else:
            self._exchanged_s += dt
            points, visibility = other, visibility[SIDE_SWAP]
        self._last = points
        return points, visibility

    def _exchange_sides(self, points: Array, turned: float) -> Array | None:
        """Return the points (33, 3) with their sides swapped back; None where they are right."""
        across = float(np.add.reduce(points[_LEFT, 0] - points[_RIGHT, 0]))
        sure = self._faces >= _FACE_FRAMES and abs(across) > -_AWAY_WIDTH
        if sure and across > 0.0:
            return None
        if self._last is None:
            return points[SIDE_SWAP] * _NEGATE_DEPTH if sure else None
        if not sure and self._exchanged_s >= _MAX_SWAP_S:
            return None
        last = self._last @ rotation_about_vertical(turned) if turned else self._last
        stays = _mean_distance(points[_TORSO], last[_TORSO])
        if not sure and stays <= _MIN_MOVEMENT:
            return None
        others = (points[SIDE_SWAP], points[SIDE_SWAP] * _NEGATE_DEPTH)
        moved = [_mean_distance(other[_TORSO], last[_TORSO]) for other in others]
        best = int(moved[1] < moved[0])
        limbs = _mean_distance(others[best][_BODY], last[_BODY]) < _mean_distance(
            points[_BODY], last[_BODY]
        )
        return others[best] if sure or (moved[best] < _SWAP_RATIO * stays and limbs) else None


def _mean_distance(now: Array, before: Array) -> float:
    """Return the mean distance of points (n, 3).

    A point absent in either frame counts as unmoved.
    """
    distance = length(now - before)
    distance[np.isnan(distance)] = 0.0
    return float(np.add.reduce(distance, axis=None) / distance.size)
