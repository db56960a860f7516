"""What the face's 478 points show better than the scores: lips, smile and brows.

The scores come from a model that sees the points through a bottleneck; of a small face they say
less than the points themselves. Of a synthetic performer 45 pixels wide of face, input against
output: the gap between the lips follows jawOpen with r = .98 (its score .87), the mouth's width
mouthSmile with .88 (.81), a narrow mouth times its gap mouthFunnel with .91 (.63), and a narrow one
that is nearly shut mouthPucker with .89 (.71). Lips that touch, as on m, b and p, are seen to.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.names import ARKIT_INDEX
from renderer.capture.records import F32
from renderer.motion.linear import Array, clamp, length, unit

_LIPS: Final = (13, 14)
_CORNERS: Final = (291, 61)
_EYES: Final = (263, 33)
"""Upper and lower lip inside; left and right corner of the mouth, outer corner of the eye."""

_BROWS: Final = (336, 296, 334, 107, 66, 105)
_LIDS: Final = (362, 263, 362, 133, 33, 133)
"""Points along the left and the right brow, and the corners of the eye that they rise from."""

_ROWS: Final = np.array([*_LIPS, *_CORNERS, *_EYES, *_BROWS, *_LIDS])

# All lengths are in distances between the outer corners of the eyes.
_TOUCH: Final = (0.008, 0.035)
"""Gap up to which lips touch, and from which they surely do not."""
_FULL_GAP: Final = 0.42
_ROUND_GAP: Final = 0.10
"""Gap of a mouth wide open, and of one that is open enough to be round rather than pursed."""
_PURSED_GAP: Final = 0.20
_WIDTH: Final = 0.57
_WIDTH_ROOM: Final = 0.10
_NARROW: Final = 0.12
_SMILE: Final = 0.07
"""A mouth's width at rest, how far a performer's own may be from it, by how much it narrows for a
whole pucker, and widens for a whole smile."""
_BROW_RISE: Final = 0.09
"""By how much a brow rises at full."""

_SETTLE_S: Final = 8.0
_FIRST_S: Final = 1.0
"""Time in which a performer's own width and brows at rest are found, and the first guess."""
_BROW_QUANTILE: Final = 0.3

_POINTS_SHARE: Final = 0.7
"""How far the points are believed over the scores."""

_BROWS_AS_ONE: Final = 0.7

_JAW, _FUNNEL, _PUCKER = (ARKIT_INDEX[n] for n in ("jawOpen", "mouthFunnel", "mouthPucker"))
_CLOSE: Final = ARKIT_INDEX["mouthClose"]
_SMILES: Final = [ARKIT_INDEX["mouthSmileLeft"], ARKIT_INDEX["mouthSmileRight"]]
_CHEEKS: Final = [ARKIT_INDEX["cheekSquintLeft"], ARKIT_INDEX["cheekSquintRight"]]
_RISES: Final = [ARKIT_INDEX[f"brow{n}"] for n in ("InnerUp", "OuterUpLeft", "OuterUpRight")]

_CHEEK_SHARE: Final = 0.5
"""A smile lifts the cheeks (Ekman's Duchenne marker); their own score is dead."""

GAP, WIDTH, LEFT_BROW, RIGHT_BROW = range(4)


def measured(face: F32, head: F32, size: tuple[int, int]) -> Array:
    """(4,) lip gap, mouth width, left and right brow's height, over the eyes' distance.

    Args:
        face: (478, 3) image points.
        head: (4, 4) the face's transform; its rotation takes the head's turn out.
        size: (width, height) of the frame in pixels.
    """
    width, height = size
    points = face[_ROWS] * np.array([width, -height, -width], np.float64)
    axes = unit(np.asarray(head[:3, :3], np.float64).T)
    points = (points - points[4]) @ axes.T
    lips, corners, eyes = points[0:2], points[2:4], points[4:6]
    rises = (points[6:12] - points[12:18])[:, 1].reshape(2, 3).mean(axis=1)
    scale = max(float(length(eyes[0] - eyes[1])[0]), 1e-6)
    gap = float(lips[0, 1] - lips[1, 1])
    across = float(length(corners[0] - corners[1])[0])
    return np.array([gap, across, *rises]) / scale


class PointShapes:
    """One performer's mouth and brows at rest, found as they perform."""

    def __init__(self) -> None:
        self._rest: Array | None = None
        self._seen_s = 0.0

    def blend(self, shapes: Array, seen: Array, dt: float) -> None:
        """Blend what the points show into face shapes (52,), in place.

        Args:
            seen: (4,) from `measured`.
            dt: seconds since the last ones.
        """
        rest = self._settle(seen, dt)
        gap = max(float(seen[GAP]), 0.0)
        wider = float(seen[WIDTH] - rest[WIDTH])
        narrow = min(max(-wider / _NARROW, 0.0), 1.0)
        apart = min(max((gap - _TOUCH[0]) / (_TOUCH[1] - _TOUCH[0]), 0.0), 1.0)

        _mix(shapes, _JAW, min(gap / _FULL_GAP, 1.0))
        _mix(shapes, _FUNNEL, narrow * min(gap / _ROUND_GAP, 1.0))
        _mix(shapes, _PUCKER, narrow * max(1.0 - gap / _PURSED_GAP, 0.0))
        # Lips that touch are closed, whatever the jaw's score has left over.
        shapes[_JAW] *= apart
        shapes[_CLOSE] *= 1.0 - apart

        smile = min(max(wider / _SMILE, 0.0), 1.0)
        sides = shapes[_SMILES]
        lopsided = 2.0 * sides / sides.sum() if sides.sum() > 0.1 else np.ones(2)
        shapes[_SMILES] += _POINTS_SHARE * (clamp(smile * lopsided, 0.0, 1.0) - sides)
        shapes[_CHEEKS] = np.maximum(shapes[_CHEEKS], _CHEEK_SHARE * shapes[_SMILES])

        rise = clamp((seen[LEFT_BROW:] - rest[LEFT_BROW:]) / _BROW_RISE, 0.0, 1.0)
        brows = 0.5 * (shapes[_RISES] + np.array([rise.mean(), *rise]))
        # Most often brows rise as one; apart, each is known to a pixel or two of a small face.
        shapes[_RISES] = brows + _BROWS_AS_ONE * (brows.mean() - brows)

    def learn(self, seen: Array) -> None:
        """Take these measures (4,) as those of a face at rest."""
        self._rest = seen.copy()
        self._seen_s = _SETTLE_S

    def _settle(self, seen: Array, dt: float) -> Array:
        """The measures (4,) at rest: the width's median, and a low quantile of the brows."""
        if self._rest is None:
            self._rest = seen.copy()
        self._seen_s += dt
        pace = dt / min(max(self._seen_s, _FIRST_S), _SETTLE_S)
        quantile = np.array([0.5, 0.5, _BROW_QUANTILE, _BROW_QUANTILE])
        # The quantile p is where steps down of 1 − p and steps up of p balance.
        step = np.where(seen < self._rest, quantile - 1.0, quantile)
        span = np.array([0.0, 0.05, 0.05, 0.05])
        self._rest = self._rest + pace * step * span
        width = self._rest[WIDTH]
        self._rest[WIDTH] = min(max(width, _WIDTH - _WIDTH_ROOM), _WIDTH + _WIDTH_ROOM)
        return self._rest


def _mix(shapes: Array, row: int, shown: float) -> None:
    shapes[row] += _POINTS_SHARE * (shown - shapes[row])
