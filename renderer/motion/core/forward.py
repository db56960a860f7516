"""Forward kinematics of a fixed reference skeleton: bone transforms of a Motion without an avatar.

The skeleton has the proportions of an adult of 1.65 m in VRM's normalised T-pose.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import multiply, rotate
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX
from renderer.motion.core.skeleton import SIDES

_TRUNK: Final = {
    "spine": (0.0, 0.08, 0.0),
    "chest": (0.0, 0.12, 0.0),
    "upperChest": (0.0, 0.12, 0.0),
    "neck": (0.0, 0.15, 0.0),
    "head": (0.0, 0.08, 0.0),
    "jaw": (0.0, 0.02, 0.03),
    "leftEye": (0.03, 0.07, 0.07),
    "rightEye": (-0.03, 0.07, 0.07),
}
# Offsets of the left side; the right side mirrors x.
_LIMB: Final = {
    "Shoulder": (0.03, 0.12, 0.0),
    "UpperArm": (0.13, 0.0, 0.0),
    "LowerArm": (0.26, 0.0, 0.0),
    "Hand": (0.24, 0.0, 0.0),
    "UpperLeg": (0.09, -0.05, 0.0),
    "LowerLeg": (0.0, -0.39, 0.0),
    "Foot": (0.0, -0.38, 0.0),
    "Toes": (0.0, -0.06, 0.12),
    "ThumbMetacarpal": (0.02, -0.005, 0.02),
    "ThumbProximal": (0.03, 0.0, 0.03),
    "ThumbDistal": (0.022, 0.0, 0.022),
}
_KNUCKLES: Final = {
    "Index": (0.085, 0.0, 0.03),
    "Middle": (0.09, 0.0, 0.01),
    "Ring": (0.09, 0.0, -0.01),
    "Little": (0.08, 0.0, -0.03),
}
for _finger, _root in _KNUCKLES.items():
    _LIMB[f"{_finger}Proximal"] = _root
    _LIMB[f"{_finger}Intermediate"] = (0.04, 0.0, 0.0)
    _LIMB[f"{_finger}Distal"] = (0.025, 0.0, 0.0)


def _offsets() -> Array:
    """Return (55, 3) metres from each bone's parent in the T-pose."""
    offsets = np.zeros((len(HUMAN_BONES), 3))
    for bone, offset in _TRUNK.items():
        offsets[BONE_INDEX[bone]] = offset
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        for bone, (x, y, z) in _LIMB.items():
            offsets[BONE_INDEX[side + bone]] = (sign * x, y, z)
    return offsets


OFFSETS: Final[Array] = _offsets()
"""(55, 3) metres from each bone's parent in the T-pose."""

HIPS_HEIGHT: Final = 0.90
"""Metres from the floor to the hips bone in the T-pose."""


def _levels() -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], ...]:
    """Return the bones' rows grouped by depth below the hips, nearest first."""
    depth = [0] * len(HUMAN_BONES)
    for i, parent in enumerate(PARENT_INDEX):
        if parent >= 0:
            depth[i] = depth[parent] + 1
    return tuple(
        np.array([i for i, d in enumerate(depth) if d == level])
        for level in range(1, max(depth) + 1)
    )


_LEVELS: Final = _levels()
_PARENTS: Final = np.array(PARENT_INDEX)


def forward_kinematics(rotations: Array, root: Array) -> tuple[Array, Array]:
    """Compute world rotations (55, 4), xyzw, and positions (55, 3), metres, of all bones.

    Args:
        rotations: (55, 4) local, xyzw, in the order of avatars.names.HUMAN_BONES.
        root: (3,) metres, the hips' displacement from standing at the stage's origin.
    """
    world = np.array(rotations, np.float64)
    positions = np.empty((len(HUMAN_BONES), 3))
    positions[0] = np.array([0.0, HIPS_HEIGHT, 0.0]) + root
    for bones in _LEVELS:
        parents = _PARENTS[bones]
        positions[bones] = positions[parents] + rotate(world[parents], OFFSETS[bones])
        world[bones] = multiply(world[parents], world[bones])
    return world, positions
