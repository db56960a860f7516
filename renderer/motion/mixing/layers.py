"""A layer: one tracker's motion blended over others', limb by limb, with fades."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from avatars.contact.records import blend_contacts
from avatars.maths.quaternions import IDENTITY, inverse, multiply, power, slerp
from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import BONE_INDEX
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB, bone_rows
from renderer.motion.core.track import MotionTrack

FADE_S: Final = 0.3
"""Seconds in which a tracker's limb fades in over those below, or out."""

_STALE_NS: Final = 200_000_000
"""A tracker without newer data for this long has dropped out."""

_LONGEST_STEP_S: Final = 0.1
"""Longest step [s] of a fade; a longer gap counts as this."""

_TRUNK: Final = tuple(BONE_INDEX[bone] for bone in ("hips", "spine", "chest", "upperChest"))
_NECK_AND_HEAD: Final = bone_rows("neck", "head")
_HEAD: Final = BONE_INDEX["head"]
_NECK_SHARE: Final = 0.4
"""The neck's share of the head's rotation."""

_FACE: Final = LIMBS.index("face")
_TORSO: Final = LIMBS.index("torso")
_ARMS: Final = [LIMBS.index("leftArm"), LIMBS.index("rightArm")]


class Layer:
    """One tracker's motion, and how far each of its limbs has faded in.

    Args:
        head_in_room: whether the head bone holds the head's world rotation, which is converted to
            the chest of the motion below.
    """

    def __init__(self, head_in_room: bool = False) -> None:
        self._head_in_room = head_in_room
        self._track = MotionTrack()
        self._newest: Motion | None = None
        self._level: Array = np.zeros(len(LIMBS))
        self._last_ns: int | None = None

    def push(self, motion: Motion) -> None:
        """Add a motion of the tracker; one that is not newer than the newest is ignored."""
        if self._newest is None or motion.t_seen_ns > self._newest.t_seen_ns:
            self._newest = motion
            self._track.push(motion)

    @property
    def weights(self) -> Array:
        """(9,) each limb's weight at the last time, 0 to 1."""
        return smoothstep(self._level, 0.0, 1.0)

    def blend_over(self, below: Motion, t_ns: int, left: Array | float = 1.0) -> Motion:
        """Blend this layer over the motion below at the time t_ns.

        Times rise from call to call; fades progress by the time between them.

        Args:
            below: the motion of the layers below.
            t_ns: time of the result.
            left: (9,) share of each limb that the layers above leave, 0 to 1.
        """
        dt = 0.0 if self._last_ns is None else (t_ns - self._last_ns) * 1e-9
        self._last_ns = t_ns
        if self._newest is None:
            return below
        is_fresh = self._newest.t_seen_ns > t_ns - _STALE_NS
        active = is_fresh & (self._newest.confidence > 0.5)
        fade = min(max(dt, 0.0), _LONGEST_STEP_S) / FADE_S
        self._level = clamp(self._level + np.where(active, fade, -fade), 0.0, 1.0)
        above, weights = self._track.at(t_ns), self.weights * left
        if above is None or not weights.any():
            return below
        return blend(below, self._attach_head(above, below), weights)

    def _attach_head(self, above: Motion, below: Motion) -> Motion:
        """Distribute the head's world rotation over neck and head on the chest of `below`."""
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
    """Blend two motions limb by limb.

    Args:
        below: the motion at weight 0.
        above: the motion at weight 1.
        weights: (9,) 0 to 1, in the order of LIMBS. The torso's weight also applies to the root,
            the face's to the gaze.
    """
    torso, face = np.float32(weights[_TORSO]), np.float32(weights[_FACE])
    rotations = slerp(below.rotations.astype(np.float64), above.rotations, weights[BONE_LIMB])
    # Limbs at weight 0 or 1 stay bit-identical to their source.
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
        contacts=blend_contacts(below.contacts, above.contacts, weights[_ARMS].astype(np.float32)),
    )


def _freeze(values: F32) -> F32:
    values.flags.writeable = False
    return values
