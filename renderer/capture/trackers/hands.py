"""Which hand is the left one.

The body says it best: a hand hangs on the wrist that it is nearest to. Where no body was seen, the
hand tracker's own opinion has to do. That opinion is the performer's own left and right for a
picture that is not mirrored (as measured on full-body video, with the library this is built on);
it is unsure about gloves and fists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from renderer.capture.records import F32, Hand
from renderer.capture.trackers.mediapipe import HandSeen

_REACH: Final = 0.5
"""Farther than this from a wrist of the body, in body scales, a hand is not that wrist's."""
_SAME: Final = 0.12
"""Two hands whose wrists are nearer than this, in body scales, are one hand found twice."""
_LOYALTY: Final = 0.1
"""What it costs, in body scales, to take a hand from the side in whose crop it was found."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hand with its points in the frame; `from_left` is None if it came of no wrist's crop."""

    seen: HandSeen
    from_left: bool | None


def by_body(
    candidates: Sequence[Candidate], wrists: F32, size: tuple[int, int], scale: float
) -> tuple[Hand | None, Hand | None]:
    """Give hands to the wrists of a body, nearest first.

    Args:
        candidates: what was found.
        wrists: (2, 2) left and right wrist in pixels.
        size: (width, height) of the frame in pixels.
        scale: the body's, in pixels.

    Returns:
        The left and the right hand.
    """
    pixels = np.array(size, np.float32)
    places = [candidate.seen.hand.image[0, :2] * pixels for candidate in candidates]
    claims = sorted(
        (_cost(candidate, side, float(np.linalg.norm(place - wrists[side])) / scale), number, side)
        for number, (candidate, place) in enumerate(zip(candidates, places, strict=True))
        for side in (0, 1)
    )
    hands: list[Hand | None] = [None, None]
    taken: list[int] = []
    for cost, number, side in claims:
        twice = any(
            np.linalg.norm(places[number] - places[other]) < _SAME * scale for other in taken
        )
        if cost <= _REACH and hands[side] is None and not twice:
            hands[side] = _judge_side(candidates[number].seen, is_left=side == 0)
            taken.append(number)
    return hands[0], hands[1]


def by_opinion(candidates: Sequence[Candidate]) -> tuple[Hand | None, Hand | None]:
    """Give hands to sides by the tracker's opinion alone, surest first; (left, right)."""
    hands: list[Hand | None] = [None, None]
    for candidate in sorted(candidates, key=lambda c: -c.seen.hand.score)[:2]:
        side = 0 if candidate.seen.is_left else 1
        if hands[side] is not None:
            side = 1 - side
        hands[side] = _judge_side(candidate.seen, is_left=side == 0)
    return hands[0], hands[1]


def carry_hand(hand: Hand, shift: F32) -> Hand:
    """A hand that was seen a frame ago, carried along with its wrist.

    Args:
        shift: (2,) how far the wrist went, in [0, 1] of the frame.
    """
    image = hand.image.copy()
    image[:, :2] += shift
    image.flags.writeable = False
    return replace(hand, image=image)


def _cost(candidate: Candidate, side: int, distance: float) -> float:
    foreign = candidate.from_left is not None and candidate.from_left != (side == 0)
    return distance + (_LOYALTY if foreign else 0.0)


def _judge_side(seen: HandSeen, *, is_left: bool) -> Hand:
    """The hand with its score as of the side it was given to.

    A tracker that is sure of the other side has taken the palm for the back of the hand, and its
    fingers bend the wrong way: the surer it is, the less the hand is to be trusted.
    """
    score = seen.hand.score if seen.is_left == is_left else 1.0 - seen.hand.score
    return replace(seen.hand, score=score)
