"""Assign detected hands to the left and right side.

The body is the most reliable cue: a hand belongs to the nearest wrist. Without a body the hand
tracker's own handedness is used. For an image that is not mirrored it is the performer's own left
and right (as measured on full-body video with the MediaPipe version in use); it is unreliable for
gloves and fists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from renderer.capture.records import F32, Hand
from renderer.capture.trackers.mediapipe import HandSeen

_REACH: Final = 0.5
"""Greatest cost of assigning a hand to a wrist, body scales."""
_SAME: Final = 0.12
"""Two hands whose wrists are nearer than this, in body scales, are the same hand."""
_LOYALTY: Final = 0.1
"""Extra cost, body scales, of assigning a hand to the side in whose crop it was not found."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A detected hand with its points in frame coordinates.

    Attributes:
        seen: the hand.
        from_left: whether it was found in the left wrist's crop; None if in the whole frame.
    """

    seen: HandSeen
    from_left: bool | None


def by_body(
    candidates: Sequence[Candidate], wrists: F32, size: tuple[int, int], scale: float
) -> tuple[Hand | None, Hand | None]:
    """Assign hands to the wrists of a body, nearest first.

    Args:
        candidates: the detected hands.
        wrists: (2, 2) left and right wrist in pixels.
        size: (width, height) of the frame in pixels.
        scale: body scale in pixels.

    Returns:
        The left and the right hand.
    """
    pixels = np.array(size, np.float32)
    places = [candidate.seen.hand.image[0, :2] * pixels for candidate in candidates]
    claims = sorted(
        (
            _compute_cost(candidate, side, float(np.linalg.norm(place - wrists[side])) / scale),
            number,
            side,
        )
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
    """Assign hands to sides by the tracker's handedness, most confident first; (left, right)."""
    hands: list[Hand | None] = [None, None]
    for candidate in sorted(candidates, key=lambda c: -c.seen.hand.score)[:2]:
        side = 0 if candidate.seen.is_left else 1
        if hands[side] is not None:
            side = 1 - side
        hands[side] = _judge_side(candidate.seen, is_left=side == 0)
    return hands[0], hands[1]


def carry_hand(hand: Hand, shift: F32) -> Hand:
    """Translate a hand from an earlier frame with its wrist.

    Args:
        hand: the hand.
        shift: (2,) displacement of the wrist, normalized to the frame.
    """
    image = hand.image.copy()
    image[:, :2] += shift
    image.flags.writeable = False
    return replace(hand, image=image)


def _compute_cost(candidate: Candidate, side: int, distance: float) -> float:
    foreign = candidate.from_left is not None and candidate.from_left != (side == 0)
    return distance + (_LOYALTY if foreign else 0.0)


def _judge_side(seen: HandSeen, *, is_left: bool) -> Hand:
    """Return the hand with its score converted to the assigned side.

    A tracker that is confident of the other side has mistaken the palm for the back of the hand,
    and its fingers bend the wrong way: the higher its score, the less reliable the hand.
    """
    score = seen.hand.score if seen.is_left == is_left else 1.0 - seen.hand.score
    return replace(seen.hand, score=score)
