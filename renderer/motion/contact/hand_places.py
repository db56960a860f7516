"""Judge where hands are on hips, on each other and on arms, in compiled code.

A solve does this in every frame on a dozen points, where array operations would cost more than the
comparisons themselves.
"""

from __future__ import annotations

from math import hypot
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.contact.records import ContactPart
from avatars.maths.vectors import Array
from renderer.motion.core.skeleton import ELBOWS, HIPS, INDEXES, PINKIES, SHOULDERS, WRISTS

Bools = npt.NDArray[np.bool_]

FOREARM: Final = 0.25
"""Metres, unit of the places of joined hands."""
HIP_UNIT: Final = 0.5
"""Metres, unit of the places on a hip."""

_HIP_HEIGHTS: Final = (-0.1, 0.5)
"""Shares of the way from hip to shoulder between which a hand rests on the hip."""

_HIP_ASIDE: Final = (-0.05, 0.17)
"""Metres outwards from the line of hip and shoulder joints between which the palm is then."""

_ELBOW_OUT: Final = 0.05
"""Metres by which the elbow of a hand on the hip is farther out than the wrist."""

_PALMS_NEAR: Final = 0.10
"""Metres in the picture between the palms of joined hands."""

_ARM_NEAR: Final = 0.075
"""Metres in the picture from the palm to the axis of an arm that it touches."""

_ARM_SHARE: Final = (0.15, 0.95)
"""Shares of an arm's bone that a hand can hold: not the shoulder, nor the other wrist."""

_DEPTH_NEAR: Final = 0.30
"""Metres in depth within which hands and arms may touch: the detector's depth errs by that."""

_SHORTEST_BONE: Final = 0.10
"""Metres in the picture below which a bone gives no place along it."""

_CROSSED: Final = 0.05
"""Metres by which the palms have passed each other when arms begin to be folded."""

_PAST_MIDDLE: Final = 0.02
"""Metres by which at least one palm is past the body's middle while arms are folded: the detector
puts the hidden hand on the one that covers it."""

_ELBOWS_ASIDE: Final = 0.08
"""Metres from the body's middle to the elbows of folded arms."""

_HIP_SLACK: Final = 0.05
"""By how much the limits of a hand on the hip are wider for a contact that exists."""

_LEVEL: Final = 0.05
"""Metres below the elbows and above the shoulders within which the palms of folded arms are."""

_BETWEEN: Final = 0.02
"""Metres inside the other elbow where the palms of folded arms are at first."""

_SHOULDERS: Final = np.array(SHOULDERS)
_ELBOWS: Final = np.array(ELBOWS)
_WRISTS: Final = np.array(WRISTS)
_HIPS: Final = np.array(HIPS)
_PALMS: Final = np.array([WRISTS, INDEXES, PINKIES])

_HIP: Final = int(ContactPart.HIP)
_HANDS: Final = int(ContactPart.HANDS)
_UPPER_ARM: Final = int(ContactPart.UPPER_ARM)
_FOREARM: Final = int(ContactPart.FOREARM)


@compiled
def judge_hands(points: Array, stay: float, begins: Bools, stays: Bools, places: Array) -> None:
    """Write which hand rests on its hip, on the other hand or on the other arm, in place.

    Args:
        points: (33, 3) the pose's points, metres, stage axes.
        stay: factor on the limits for a contact that exists.
        begins, stays: (2, PARTS) see `candidates.Candidates`.
        places: (2, PARTS, 2) likewise.
    """
    palms = np.empty((2, 3))
    for side in range(2):
        for k in range(3):
            palms[side, k] = (
                points[_PALMS[0, side], k] + points[_PALMS[1, side], k] + points[_PALMS[2, side], k]
            ) / 3.0
    apart = hypot(palms[1, 0] - palms[0, 0], palms[1, 1] - palms[0, 1])
    crossed = palms[1, 0] - palms[0, 0]
    for side in range(2):
        _judge_hip(points, palms, side, begins, stays, places)
        # The hands touch each other.
        far = apart + max(abs(palms[1, 2] - palms[0, 2]) - _DEPTH_NEAR, 0.0)
        begins[side, _HANDS] = far < _PALMS_NEAR and not crossed > _CROSSED
        stays[side, _HANDS] = far < stay * _PALMS_NEAR
        for k in range(2):
            places[side, _HANDS, k] = (palms[1, k] - palms[0, k]) / FOREARM
        is_apart = apart > _PALMS_NEAR
        _judge_arm(points, palms, side, is_apart, stay, begins, stays, places)
    _judge_folded(points, palms, begins, stays)


@compiled
def _judge_hip(
    points: Array, palms: Array, side: int, begins: Bools, stays: Bools, places: Array
) -> None:
    """Write whether a hand rests on its hip, with the elbow out."""
    sign = 1.0 if side == 0 else -1.0
    shoulder, hip = points[_SHOULDERS[side]], points[_HIPS[side]]
    elbow, wrist = points[_ELBOWS[side]], points[_WRISTS[side]]
    length = max(shoulder[1] - hip[1], 0.2)
    height = (palms[side, 1] - hip[1]) / length
    aside = (palms[side, 0] - hip[0] - height * (shoulder[0] - hip[0])) * sign
    is_bent = (elbow[0] - wrist[0]) * sign > _ELBOW_OUT and elbow[1] > wrist[1]
    low, high = _HIP_HEIGHTS
    near, far = _HIP_ASIDE
    begins[side, _HIP] = is_bent and low < height < high and near < aside < far
    stays[side, _HIP] = (
        is_bent
        and low - _HIP_SLACK < height < high + _HIP_SLACK
        and near - _HIP_SLACK < aside < far + _HIP_SLACK
    )
    places[side, _HIP, 0], places[side, _HIP, 1] = height, 0.0


@compiled
def _judge_arm(
    points: Array,
    palms: Array,
    side: int,
    is_apart: bool,
    stay: float,
    begins: Bools,
    stays: Bools,
    places: Array,
) -> None:
    """Write whether a hand holds the other arm, and where."""
    other = 1 - side
    low, high = _ARM_SHARE
    for part in range(2):
        start = points[_SHOULDERS[other] if part == 0 else _ELBOWS[other]]
        end = points[_ELBOWS[other] if part == 0 else _WRISTS[other]]
        x, y, z = end[0] - start[0], end[1] - start[1], end[2] - start[2]
        off_x, off_y = palms[side, 0] - start[0], palms[side, 1] - start[1]
        size = x * x + y * y
        share = (off_x * x + off_y * y) / max(size, 1e-6)
        held = min(max(share, 0.0), 1.0)
        miss = hypot(off_x - held * x, off_y - held * y)
        deep = abs(palms[side, 2] - start[2] - held * z)
        fits = size > _SHORTEST_BONE**2 and deep < _DEPTH_NEAR and is_apart
        fits = fits and (low if part == 0 else 0.0) < share < high
        kind = _UPPER_ARM if part == 0 else _FOREARM
        begins[side, kind] = fits and miss < _ARM_NEAR
        stays[side, kind] = fits and miss < stay * _ARM_NEAR
        places[side, kind, 0], places[side, kind, 1] = held, 0.0


@compiled
def _judge_folded(points: Array, palms: Array, begins: Bools, stays: Bools) -> None:
    """Write whether the arms are folded, each hand at the other upper arm.

    The hidden hand is not seen where it is, so both are judged together.
    """
    middle = 0.5 * (points[_SHOULDERS[0], 0] + points[_SHOULDERS[1], 0])
    is_level, is_between = True, True
    least_palm, least_elbow, total = np.inf, np.inf, 0.0
    for side in range(2):
        sign = 1.0 if side == 0 else -1.0
        palm = (palms[side, 0] - middle) * sign
        elbow = (points[_ELBOWS[side], 0] - middle) * sign
        height = palms[side, 1]
        if not points[_ELBOWS[side], 1] - _LEVEL < height < points[_SHOULDERS[side], 1] + _LEVEL:
            is_level = False
        other = (palms[1 - side, 0] - middle) * -sign
        if not other > -elbow + _BETWEEN:
            is_between = False
        least_palm, least_elbow = min(least_palm, palm), min(least_elbow, elbow)
        total += palm
    if is_level and least_elbow > _ELBOWS_ASIDE and least_palm < -_PAST_MIDDLE:
        for side in range(2):
            begins[side, _FOREARM] = stays[side, _FOREARM] = False
            stays[side, _UPPER_ARM] = True
            if is_between and total < -_CROSSED:
                begins[side, _UPPER_ARM] = True
