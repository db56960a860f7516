"""Left/right swap guard for pose landmarks.

A detector that sees a performer from behind or from the side may swap left and right, for a frame
or for a second. A body cannot do that: where the points with swapped sides fit the last ones,
rotated by the body's yaw, far better, they are swapped back. A swap that lasts long is accepted,
since then the guard itself may be wrong.

Sides are never exchanged against the evidence of the picture (facing.py). Three rules follow:

- A performer who has just appeared has no last points that could be trusted: for some tenths of a
  second the evidence decides, with the prior that performers face the camera.
- A body that certainly faces one way, and in the next frame the other, faster than it can turn, was
  flipped by the detector as a whole, and with it what tells front from back.
- A face detected in several consecutive frames settles it, unless head and feet contradict: a
  performer with a visible face does not face away.
"""

from __future__ import annotations

from math import exp
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, length, rotation_about_vertical
from renderer.motion.body.facing import measure_facing
from renderer.motion.core.skeleton import EARS, HIPS, KNEES, NOSE, SHOULDERS

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

_TURNED_RATIO: Final = 0.8
"""The same where shoulders and hips move faster than a body can: a detector that swaps sides blends
them with the last ones for some frames, so that neither way fits well."""

_FASTEST: Final = 3.5
"""Metres per second that shoulders and hips move on average, about the hips' midpoint: those of a
dancer who spins twice a second move half as fast."""

_CERTAIN: Final = 0.3
"""Mean order of the sides, -1 to 1, from which a body certainly faces that way."""

_MEAN_S: Final = 0.4
"""Time constant of that mean, seconds."""

_MAX_FLIP_S: Final = 0.6
"""Seconds after which a flip is accepted that what tells front from back supports."""

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

_WIDE: Final = 0.15
"""Metres, as _AWAY_WIDTH, from which the order of the sides tells which way a body faces."""

_FULLY_WIDE: Final = 0.3
"""The same from which it is evidence of full weight, 1."""

_SETTLING_S: Final = 0.4
"""Seconds after a performer appears in which evidence, not continuity, decides."""

_GONE_S: Final = 1.0
"""Seconds without a body after which a performer is treated as newly arrived."""

_FRONT_PRIOR: Final = 1.0
"""Evidence that a performer who appears faces the camera. Of a detector's first frame with swapped
sides the picture's own evidence is -0.7, of people seen from behind -2 and less."""

_STAYS_SWAPPED_RATIO: Final = 0.3
"""_SWAP_RATIO of shoulders and hips by which sides that were swapped in the last frame still are,
wherever the arms go."""

_LIMBS_RATIO: Final = 1.2
"""The whole body must move less than this share of what it moves as detected; arms that are flung
while the sides are swapped move much either way."""

_EAR: Final = 0.07
"""Metres from the head's middle to an ear."""

_NOSE_AHEAD, _NOSE_BELOW = 0.1, 0.018
"""Metres by which the nose of a level head is ahead of the ears and below them."""

_CONTRADICTED: Final = 1.5
"""Evidence against a facing from which sides are not exchanged towards it."""

_BACK: Final = -1.0
"""Evidence of head and feet below which a detected face is none."""

_AWAY_WIDTH: Final = -0.15
"""Metres, x of left minus right summed over shoulders and hips, of a body that certainly faces
away."""


class SideSwapGuard:
    """Detects and undoes left/right swaps; remembers one performer's last points."""

    def __init__(self) -> None:
        self._missed_s = 0.0
        self._forget()

    def miss(self, dt: float) -> None:
        """Record dt seconds without a body."""
        self._missed_s += dt
        if self._missed_s > _GONE_S:
            self._forget()

    def _forget(self) -> None:
        """Forget the performer."""
        self._last: Array | None = None
        self._exchanged_s = 0.0
        self._faces = 0
        self._known_s = 0.0
        self._evidence = 0.0
        self._seen_frames = 0
        self._order = 0.0
        self._is_flip = False

    def check(
        self, points: Array, visibility: Array, turned: float, face: bool, dt: float
    ) -> tuple[Array, Array]:
        """Return points (33, 3) and visibility (33,) with left and right as the performer's own.

        Args:
            points: (33, 3) stage axes, about the hips, metres.
            visibility: (33,) 0 to 1.
            turned: radians about +Y by which the body has most likely turned since the last frame.
            face: whether the performer's own face is detected.
            dt: seconds since the last frame.
        """
        head, feet, seen = measure_facing(points, visibility, face)
        self._missed_s = 0.0
        if head + feet <= _BACK:
            face, seen = False, 0.0
        self._faces = self._faces + 1 if face else 0
        across = float(np.add.reduce(points[_LEFT, 0] - points[_RIGHT, 0]))
        if self._known_s < _SETTLING_S:
            order = min(max(across / _FULLY_WIDE, -1.0), 1.0)
            self._seen_frames += 1
            self._evidence += (head + feet + seen + order - self._evidence) / self._seen_frames
            other = self._settle(points, across, head, feet)
        else:
            other = self._exchange_sides(points, turned, across, head + feet + seen, dt)
        self._known_s += max(dt, 0.0)
        if other is None:
            self._exchanged_s = 0.0
        else:
            self._exchanged_s += dt
            points, visibility = other, visibility[SIDE_SWAP]
            across = -across
        order = min(max(across / _FULLY_WIDE, -1.0), 1.0)
        self._order += (order - self._order) * (1.0 - exp(-max(dt, 0.0) / _MEAN_S))
        self._last = points
        return points, visibility

    def _settle(self, points: Array, across: float, head: float, feet: float) -> Array | None:
        """Return the points (33, 3) exchanged if the evidence so far contradicts their sides."""
        side = 1.0 if self._evidence + _FRONT_PRIOR > 0.0 else -1.0
        if side * across > -_WIDE:
            return None
        other: Array = points[SIDE_SWAP]
        # What faces the wrong way with its sides is mirrored in depth as well.
        if side * head < 0.0:
            other[: KNEES[0], 2] *= -1.0
        if side * feet < 0.0:
            other[KNEES[0] :, 2] *= -1.0
        _look_ahead(other)
        return other

    def _exchange_sides(
        self, points: Array, turned: float, across: float, evidence: float, dt: float
    ) -> Array | None:
        """Return the points (33, 3) with their sides swapped back; None where they are right."""
        sure = self._faces >= _FACE_FRAMES and abs(across) > -_AWAY_WIDTH
        if sure and across > 0.0:
            return None
        if self._last is None or (not sure and self._exchanged_s >= _MAX_SWAP_S):
            return None
        last = self._last @ rotation_about_vertical(turned) if turned else self._last
        stays = _mean_distance(points[_TORSO], last[_TORSO])
        goes_on = self._exchanged_s > 0.0
        if not goes_on:
            is_fast = stays > max(_MIN_MOVEMENT, _FASTEST * dt)
            self._is_flip = is_fast and abs(self._order) > _CERTAIN and across * self._order < 0.0
        is_supported = abs(across) > _WIDE and across * evidence > 0.0
        is_flip = self._is_flip and self._exchanged_s < _MAX_FLIP_S
        if is_supported and abs(evidence) > _CONTRADICTED and not is_flip:
            return None
        if not sure and stays <= _MIN_MOVEMENT and not (self._is_flip and goes_on):
            return None
        others: list[Array] = [points[SIDE_SWAP], points[SIDE_SWAP] * _NEGATE_DEPTH]
        moved = [_mean_distance(other[_TORSO], last[_TORSO]) for other in others]
        best = int(moved[1] < moved[0])
        ratio = moved[best] / max(stays, 1e-6)
        if sure or (goes_on and ratio < (_TURNED_RATIO if self._is_flip else _STAYS_SWAPPED_RATIO)):
            return others[best]
        limbs = _mean_distance(others[best][_BODY], last[_BODY])
        fits = limbs < _LIMBS_RATIO * _mean_distance(points[_BODY], last[_BODY])
        most = _TURNED_RATIO if self._is_flip else _SWAP_RATIO
        return others[best] if ratio < most and fits else None


def _look_ahead(points: Array) -> None:
    """Turn the head of a body (33, 3) where the shoulders face, in place.

    Where a detector swaps sides it guesses ears and nose as well.
    """
    across = (points[SHOULDERS[0]] - points[SHOULDERS[1]]) * (1.0, 0.0, 1.0)
    across /= max(float(np.hypot(across[0], across[2])), 1e-6)
    ahead = np.array([-across[2], 0.0, across[0]])
    middle = 0.5 * (points[EARS[0]] + points[EARS[1]])
    points[EARS[0]], points[EARS[1]] = middle + _EAR * across, middle - _EAR * across
    points[NOSE] = middle + _NOSE_AHEAD * ahead - (0.0, _NOSE_BELOW, 0.0)


def _mean_distance(now: Array, before: Array) -> float:
    """Return the mean distance of points (n, 3).

    A point absent in either frame counts as unmoved.
    """
    distance = length(now - before)
    distance[np.isnan(distance)] = 0.0
    return float(np.add.reduce(distance, axis=None) / distance.size)
