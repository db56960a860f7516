"""One tracker's motion over others': how much of each limb is its own, and how it fades."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from avatars.maths.quaternions import IDENTITY, inverse, multiply, power, slerp
from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import BONE_INDEX
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB, bone_rows
from renderer.motion.core.track import MotionTrack

FADE_S: Final = 0.3
"""Seconds in which a tracker's limb takes over from those below it, or leaves to them."""

_SILENT_NS: Final = 200_000_000
"""A tracker that tells nothing newer for so long has dropped out."""

_LONGEST_STEP_S: Final = 0.1
_TRUNK: Final = tuple(BONE_INDEX[bone] for bone in ("hips", "spine", "chest", "upperChest"))
_NECK_AND_HEAD: Final = bone_rows("neck", "head")
_HEAD: Final = BONE_INDEX["head"]
_NECK_SHARE: Final = 0.4
_FACE: Final = LIMBS.index("face")
_TORSO: Final = LIMBS.index("torso")


class Layer:
    """The motion of one tracker, and how far each of its limbs has faded in.

    Args:
        head_in_room: the head bone holds the head's turn in the room, and is set on whatever chest
            lies below.
    """

    def __init__(self, head_in_room: bool = False) -> None:
        self._head_in_room = head_in_room
        self._track = MotionTrack()
        self._newest: Motion | None = None
        self._level: Array = np.zeros(len(LIMBS))
        self._last_ns: int | None = None

    def push(self, motion: Motion) -> None:
        """Take in what the tracker told; older than the newest is left."""
        if self._newest is None or motion.t_seen_ns > self._newest.t_seen_ns:
            self._newest = motion
            self._track.push(motion)

    @property
    def weights(self) -> Array:
        """(9,) how much of each limb was this layer's own at the last time, 0 to 1."""
        return smoothstep(self._level, 0.0, 1.0)

    def over(self, below: Motion, t_ns: int, left: Array | float = 1.0) -> Motion:
        """What is shown at the time t_ns, given what lies below.

        Times rise from call to call; limbs fade by what has passed between them.

        Args:
            left: (9,) how much of each limb those above leave, 0 to 1.
        """
        dt = 0.0 if self._last_ns is None else (t_ns - self._last_ns) * 1e-9
        self._last_ns = t_ns
        if self._newest is None:
            return below
        heard = self._newest.t_seen_ns > t_ns - _SILENT_NS
        told = heard & (self._newest.confidence > 0.5)
        fade = min(max(dt, 0.0), _LONGEST_STEP_S) / FADE_S
        self._level = clamp(self._level + np.where(told, fade, -fade), 0.0, 1.0)
        above, weights = self._track.at(t_ns), self.weights * left
        if above is None or not weights.any():
            return below
        return blend(below, self._seat_head(above, below), weights)

    def _seat_head(self, above: Motion, below: Motion) -> Motion:
        """The head's turn in the room, shared by neck and head on the chest that lies below."""
        if not self._head_in_room:
            return above
        chest: Array = IDENTITY
        for bone in _TRUNK:
            chest = multiply(chest, below.rotations[bone].astype(np.float64))
        turn = multiply(inverse(chest), above.rotations[_HEAD].astype(np.float64))
        neck = power(turn, _NECK_SHARE)
        rotations = above.rotations.copy()
        rotations[_NECK_AND_HEAD] = neck, multiply(inverse(neck), turn)
        return replace(above, rotations=_freeze(rotations))


def blend(below: Motion, above: Motion, weights: Array) -> Motion:
    """Two motions, limb by limb.

    Args:
        weights: (9,) 0 gives `below`, 1 gives `above`, in the order of LIMBS. The torso's is the
            root's too, the face's the gaze's.
    """
    torso, face = np.float32(weights[_TORSO]), np.float32(weights[_FACE])
    rotations = slerp(below.rotations.astype(np.float64), above.rotations, weights[BONE_LIMB])
    # What is wholly one motion's is its own to the bit.
    whole = weights[BONE_LIMB][:, None]
    rotations = np.where(whole <= 0.0, below.rotations, rotations)
    rotations = np.where(whole >= 1.0, above.rotations, rotations)
    return Motion(
        t_seen_ns=max(below.t_seen_ns, above.t_seen_ns),
        root=_freeze(below.root + torso * (above.root - below.root)),
        hips_height=below.hips_height + float(torso) * (above.hips_height - below.hips_height),
        rotations=_freeze(rotations.astype(np.float32)),
        expressions=_freeze(below.expressions + face * (above.expressions - below.expressions)),
        gaze=_freeze(below.gaze + face * (above.gaze - below.gaze)),
        confidence=_freeze(
            np.maximum(below.confidence, weights * above.confidence).astype(np.float32)
        ),
    )


def _freeze(values: F32) -> F32:
    values.flags.writeable = False
    return values
