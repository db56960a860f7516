"""Whether a hand that was found is the performer's own, or of one who reached into the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from renderer.capture.crops import LEFT_WRIST, RIGHT_WRIST, body_scale
from renderer.capture.records import F32, Hand, Observation

REACH: Final = 0.3
"""A hand's wrist is no further than this from the body's, in body scales (about half a metre). On
the demo's clip 99 of 100 hands are within .18, all within .27."""

LARGEST: Final = 0.32
"""From wrist to middle knuckle, in body scales; a larger hand is nearer to the camera than the body
is. On the demo's clip none is above .19; a hand held out to the camera grows by half."""

_KNUCKLE: Final = 9
_SEEN: Final = 0.5
"""A body's wrist less visible than this is a guess, which refuses nobody's hand."""


def own_hands(seen: Observation) -> Observation:
    """The observation without hands that cannot be this body's; itself where all can be."""
    if seen.pose is None or (seen.left_hand is None and seen.right_hand is None):
        return seen
    pixels = np.array(seen.size, np.float32)
    points = np.asarray(seen.pose[:, :2] * pixels, np.float32)
    if not np.isfinite(points).all():
        return seen
    scale = body_scale(points)
    visible = np.ones(33) if seen.visibility is None else seen.visibility
    left, right = (
        hand
        if hand is None or visible[wrist] < _SEEN or _belongs(hand, points[wrist], pixels, scale)
        else None
        for hand, wrist in ((seen.left_hand, LEFT_WRIST), (seen.right_hand, RIGHT_WRIST))
    )
    if left is seen.left_hand and right is seen.right_hand:
        return seen
    return replace(seen, left_hand=left, right_hand=right)


def _belongs(hand: Hand, wrist: F32, pixels: F32, scale: float) -> bool:
    points = hand.image[[0, _KNUCKLE], :2] * pixels
    away = float(np.hypot(*(points[0] - wrist)))
    size = float(np.hypot(*(points[1] - points[0])))
    return away <= REACH * scale and size <= LARGEST * scale
