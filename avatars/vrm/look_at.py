"""Read how the eyes follow a gaze.

Sources: VRMC_vrm-1.0 lookAt.md; VRM 0.x schema vrm.firstperson; three-vrm's 0.x loader.
"""

from __future__ import annotations

import math
from typing import Literal

from avatars.gltf.fields import Fields
from avatars.model import LookAt


def read_look_at_1(vrm: Fields) -> LookAt | None:
    """Read VRMC_vrm.lookAt; None where the file has none."""
    if not vrm.has("lookAt"):
        return None
    fields = vrm.child("lookAt")
    by_bone = fields.choice("type", ("bone", "expression"), "bone") == "bone"
    x, y, z = fields.numbers("offsetFromHeadBone", (0.0, 0.0, 0.0))
    names = ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
    ranges = tuple(
        _range(fields.child(f"rangeMap{name}"), "inputMaxValue", "outputScale", by_bone)
        for name in names
    )
    return LookAt(_kind(by_bone), (x, y, z), ranges)


def read_look_at_0(first_person: Fields) -> LookAt:
    """Read VRM.firstPerson of a 0.x file, rotated to face +Z.

    The curves of 0.x between zero and full output are treated as linear, as in every later loader.
    """
    type_name = first_person.choice("lookAtTypeName", ("None", "Bone", "BlendShape"), "Bone")
    by_bone = type_name != "BlendShape"
    offset = first_person.child("firstPersonBoneOffset")
    # The offset is in Unity's left-handed space: Z is forward already, X must be mirrored.
    x, y, z = (offset.number(axis, 0.0) for axis in "xyz")
    names = ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
    ranges = tuple(
        _range(first_person.child(f"lookAt{name}"), "xRange", "yRange", by_bone) for name in names
    )
    return LookAt(_kind(by_bone), (-x, y, z), ranges)


def _kind(by_bone: bool) -> Literal["bone", "expression"]:
    return "bone" if by_bone else "expression"


def _range(fields: Fields, input_key: str, output_key: str, by_bone: bool) -> tuple[float, float]:
    """Return (input_max, output), radians; output is a weight for look expressions."""
    largest = math.radians(fields.number(input_key, 90.0, 0.0, 180.0))
    output = fields.number(output_key, 10.0 if by_bone else 1.0, 0.0, 1e4)
    return largest, math.radians(min(output, 180.0)) if by_bone else output
