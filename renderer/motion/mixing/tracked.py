"""Converts network trackers' records to Motion, with confidence in the limbs that they contain."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import IDENTITY
from avatars.names import ARKIT, BONE_INDEX, HUMAN_BONES
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB, bone_rows

_HEAD: Final = BONE_INDEX["head"]
_INSUFFICIENT: Final = bone_rows("jaw", "leftEye", "rightEye", "leftToes", "rightToes")
"""Bones that do not make a limb known by themselves: a sender with eyes need not have a head."""


def _limb_table() -> npt.NDArray[np.bool_]:
    """Return (9, 55) which bones make which limb known."""
    table = np.zeros((len(LIMBS), len(HUMAN_BONES)), np.bool_)
    table[BONE_LIMB, np.arange(len(HUMAN_BONES))] = True
    table[:, _INSUFFICIENT] = False
    return table


_LIMB_BONES: Final = _limb_table()


def motion_from_face(face: TrackedFace) -> Motion:
    """Convert a face to Motion; its head bone holds the head's world rotation."""
    rotations = np.tile(IDENTITY, (len(HUMAN_BONES), 1)).astype(np.float32)
    confidence = np.zeros(len(LIMBS), np.float32)
    confidence[LIMBS.index("face")] = 1.0
    if face.head is not None:
        rotations[_HEAD] = face.head
        confidence[LIMBS.index("head")] = 1.0
    return Motion(
        t_seen_ns=face.t_seen_ns,
        root=_freeze(np.zeros(3, np.float32)),
        hips_height=1.0,
        rotations=_freeze(rotations),
        expressions=face.scores,
        gaze=face.gaze,
        confidence=_freeze(confidence),
    )


def motion_from_body(body: TrackedBody, origin: F32) -> Motion:
    """Convert a body to Motion.

    Args:
        body: the record.
        origin: (3,) metres, the position in the sender's room that is the centre of the stage; its
            height is ignored.
    """
    root = body.root - origin
    root[1] = body.root[1] - body.hips_height
    return Motion(
        t_seen_ns=body.t_seen_ns,
        root=_freeze(root),
        hips_height=body.hips_height,
        rotations=body.rotations,
        expressions=_NO_FACE,
        gaze=_NO_GAZE,
        confidence=_freeze(np.any(_LIMB_BONES & body.known, axis=1).astype(np.float32)),
        contacts=body.contacts,
    )


def _freeze(values: F32) -> F32:
    values.flags.writeable = False
    return values


_NO_FACE: Final = _freeze(np.zeros(len(ARKIT), np.float32))
_NO_GAZE: Final = _freeze(np.zeros(2, np.float32))
