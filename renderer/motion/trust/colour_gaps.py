"""Compare the colours along both arms with those of other places, in compiled code.

A solve does this in every frame on a few hundred colours, where array operations would cost more
than the comparisons themselves.
"""

from __future__ import annotations

from math import isnan, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.maths.vectors import Array
from renderer.capture.trackers.colours import ARM_PLACES, BESIDE_PLACES, BODY_PLACES

Bools = npt.NDArray[np.bool_]

ALONG: Final = ARM_PLACES.shape[1]
"""Sampled places along an arm."""
_BODY_FIRST, _BODY_END = int(BODY_PLACES[0]), int(BODY_PLACES[-1]) + 1
_BESIDE_FIRST: Final = int(BESIDE_PLACES.min())
_NEARBY: Final = 2
"""Places along the arm by which a place may be off and still count as the same."""


@compiled
def measure_gaps(
    seen: Array, learnt: Array, is_learnt: Bools, most: float, distinct: float
) -> Array:
    """Return how each arm's colours compare with others (2, 4).

    The numbers are the mean distance from the arm's learnt colours nearby (from the other arm's
    where it is not learnt), the mean distance from trunk and face, the number of places that are
    shown, and the number of these that are distinct from what is beside the arm.

    Args:
        seen: (84, 3) described colours in the order of colours.PLACES; NaN where unknown.
        learnt: (2, 12, 3) learnt colours of both arms.
        is_learnt: (2,) whether each arm is learnt.
        most: distance to which distances are limited; that from an unknown colour.
        distinct: distance from what is beside the arm above which a place is distinct.
    """
    out = np.zeros((2, 4))
    for side in range(2):
        for place in range(ALONG):
            own = seen[ALONG * side + place]
            if isnan(own[0]):
                continue
            nearby = most
            for other in range(max(place - _NEARBY, 0), min(place + _NEARBY + 1, ALONG)):
                if is_learnt[side]:
                    nearby = _lesser_gap(own, learnt[side, other], nearby)
                else:
                    nearby = _lesser_gap(own, seen[ALONG * (1 - side) + other], nearby)
            body = most
            for other in range(_BODY_FIRST, _BODY_END):
                body = _lesser_gap(own, seen[other], body)
            # The places beside the arms are ordered by the edge, then by the arm.
            beside = most
            for edge in range(2):
                first = _BESIDE_FIRST + ALONG * (2 * edge + side)
                for other in range(first, first + ALONG):
                    beside = _lesser_gap(own, seen[other], beside)
            out[side, 0] += nearby
            out[side, 1] += body
            out[side, 2] += 1.0
            if beside > distinct:
                out[side, 3] += 1.0
        shown = max(out[side, 2], 1.0)
        out[side, 0] /= shown
        out[side, 1] /= shown
    return out


@compiled
def _lesser_gap(one: Array, other: Array, least: float) -> float:
    """Return the distance of two colours (3,), at most `least`; `least` where one is unknown."""
    square = 0.0
    for k in range(3):
        off = one[k] - other[k]
        square += off * off
    # NaN compares as false.
    if square < least * least:
        return sqrt(square)
    return least
