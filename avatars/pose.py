"""Compute node matrices and morph weights from a pose and a face."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.contact.reach import HandReach
from avatars.contact.records import HandContacts
from avatars.face import Face
from avatars.gaze import Gaze
from avatars.material_values import MaterialValues
from avatars.maths import quaternions
from avatars.model import F32, Avatar
from avatars.names import BONE_INDEX, HUMAN_BONES
from avatars.skeleton import Skeleton
from avatars.skeleton_kernel import turn_eyes

_EYES: Final = slice(BONE_INDEX["leftEye"], BONE_INDEX["rightEye"] + 1)
_HIPS: Final = ("hips", "leftUpperLeg", "rightUpperLeg")
_SOLES: Final = ("leftFoot", "rightFoot", "leftToes", "rightToes")
_ANKLE_SHARE: Final = 0.25
"""Maximum height of an ankle above the sole, shoes included, as a fraction of the hips' height."""


class AvatarPose:
    """The posed state of one avatar, without constraints and springs.

    The arrays are reused: every call overwrites them. They start in the rest pose.

    Attributes:
        avatar: the avatar's data.
        world: (n, 4, 4) float32, model-space matrices of the avatar's nodes, for column vectors.
        morphs: (c,) float32, weights of the avatar's morph channels.
        expressions: (e,) float32, weights of the avatar's expressions, overrides applied.
        material_values: colours and texture transforms that expressions change.

    Raises:
        AvatarError: the avatar's rest pose is numerically unusable.
    """

    def __init__(self, avatar: Avatar) -> None:
        self.avatar: Final = avatar
        self._skeleton = Skeleton(avatar)
        self._face = Face(avatar)
        self._gaze = None if avatar.look_at is None else Gaze(avatar.look_at)
        self._bone_order = np.array([BONE_INDEX[name] for name in avatar.bones], np.intp)
        self._bone_nodes = np.array(list(avatar.bones.values()), np.intp)
        self._quaternions = np.tile(np.float32(quaternions.IDENTITY), (len(HUMAN_BONES), 1))
        self._root = np.zeros(3, np.float32)
        if self._gaze is not None:
            # Compiled now, so that the first frame does not wait for it.
            turn_eyes(self._quaternions[_EYES], self._gaze.turns)
        self.world: Final[F32] = self._skeleton.world
        self.morphs: Final[F32] = self._face.morphs
        self.expressions: Final[F32] = self._face.weights
        self.material_values: Final = MaterialValues(avatar)
        self.hips_height: Final = self._measure_hips()

    def apply(
        self, rotations: F32, root: F32, expressions: F32, gaze: F32, own: F32 | None = None
    ) -> None:
        """Pose the avatar and write `world`, `morphs`, `expressions` and `material_values`.

        Args:
            rotations: (55, 4) xyzw, finite, local rotations of VRM's normalised skeleton in the
                order of HUMAN_BONES. The identity gives the T-pose.
            root: (3,) displacement of the hips from rest, metres in the avatar's own scale.
            expressions: (52,) 0 to 1, in the order of ARKIT.
            gaze: (2,) radians: yaw to the avatar's left, pitch upwards.
            own: (e,) weights added to those that result from `expressions`, in the order of the
                avatar's expressions.
        """
        np.copyto(self._quaternions, rotations)
        yaw, pitch = float(gaze[0]), float(gaze[1])
        if self._gaze is None:
            self._face.apply(expressions, None, own)
        elif self._gaze.by_bone:
            self._face.apply(expressions, None, own)
            # Expressions may override the look; scale the gaze by what remains.
            self._gaze.apply(yaw * self._face.look, pitch * self._face.look)
            turn_eyes(self._quaternions[_EYES], self._gaze.turns)
        else:
            self._gaze.apply(yaw, pitch)
            self._face.apply(expressions, self._gaze.weights, own)
        self.material_values.apply(self.expressions)
        np.copyto(self._root, root, casting="same_kind")
        self._skeleton.apply(self._quaternions, self._root)

    def correct_arms(self, reach: HandReach, contacts: HandContacts) -> bool:
        """Move the arms so that the hands touch what they should; return whether any moved."""
        if not reach.correct(self.world, self._quaternions, contacts):
            return False
        self._skeleton.apply(self._quaternions, self._root)
        return True

    def bone_positions(self) -> F32:
        """Return the current model-space positions (55, 3), metres; NaN where a bone is absent."""
        positions = np.full((len(HUMAN_BONES), 3), np.nan, np.float32)
        positions[self._bone_order] = self.world[self._bone_nodes, :3, 3]
        return positions

    def _measure_hips(self) -> float:
        """Return the height of the hips above the soles in the rest pose, metres.

        A VRM avatar stands on y = 0. If its feet are elsewhere, the lowest foot is the ground. Some
        skeletons have their hips bone at the floor; then the height of the thighs is used.
        """
        bones, heights = self.avatar.bones, self._skeleton.rest[:, 1, 3]
        hips = max(float(heights[bones[name]]) for name in _HIPS)
        lowest = min(float(heights[bones[name]]) for name in _SOLES if name in bones)
        stands = 0.0 <= lowest <= _ANKLE_SHARE * (hips - lowest)
        return hips if stands else hips - lowest
