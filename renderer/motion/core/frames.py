"""Conversions from MediaPipe's axes and image coordinates to stage space.

MediaPipe's world points have x right, y down, z away from the camera; stage space has +X right (the
left of a performer who faces the camera), +Y up, +Z towards the camera. Both are right-handed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import F32
from renderer.motion.core.skeleton import HIPS

_TO_STAGE: Final[Array] = np.array([1.0, -1.0, -1.0])

MIN_SCALE: Final = 1.0
"""Pixels per metre below which a performer is too small to be measured in the image."""


def to_stage(world: F32) -> Array:
    """Convert world points (..., 3) [m] from MediaPipe's axes to stage axes: (x, −y, −z)."""
    return world * _TO_STAGE


def image_plane(points: F32, size: tuple[int, int]) -> Array:
    """Convert image points to pixels (..., 2): x right, y up, origin at the frame's centre.

    Args:
        points: (..., 2 or 3) normalised image points, x right, y down, 0 to 1.
        size: (width, height) of the frame in pixels.
    """
    width, height = size
    return (points[..., :2] - 0.5) * (float(width), -float(height))


def body_points(pose: F32, pose_world: F32, size: tuple[int, int]) -> tuple[Array, float]:
    """Compute the pose's 33 points about the hips' midpoint, and the image scale.

    Image landmarks are more accurate than world points, whose depth is guessed and whose x and y
    err with it. So x and y come from the image under weak perspective, and only depth from the
    world points. The scale s that best fits image points u to world points w (least squares) is s =
    Σu·w / Σw·w.

    Args:
        pose: (33, 2 or 3) normalised image points.
        pose_world: (33, 3) metres, MediaPipe's axes.
        size: (width, height) of the frame in pixels.

    Returns:
        (33, 3) metres, NaN where a point is not finite, and s in pixels per metre. World points
        alone, and s = 0, where no scale of at least MIN_SCALE fits.
    """
    world = to_stage(pose_world)
    world -= 0.5 * (world[HIPS[0]] + world[HIPS[1]])
    flat = image_plane(pose, size)
    flat -= 0.5 * (flat[HIPS[0]] + flat[HIPS[1]])
    plane = world[:, :2]
    both = np.isfinite(flat + plane).all(axis=1)
    fit = float(np.vdot(flat[both], plane[both]))
    scale = fit / max(float(np.vdot(plane[both], plane[both])), 1e-9)
    if not scale >= MIN_SCALE:
        return world, 0.0
    world[:, :2] = flat / scale
    return world, scale
