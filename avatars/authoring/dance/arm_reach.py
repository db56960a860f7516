"""Solve arm inverse kinematics: place a wrist in front of the trunk with a given palm direction."""

from __future__ import annotations

import numpy as np

from avatars.authoring.dance.poses import Arm, Vector, arm_rotations
from avatars.authoring.figure.source import Floats
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX


def solve_arm(
    heads: Floats,
    side: str,
    wrist: Floats,
    elbow: Vector,
    palm: Vector,
    hand: str = "relaxed",
    bend: float = 0.0,
) -> dict[str, Floats]:
    """Return the local rotations (4,) xyzw of an arm's bones that put its wrist at a point.

    Two-bone IK by the law of cosines; the arm points at a target that is out of reach.

    Args:
        heads: (55, 3) joint positions at rest, metres.
        side: "left" or "right".
        wrist: (3,) target in the rest pose's space, metres; it moves with the trunk.
        elbow: direction in which the elbow points: outwards, up, forwards.
        palm: direction that the palm faces: outwards, up, forwards.
        hand: the fingers' shape, as in `Arm`.
        bend: the wrist's bend, as in `Arm`.
    """
    out = 1.0 if side == "left" else -1.0
    mirror = np.array([out, 1.0, 1.0])
    root, middle, end = (heads[BONE_INDEX[side + b]] for b in ("UpperArm", "LowerArm", "Hand"))
    upper, fore = np.linalg.norm(middle - root), np.linalg.norm(end - middle)
    reach = wrist - root
    distance = np.clip(np.linalg.norm(reach), abs(upper - fore) + 0.01, 0.999 * (upper + fore))
    straight = normalise(reach)
    aside = np.array(elbow) * mirror
    aside = normalise(aside - straight * (aside @ straight))
    angle = np.arccos((upper**2 + distance**2 - fore**2) / (2.0 * upper * distance))
    along = straight * np.cos(angle) + aside * np.sin(angle)
    forearm = normalise(straight * distance - along * upper)
    arm = Arm(_to_vector(along * mirror), _to_vector(forearm * mirror), hand, bend, palm)
    return arm_rotations(side, arm)


def _to_vector(direction: Floats) -> Vector:
    return float(direction[0]), float(direction[1]), float(direction[2])
