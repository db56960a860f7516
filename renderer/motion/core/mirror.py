"""Left/right mirroring of a motion."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from avatars.contact.records import mirror_contacts
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX, HUMAN_BONES
from renderer.motion.core.records import LIMBS, Motion


def _other_side(name: str) -> str:
    """Return the name of the bone, shape or limb on the other side; a central one's own name."""
    for old, new in (("left", "right"), ("right", "left"), ("Left", "Right"), ("Right", "Left")):
        if name.startswith(old):
            return new + name[len(old) :]
        if old[0].isupper() and name.endswith(old):
            return name[: -len(old)] + new
    return name


BONE_MIRROR: Final = np.array([BONE_INDEX[_other_side(name)] for name in HUMAN_BONES])
"""(55,) row of the bone on the other side of each bone."""

_SHAPES: Final = np.array([ARKIT_INDEX[_other_side(name)] for name in ARKIT])
_LIMBS: Final = np.array([LIMBS.index(_other_side(name)) for name in LIMBS])
_MIRROR_Q: Final = np.array([1.0, -1.0, -1.0, 1.0], np.float32)
_MIRROR_V: Final = np.array([-1.0, 1.0, 1.0], np.float32)
_MIRROR_GAZE: Final = np.array([-1.0, 1.0], np.float32)


def mirror(motion: Motion) -> Motion:
    """Reflect a motion in the plane x = 0.

    Left becomes right, and a rotation (x, y, z, w) becomes (x, −y, −z, w).
    """
    return replace(
        motion,
        root=motion.root * _MIRROR_V,
        rotations=motion.rotations[BONE_MIRROR] * _MIRROR_Q,
        expressions=motion.expressions[_SHAPES],
        gaze=motion.gaze * _MIRROR_GAZE,
        confidence=motion.confidence[_LIMBS],
        contacts=mirror_contacts(motion.contacts),
    )
