"""What network trackers solved, as Motion: with confidence in the limbs that they tell of alone."""

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
_LOOSE: Final = bone_rows("jaw", "leftEye", "rightEye", "leftToes", "rightToes")
"""Bones that do not make a limb known: a sender that tells of an eye knows no head."""


def _limb_table() -> npt.NDArray[np.bool_]:
    """(9, 55) which bones make which limb known."""
    table = np.zeros((len(LIMBS), len(HUMAN_BONES)), np.bool_)
    table[BONE_LIMB, np.arange(len(HUMAN_BONES))] = True
    table[:, _LOOSE] = False
    return table


_TELLS: Final = _limb_table()


def motion_of_face(face: TrackedFace) -> Motion:
    """A face as Motion; its head bone holds how the head is turned in the room, not on the neck."""
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


def motion_of_body(body: TrackedBody, home: F32) -> Motion:
    """A body as Motion.

    Args:
        home: (3,) metres, the place in the sender's room that is the middle of the stage; its
            height does not count.
    """
    root = body.root - home
    root[1] = body.root[1] - body.hips_height
    return Motion(
        t_seen_ns=body.t_seen_ns,
        root=_freeze(root),
        hips_height=body.hips_height,
        rotations=body.rotations,
        expressions=_NO_FACE,
        gaze=_NO_GAZE,
        confidence=_freeze(np.any(_TELLS & body.known, axis=1).astype(np.float32)),
    )


def _freeze(values: F32) -> F32:
    values.flags.writeable = False
    return values


_NO_FACE: Final = _freeze(np.zeros(len(ARKIT), np.float32))
_NO_GAZE: Final = _freeze(np.zeros(2, np.float32))
