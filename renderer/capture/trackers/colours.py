"""The colours of a performer's arms, trunk and face, read where the pose has them.

Whose arm it is that the body's tracker took for the performer's shows in its sleeve and its skin.
What is learnt of that is motion's business (renderer/motion/trust/arm_appearance.py); here
colours are only read, at points between joints, so that no outline has to be found.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.capture.records import F32
from renderer.capture.trackers.crops import (
    LEFT_HIP,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NOSE,
    RIGHT_HIP,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
    body_scale,
)

_ARMS: Final = ((LEFT_SHOULDER, 13, LEFT_WRIST), (RIGHT_SHOULDER, 14, RIGHT_WRIST))
_LEFT_EYE, _RIGHT_EYE, _LEFT_LIPS, _RIGHT_LIPS = 2, 5, 9, 10
_UPPER: Final = np.linspace(0.25, 0.9, 6)
_FORE: Final = np.linspace(0.1, 0.95, 6)
"""Where along a bone: a shoulder's own place is the trunk's as much as the arm's."""
_DOWN, _ACROSS = (0.15, 0.35, 0.55, 0.75), (0.3, 0.7)
"""Where on the trunk, from shoulders to hips and from the right to the left."""
_ROUND: Final = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
"""The pixels that are averaged at each place."""

_ASIDE: Final = 0.17
"""So far from the middle of an arm, in body scales, lies what is beside it."""

PLACES: Final = 84
ARM_PLACES: Final = np.arange(24).reshape(2, 12)
"""Of the left arm, then of the right one: six along the upper arm, six along the forearm."""
BODY_PLACES: Final = np.arange(24, 36)
"""Eight of the trunk, four of the face."""
BESIDE_PLACES: Final = np.arange(36, 84).reshape(2, 2, 12)
"""Beside each place of the arms, on the one side and on the other: (side, arm, place)."""


def _weight_points(*shares: tuple[int, float]) -> npt.NDArray[np.float32]:
    """A row of weights (33,) of the pose's points."""
    row = np.zeros(33, np.float32)
    for point, share in shares:
        row[point] += share
    return row


def _rows() -> F32:
    rows = [
        _weight_points((start, 1.0 - share), (end, share))
        for shoulder, elbow, wrist in _ARMS
        for start, end, shares in ((shoulder, elbow, _UPPER), (elbow, wrist, _FORE))
        for share in shares.tolist()
    ]
    rows += [
        _weight_points(
            (RIGHT_SHOULDER, (1.0 - down) * (1.0 - across)),
            (LEFT_SHOULDER, (1.0 - down) * across),
            (RIGHT_HIP, down * (1.0 - across)),
            (LEFT_HIP, down * across),
        )
        for down in _DOWN
        for across in _ACROSS
    ]
    rows += [
        _weight_points((NOSE, 1.0)),
        _weight_points((_LEFT_LIPS, 0.5), (_RIGHT_LIPS, 0.5)),
        _weight_points((_LEFT_EYE, 0.5), (_LEFT_LIPS, 0.5)),
        _weight_points((_RIGHT_EYE, 0.5), (_RIGHT_LIPS, 0.5)),
    ]
    return np.stack(rows)


_ROWS: Final = _rows()
"""(36, 33) shares of the pose's points in each place."""


def colours(pixels: npt.NDArray[np.uint8], points: F32) -> F32:
    """(84, 3) RGB, 0 to 1, in the order of ARM_PLACES, BODY_PLACES and BESIDE_PLACES.

    What lies outside of the picture is not a number.

    Args:
        pixels: (h, w, 3) RGB.
        points: (33, 2) pose points in pixels.
    """
    height, width = pixels.shape[:2]
    along = _ROWS @ points
    bones = np.diff(points[np.array(_ARMS)], axis=1).reshape(4, 2)
    across = bones[:, ::-1] * (1.0, -1.0)
    across *= _ASIDE * body_scale(points) / np.maximum(np.linalg.norm(bones, axis=1), 1.0)[:, None]
    aside = np.repeat(across, 6, axis=0)
    at = np.concatenate((along, along[:24] + aside, along[:24] - aside))
    inside = ((at >= 1) & (at < (width - 1, height - 1))).all(axis=1)
    column, row = np.moveaxis(at[inside].astype(np.int64)[:, None] + _ROUND, -1, 0)
    out = np.full((PLACES, 3), np.nan, np.float32)
    # In whole steps, which take a third of the room in a take.
    out[inside] = np.rint(pixels[row, column].mean(axis=1)) / 255.0
    return out
