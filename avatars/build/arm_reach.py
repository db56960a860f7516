"""Arms that reach: a wrist put somewhere before the trunk, the palm turned as wanted."""

from __future__ import annotations

import numpy as np

from avatars.build.poses import Arm, Vector, arm_rotations
from avatars.build.source import Floats
from avatars.names import BONE_INDEX
from avatars.rotation import from_axis_angle, inverse, multiply, normalized, rotate

_TWIST = 2.4
"""Radians that forearm and wrist together turn at most."""


def reached(
    heads: Floats,
    side: str,
    wrist: Floats,
    elbow: Vector,
    palm: Vector,
    hand: str = "relaxed",
    bend: float = 0.0,
) -> dict[str, Floats]:
    """Local rotations (4,) of an arm whose wrist is at a place of the rest pose's space.

    Two bones and the law of cosines; what lies out of reach is pointed at.

    Args:
        heads: (55, 3) where bones begin at rest.
        side: "left" or "right".
        wrist: (3,) metres; what it means while the trunk bends goes along with the trunk.
        elbow: where the elbow points, outwards, up, forwards.
        palm: where the palm faces, outwards, up, forwards.
        hand: the fingers, as in `Arm`.
        bend: the wrist's, as in `Arm`.
    """
    out = 1.0 if side == "left" else -1.0
    mirror = np.array([out, 1.0, 1.0])
    root, middle, end = (heads[BONE_INDEX[side + b]] for b in ("UpperArm", "LowerArm", "Hand"))
    upper, fore = np.linalg.norm(middle - root), np.linalg.norm(end - middle)
    reach = wrist - root
    distance = np.clip(np.linalg.norm(reach), abs(upper - fore) + 0.01, 0.999 * (upper + fore))
    straight = normalized(reach)
    aside = np.array(elbow) * mirror
    aside = normalized(aside - straight * (aside @ straight))
    angle = np.arccos((upper**2 + distance**2 - fore**2) / (2.0 * upper * distance))
    along = straight * np.cos(angle) + aside * np.sin(angle)
    forearm = normalized(straight * distance - along * upper)
    turns = arm_rotations(side, Arm(_told(along * mirror), _told(forearm * mirror), hand, bend))
    return turns | _twisted(turns, side, np.array(palm) * mirror)


def _told(direction: Floats) -> Vector:
    return float(direction[0]), float(direction[1]), float(direction[2])


def _twisted(turns: dict[str, Floats], side: str, palm: Floats) -> dict[str, Floats]:
    """Forearm and wrist turned about the forearm, half each, until the palm faces its way."""
    axis = np.array([1.0, 0.0, 0.0])
    lower = multiply(
        multiply(turns[side + "Shoulder"], turns[side + "UpperArm"]), turns[side + "LowerArm"]
    )
    goal = rotate(inverse(lower), palm)
    # At rest the palm faces −Y; the angle about X from there to the goal.
    angle = float(np.clip(np.arctan2(-goal[2], -goal[1]), -_TWIST, _TWIST))
    half = from_axis_angle(axis, 0.5 * angle)
    return {
        side + "LowerArm": multiply(turns[side + "LowerArm"], half),
        side + "Hand": multiply(half, turns[side + "Hand"]),
    }
