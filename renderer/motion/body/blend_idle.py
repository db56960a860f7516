"""Blends the tracked pose with the idle pose, limb by limb."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import about_axis, inverse, multiply, rotate, slerp
from avatars.maths.vectors import Array
from renderer.motion.body.idle import idle_pose
from renderer.motion.body.seated import LEG_ROWS
from renderer.motion.core.records import LIMBS
from renderer.motion.core.skeleton import BONE_LIMB, bone_rows

_THIGHS: Final = bone_rows("leftUpperLeg", "rightUpperLeg")
_LEGS: Final = slice(LIMBS.index("leftLeg"), LIMBS.index("rightLeg") + 1)


def blend_idle(seen: Array, weights: Array, t_ns: int, seated: Array | None = None) -> Array:
    """Blend tracked and idle local rotations, limb by limb.

    A leg without weight stands upright under the pelvis, however the pelvis leans, unless the
    performer sits.

    Args:
        seen: (55, 4) xyzw, local rotations as tracked.
        weights: (9,) 0 (idle) to 1 (tracked), in the order of LIMBS.
        t_ns: time, which drives breathing and sway of the idle pose.
        seated: (n, 4) xyzw, local rotations of LEG_ROWS of a performer who sits; None otherwise.

    Returns:
        (55, 4) xyzw, local; `seen` itself where every weight is 1.
    """
    if weights.min() >= 1.0:
        return seen
    idle = idle_pose(t_ns)
    if seated is not None:
        idle[LEG_ROWS] = seated
    mixed: Array = slerp(idle, seen, weights[BONE_LIMB])
    if seated is None and weights[_LEGS].min() < 1.0:
        ahead = rotate(mixed[0], np.array([0.0, 0.0, 1.0]))
        heading = about_axis(1, np.arctan2(ahead[0], ahead[2]))
        upright = multiply(multiply(inverse(mixed[0]), heading), idle[_THIGHS])
        mixed[_THIGHS] = slerp(upright, seen[_THIGHS], weights[_LEGS])
    return mixed
