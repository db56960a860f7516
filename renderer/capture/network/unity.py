"""Unity's humanoid in the house's terms.

Unity is left-handed: +X right, +Y up, and a character faces +Z, so its left is at −X. Ours is
right-handed, facing +Z too, with the left at +X. The two are mirror images in the plane x = 0: a
point (x, y, z) is (−x, y, z), and a rotation (x, y, z, w) is (x, −y, −z, w), either way.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX, HUMAN_BONES

MIRRORED_POINT: Final[Array] = np.array([-1.0, 1.0, 1.0])
MIRRORED_TURN: Final[Array] = np.array([1.0, -1.0, -1.0, 1.0])

# VRM 1.0 names a thumb's bones after the hand's anatomy, Unity like those of any finger.
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
