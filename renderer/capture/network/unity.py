"""Convert between Unity's humanoid and Encore's bones and axes.

Unity is left-handed: +X right, +Y up, and a character faces +Z, so its left is at −X. Encore is
right-handed and faces +Z too, with the left at +X. The two are mirrored at the plane x = 0: in both
directions a point (x, y, z) becomes (−x, y, z), and a rotation (x, y, z, w) becomes (x, −y, −z, w).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX, HUMAN_BONES

MIRRORED_POINT: Final[Array] = np.array([-1.0, 1.0, 1.0])
MIRRORED_TURN: Final[Array] = np.array([1.0, -1.0, -1.0, 1.0])

# VRM 1.0 names the thumb's bones anatomically, Unity like those of the other fingers.
_THUMB: Final = {"Metacarpal": "Proximal", "Proximal": "Intermediate", "Distal": "Distal"}


def _unity_name(bone: str) -> str:
    side, thumb, joint = bone.partition("Thumb")
    name = side + thumb + _THUMB[joint] if thumb else bone
    return name[0].upper() + name[1:]


UNITY_BONES: Final[tuple[str, ...]] = tuple(_unity_name(bone) for bone in HUMAN_BONES)
"""(55,) Unity's names (HumanBodyBones), in the order of HUMAN_BONES."""

UNITY_INDEX: Final[dict[str, int]] = {
    name: BONE_INDEX[bone] for name, bone in zip(UNITY_BONES, HUMAN_BONES, strict=True)
}
