"""An avatar in motion: one pose and one face in, matrices and morph weights out."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.face import Face
from avatars.gaze import Gaze
from avatars.material_values import MaterialValues
from avatars.maths import quaternions
from avatars.model import F32, Avatar
from avatars.names import BONE_INDEX, HUMAN_BONES
from avatars.skeleton import Skeleton

_EYES: Final = slice(BONE_INDEX["leftEye"], BONE_INDEX["rightEye"] + 1)
_HIPS: Final = ("hips", "leftUpperLeg", "rightUpperLeg")
_SOLES: Final = ("leftFoot", "rightFoot", "leftToes", "rightToes")
_ANKLE_SHARE: Final = 0.25
"""An ankle stands at most this share of the hips' height above the sole, shoes included."""


class AvatarPose:
    """The running state of one avatar.

    The arrays are the same at every call and hold until the next; they start in the rest pose.

    Attributes:
        avatar: whose pose it is.
        world: (n, 4, 4) float32, model-space matrices of the avatar's nodes, for column vectors.
        morphs: (c,) float32, weights of the avatar's morph channels.
        expressions: (e,) float32, weights of the avatar's expressions, overrides applied.
        material_values: colours and texture placements that expressions change.

    Raises:
        AvatarError: the avatar's rest pose cannot be computed with.
    """

    def __init__(self, avatar: Avatar) -> None:
        self.avatar: Final = avatar
        self._skeleton = Skeleton(avatar)
        self._face = Face(avatar)
        self._gaze = None if avatar.look_at is None else Gaze(avatar.look_at)
        self._bone_order = np.array([BONE_INDEX[name] for name in avatar.bones], np.intp)
        self._bone_nodes = np.array(list(avatar.bones.values()), np.intp)
        self._quaternions = np.empty((len(HUMAN_BONES), 4), np.float32)
        self.world: Final[F32] = self._skeleton.world
        self.morphs: Final[F32] = self._face.morphs
        self.expressions: Final[F32] = self._face.weights
        self.material_values: Final = MaterialValues(avatar)
        self.hips_height: Final = self._measure_hips()

    def apply(
        self, rotations: F32, root: F32, expressions: F32, gaze: F32, own: F32 | None = None
    ) -> None:
        """Pose the avatar and writes `world`, `morphs`, `expressions` and `material_values`.

        Args:
            rotations: (55, 4) xyzw, local, of VRM's normalised skeleton, in the order of
                HUMAN_BONES. All identity is the T-pose. Finite.
            root: (3,) metres in the avatar's own scale, the hips' displacement from rest.
            expressions: (52,) 0 to 1, in the order of ARKIT.
            gaze: (2,) radians: yaw to the avatar's left, pitch upwards.
            own: (e,) weights that the avatar's own expressions have on top of what `expressions`
                makes of them, in the avatar's order.
        """
        np.copyto(self._quaternions, rotations)
        yaw, pitch = float(gaze[0]), float(gaze[1])
        if self._gaze is None:
            self._face.apply(expressions, None, own)
        elif self._gaze.by_bone:
            self._face.apply(expressions, None, own)
            # An expression may claim the look for itself; the eyes keep what it leaves.
            self._gaze.apply(yaw * self._face.look, pitch * self._face.look)
            self._quaternions[_EYES] = quaternions.multiply(
                self._quaternions[_EYES], self._gaze.turns
            )
        else:
            self._gaze.apply(yaw, pitch)
            self._face.apply(expressions, self._gaze.weights, own)
        self.material_values.apply(self.expressions)
        self._skeleton.apply(self._quaternions, root)

    def bone_positions(self) -> F32:
        """Model-space positions (55, 3) in metres of the human bones now; NaN where absent."""
        positions = np.full((len(HUMAN_BONES), 3), np.nan, np.float32)
        positions[self._bone_order] = self.world[self._bone_nodes, :3, 3]
        return positions

    def _measure_hips(self) -> float:
        """Height of the hips above the soles in the rest pose, metres.

        VRM stands on y = 0. Where the feet say otherwise, the lowest of them is the ground. Some
        skeletons hang their hips from the floor; the thighs' height tells then.
        """
        bones, heights = self.avatar.bones, self._skeleton.rest[:, 1, 3]
        hips = max(float(heights[bones[name]]) for name in _HIPS)
        lowest = min(float(heights[bones[name]]) for name in _SOLES if name in bones)
        stands = 0.0 <= lowest <= _ANKLE_SHARE * (hips - lowest)
        return hips if stands else hips - lowest
