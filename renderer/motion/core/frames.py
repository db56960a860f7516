"""From MediaPipe's axes to the stage's.

MediaPipe's world points have x right, y down, z away from the camera; the stage has +X right (the
left of a performer who faces the camera), +Y up, +Z to the camera. Both are right-handed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import F32
from renderer.motion.core.skeleton import HIPS

_TO_STAGE: Final[Array] = np.array([1.0, -1.0, -1.0])

MIN_SCALE: Final = 1.0
"""Pixels a metre below which a performer is too small to be measured in the picture."""


def to_stage(world: F32) -> Array:
    """World points (..., 3) in MediaPipe's axes, in the stage's: (x, −y, −z), metres."""
    return world * _TO_STAGE


def image_plane(points: F32, size: tuple[int, int]) -> Array:
    """Image points (..., 2 or 3) in pixels (..., 2): x right, y up, origin at the frame's middle.

    Args:
        size: (width, height) of the frame in pixels.
    """
    width, height = size
    return (points[..., :2] - 0.5) * (float(width), -float(height))


def body_points(pose: F32, pose_world: F32, size: tuple[int, int]) -> tuple[Array, float]:
    """A performer's 33 points about the middle of the hips, in stage space.

    The picture places landmarks more truly than the world points do (their depth is guessed, and
    their x and y with it), so x and y are the image's, under weak perspective, and only depth is
    the world's. The scale s that fits image u to world w best has s = Σu·w / Σw·w.

    Returns:
        (33, 3) metres, NaN where a point is not a number, and s in pixels a metre. World points
        alone, and s = 0, where the two do not fit each other at all.
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
