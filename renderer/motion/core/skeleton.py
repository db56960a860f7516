"""Tables: which landmark is which joint, and rest directions of the bones in the T-pose.

Landmark numbers: MediaPipe's pose (33 points) and hand (21 points) models. Rest directions: VRM
1.0's normalised T-pose facing +Z, the performer's left at +X.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.motion.core.records import LIMBS

# Pose landmarks.
NOSE: Final = 0
EARS: Final = (7, 8)
SHOULDERS: Final = (11, 12)
ELBOWS: Final = (13, 14)
WRISTS: Final = (15, 16)
PINKIES: Final = (17, 18)
INDEXES: Final = (19, 20)
HIPS: Final = (23, 24)
KNEES: Final = (25, 26)
ANKLES: Final = (27, 28)
HEELS: Final = (29, 30)
TOES: Final = (31, 32)

# Hand landmarks.
HAND_WRIST: Final = 0
KNUCKLES: Final = (5, 9, 13, 17)
"""Knuckles of index, middle, ring and little finger."""

FINGER_POINTS: Final = np.arange(1, 21).reshape(5, 4)
"""(5, 4) hand landmarks by finger, thumb to little finger, each from root to tip."""

SIDES: Final = ("left", "right")

SEGMENTS: Final[dict[str, tuple[int, int]]] = {
    f"{side}{bone}": (start[k], end[k])
    for bone, start, end in (
        ("UpperArm", SHOULDERS, ELBOWS),
        ("LowerArm", ELBOWS, WRISTS),
        ("UpperLeg", HIPS, KNEES),
        ("LowerLeg", KNEES, ANKLES),
        ("Foot", HEELS, TOES),
    )
    for k, side in enumerate(SIDES)
}
"""Bone to the landmarks at its near and far end; left and right alternate."""

UPPER_BONES: Final = ("leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg")
LOWER_BONES: Final = ("leftLowerArm", "rightLowerArm", "leftLowerLeg", "rightLowerLeg")

LIMB_AXIS: Final[Array] = np.array([[1, 0, 0], [-1, 0, 0], [0, -1, 0], [0, -1, 0]], np.float64)
"""(4, 3) rest directions of UPPER_BONES."""

LIMB_HINGE: Final[Array] = np.array([[0, -1, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0]], np.float64)
"""(4, 3) flexion axes of elbows and knees at rest: forearms bend forwards, shins backwards."""

_FINGERS: Final = ("Thumb", "Index", "Middle", "Ring", "Little")


def bone_rows(*names: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the rows (n,) of the named bones in an array of 55 bones."""
    return np.array([BONE_INDEX[name] for name in names])


FINGER_ROWS: Final = np.array(
    [
        [[i for i, b in enumerate(HUMAN_BONES) if b.startswith(side + f)] for f in _FINGERS]
        for side in SIDES
    ]
)
"""(2, 5, 3) rows of the finger bones by side, finger (thumb to little finger) and joint (root to
tip)."""

THUMB_REST: Final[Array] = np.array([np.sqrt(0.5), 0.0, np.sqrt(0.5)])
"""(3,) rest direction of the left thumb; the right one's x is mirrored."""


def _limb_of(bone: str) -> str:
    """Return which of LIMBS a bone belongs to."""
    if bone in ("neck", "head", "jaw", "leftEye", "rightEye"):
        return "head"
    for side in SIDES:
        if not bone.startswith(side):
            continue
        if bone.endswith(("Shoulder", "UpperArm", "LowerArm", "Hand")):
            return f"{side}Arm"
        if bone.endswith(("UpperLeg", "LowerLeg", "Foot", "Toes")):
            return f"{side}Leg"
        return f"{side}Hand"
    return "torso"


BONE_LIMB: Final = np.array([LIMBS.index(_limb_of(bone)) for bone in HUMAN_BONES])
"""(55,) the index in LIMBS of the limb that each bone belongs to."""
