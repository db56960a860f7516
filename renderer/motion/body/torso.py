"""Rotations of pelvis, chest and spine, and of the shoulder girdle."""

from __future__ import annotations

from math import atan2, hypot, pi, sin
from typing import Final

import numpy as np

from avatars.maths.quaternions import about_axis, inverse, multiply, power
from avatars.maths.vectors import Array, basis, clamp, dot, normalise
from renderer.motion.core.skeleton import HIPS, SHOULDERS

_UP: Final[Array] = np.array([0.0, 1.0, 0.0])

_SIDE_SIGNS: Final[Array] = np.array([1.0, -1.0])
_SPINE_CURL: Final = 0.22
"""A leaning back is curved: at 45° the pelvis leans this much [rad] less than the spine's line, the
chest half as much more."""

_SHOULDER_TILT: Final = 0.6
"""Share of the shoulder line's tilt that is the ribcage's; the rest comes from raising an arm."""


def torso_frames(points: Array, hips_seen: float) -> Array:
    """Compute world rotation matrices (2, 3, 3) of pelvis and chest.

    Args:
        points: (33, 3) metres, stage axes.
        hips_seen: visibility of the hips, 0 to 1. Hips outside the image are guessed: then the
            pelvis stands upright under the shoulders.
    """
    hip_line = points[HIPS[0]] - points[HIPS[1]]
    shoulder_line = points[SHOULDERS[0]] - points[SHOULDERS[1]]
    middle = 0.5 * (points[SHOULDERS[0]] + points[SHOULDERS[1]])
    spine = normalise(middle - 0.5 * (points[HIPS[0]] + points[HIPS[1]]))
    if hips_seen < 1.0:
        level = shoulder_line * (1.0, 0.0, 1.0)
        hip_line = hips_seen * hip_line + (1.0 - hips_seen) * level * 0.6
        spine = normalise(hips_seen * spine + (1.0 - hips_seen) * _UP)

    x, up, z = spine.tolist()
    aside = hypot(x, z)
    lean = atan2(aside, up)
    side = np.array([x, 0.0, z]) / max(aside, 1e-9)
    curl = _SPINE_CURL * sin(2.0 * lean) if lean < 0.5 * pi else 0.0
    angles = np.array([[lean - curl], [lean + 0.5 * curl]])
    ups = np.cos(angles) * _UP + np.sin(angles) * side

    shoulder_line = shoulder_line - (1.0 - _SHOULDER_TILT) * dot(shoulder_line, ups[1]) * ups[1]
    return basis(np.array((hip_line, shoulder_line)), ups)


def spine_thirds(pelvis: Array, chest: Array) -> Array:
    """Return the local rotation (4,), xyzw, that spine, chest and upperChest each take."""
    return power(multiply(inverse(pelvis), chest), 1.0 / 3.0)


def shoulder_rotations(arms: Array) -> Array:
    """Compute local rotations (2, 4), xyzw, of leftShoulder and rightShoulder.

    The shoulder blade adds about a third of an arm's elevation (the scapulohumeral rhythm), less
    below the horizontal, and a little of its forward reach.

    Args:
        arms: (2, 3) unit upper arm directions in the chest's frame, left and right.
    """
    raised = np.arcsin(clamp(arms[:, 1], -1.0, 1.0))
    lift = np.where(raised > 0.0, 0.3, 0.08) * raised
    reach = 0.2 * np.arcsin(clamp(arms[:, 2], -1.0, 1.0))
    return multiply(about_axis(2, _SIDE_SIGNS * lift), about_axis(1, -_SIDE_SIGNS * reach))
