"""Name VRM 1.0's human bones and preset expressions, and ARKit's 52 blend shapes.

Sources: VRMC_vrm-1.0 humanoid.md and expressions.md; Apple's ARFaceAnchor.BlendShapeLocation.
"""

from __future__ import annotations

from typing import Final

_FINGERS: Final = ("Thumb", "Index", "Middle", "Ring", "Little")


def _finger_bones(side: str, finger: str) -> tuple[str, str, str]:
    joints = (
        ("Metacarpal", "Proximal", "Distal")
        if finger == "Thumb"
        else ("Proximal", "Intermediate", "Distal")
    )
    return tuple(f"{side}{finger}{joint}" for joint in joints)  # type: ignore[return-value]


def _parents() -> dict[str, str | None]:
    parents: dict[str, str | None] = {
        "hips": None,
        "spine": "hips",
        "chest": "spine",
        "upperChest": "chest",
        "neck": "upperChest",
        "head": "neck",
        "jaw": "head",
        "leftEye": "head",
        "rightEye": "head",
    }
    for side in ("left", "right"):
        arm = (f"{side}Shoulder", f"{side}UpperArm", f"{side}LowerArm", f"{side}Hand")
        leg = (f"{side}UpperLeg", f"{side}LowerLeg", f"{side}Foot", f"{side}Toes")
        parents.update(zip(arm, ("upperChest", *arm[:-1]), strict=True))
        parents.update(zip(leg, ("hips", *leg[:-1]), strict=True))
        for finger in _FINGERS:
            chain = _finger_bones(side, finger)
            parents.update(zip(chain, (f"{side}Hand", *chain[:-1]), strict=True))
    return parents


BONE_PARENTS: Final[dict[str, str | None]] = _parents()
"""The parent of each of the 55 human bones; parents precede their children."""

HUMAN_BONES: Final[tuple[str, ...]] = tuple(BONE_PARENTS)
"""The 55 human bones, in the order of every (55, …) array."""

BONE_INDEX: Final[dict[str, int]] = {name: i for i, name in enumerate(HUMAN_BONES)}

PARENT_INDEX: Final[tuple[int, ...]] = tuple(
    -1 if parent is None else BONE_INDEX[parent] for parent in BONE_PARENTS.values()
)
"""Index of each bone's parent in HUMAN_BONES; -1 for hips."""

REQUIRED_BONES: Final[frozenset[str]] = frozenset(
    {"hips", "spine", "head"}
    | {
        side + bone
        for side in ("left", "right")
        for bone in ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
    }
)
"""The 15 bones that a VRM humanoid must have."""

ARKIT: Final[tuple[str, ...]] = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight",
    "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight",
    "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight",
    "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""ARKit's 52 face shapes, in the order of every (52,) array."""

ARKIT_INDEX: Final[dict[str, int]] = {name: i for i, name in enumerate(ARKIT)}

PRESETS: Final[tuple[str, ...]] = (
    "happy", "angry", "sad", "relaxed", "surprised",
    "aa", "ih", "ou", "ee", "oh",
    "blink", "blinkLeft", "blinkRight",
    "lookUp", "lookDown", "lookLeft", "lookRight",
    "neutral",
)  # fmt: skip
"""VRM 1.0's preset expressions."""
