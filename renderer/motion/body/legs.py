"""Forward kinematics of both legs from the hips, and inverse kinematics that displaces a foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.quaternions import inverse, multiply, rotate
from avatars.maths.vectors import Array, cross, dot, normalise
from renderer.motion.core.skeleton import bone_rows

HIP_DROP: Final = 0.05
"""Metres from the hips bone down to the hip joints."""

ANKLE_HEIGHT: Final = 0.08
"""Metres from the ankle down to the sole."""

_HIP_APART: Final = 0.09
"""Metres from the body's midplane to a hip joint."""

_BALL_AHEAD: Final = 0.12
"""Metres from the ankle forwards to the ball of the foot."""

_HEEL_BEHIND: Final = 0.05
"""Metres from the ankle backwards to the heel."""

# Offsets by row, left then right: hip joint, thigh, shin, ball of the foot, heel. Thigh and shin
# lengths are filled in per performer.
_PARTS: Final = np.zeros((10, 3))
_PARTS[0:2] = (_HIP_APART, -HIP_DROP, 0.0), (-_HIP_APART, -HIP_DROP, 0.0)
_PARTS[6:8] = 0.0, -ANKLE_HEIGHT, _BALL_AHEAD
_PARTS[8:10] = 0.0, -ANKLE_HEIGHT, -_HEEL_BEHIND

_UPPER: Final = bone_rows("leftUpperLeg", "rightUpperLeg")
_LOWER: Final = bone_rows("leftLowerLeg", "rightLowerLeg")
_FEET: Final = bone_rows("leftFoot", "rightFoot")


def standing_height(leg: tuple[float, float]) -> float:
    """Compute the standing hip height [m] from thigh and shin length [m]."""
    return HIP_DROP + sum(leg) + ANKLE_HEIGHT


@dataclass(frozen=True, slots=True)
class Legs:
    """Both legs, left and right, as posed.

    Attributes:
        upper, lower, foot: (2, 4) xyzw, world rotations.
        joints: (2, 3) metres from the hips to the hip joints, stage axes.
        soles: (2, 2, 3) metres from the hips, stage axes: the balls of both feet, then the heels.
    """

    upper: Array
    lower: Array
    foot: Array
    joints: Array
    soles: Array


def pose_legs(rotations: Array, leg: tuple[float, float]) -> Legs:
    """Compute both legs of a pose by forward kinematics.

    Args:
        rotations: (55, 4) xyzw, local.
        leg: thigh and shin length in metres.
    """
    hips = rotations[0]
    upper = multiply(hips, rotations[_UPPER])
    lower = multiply(upper, rotations[_LOWER])
    foot = multiply(lower, rotations[_FEET])
    parts = _PARTS.copy()
    parts[2:4, 1], parts[4:6, 1] = -leg[0], -leg[1]
    turned = rotate(np.concatenate((hips[None], hips[None], upper, lower, foot, foot)), parts)
    ankles = turned[0:2] + turned[2:4] + turned[4:6]
    return Legs(upper, lower, foot, turned[0:2], ankles + turned[6:].reshape(2, 2, 3))


def swing_legs(rotations: Array, legs: Legs, displacements: Array) -> None:
    """Swing the legs about their hip joints, in place; the feet keep their world rotation.

    Args:
        rotations: (55, 4) xyzw, local, from which `legs` was posed.
        legs: from `pose_legs`.
        displacements: (2, 2) metres along x and z by which the ball of each foot is to move.
    """
    reach = legs.soles[0] - legs.joints
    aim = reach.copy()
    aim[:, ::2] += displacements
    # The shortest rotation from unit vector a to b is (a × b, 1 + a · b), normalised.
    a, b = normalise(reach), normalise(aim)
    swing = normalise(np.concatenate((cross(a, b), 1.0 + dot(a, b)), axis=1))
    rotations[_UPPER] = multiply(inverse(rotations[0]), multiply(swing, legs.upper))
    rotations[_FEET] = multiply(inverse(multiply(swing, legs.lower)), legs.foot)
