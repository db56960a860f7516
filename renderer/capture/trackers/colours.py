"""Sample the colours of a performer's arms, trunk and face at points of the pose.

The colours of sleeve and skin show whether an arm that the body tracker returned is the
performer's. renderer/motion/trust/arm_appearance.py evaluates them; this module only samples the
colours, at points between joints, so that no segmentation is needed.
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
"""Sample positions along a bone, 0 to 1; the shoulder itself belongs to the trunk too."""
_DOWN, _ACROSS = (0.15, 0.35, 0.55, 0.75), (0.3, 0.7)
"""Sample positions on the trunk, from shoulders to hips and from right to left."""
_ROUND: Final = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
"""Pixel offsets that are averaged at each sample point."""

_ASIDE: Final = 0.17
"""Distance of the samples beside an arm from its axis, body scales."""

PLACES: Final = 84
"""Number of sample points."""
ARM_PLACES: Final = np.arange(24).reshape(2, 12)
"""Indices (arm, sample), left arm first: six along the upper arm, six along the forearm."""
BODY_PLACES: Final = np.arange(24, 36)
"""Indices of eight samples on the trunk and four on the face."""
BESIDE_PLACES: Final = np.arange(36, 84).reshape(2, 2, 12)
"""Indices (side, arm, sample) of the samples on both sides of each arm sample."""


def _weight_points(*shares: tuple[int, float]) -> npt.NDArray[np.float32]:
    """Return a row of pose point weights, (33,)."""
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
"""(36, 33) weights of the pose points in each sample point on the body."""


def colours(pixels: npt.NDArray[np.uint8], points: F32) -> F32:
    """Sample the colours of a body.

    Args:
        pixels: (h, w, 3) RGB.
        points: (33, 2) pose points in pixels.

    Returns:
        (84, 3) RGB in [0, 1], in the order of ARM_PLACES, BODY_PLACES and BESIDE_PLACES; NaN
        outside the image.
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
    # Rounded to 8-bit levels, which need a third of the space in a take.
    out[inside] = np.rint(pixels[row, column].mean(axis=1)) / 255.0
    return out
