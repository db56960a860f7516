"""Animate one avatar: compute all that is drawn from a performer's pose and face.

A frame is computed in VRM 1.0's order: humanoid pose, look-at and expressions, node constraints,
spring bones. Contacts of the hands correct the humanoid pose.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from avatars.constraints import NodeConstraints
from avatars.contact.reach import HandReach
from avatars.contact.records import HandContacts
from avatars.material_values import MaterialValues
from avatars.model import F32, Avatar
from avatars.pose import AvatarPose
from avatars.springs import SpringSimulation


class AvatarInstance:
    """The animated state of one avatar.

    The arrays are reused: every call overwrites them. They start in the rest pose.

    Attributes:
        avatar: the avatar's data.
        world: (n, 4, 4) float32, model-space matrices of the avatar's nodes, for column vectors.
        morphs: (c,) float32, weights of the avatar's morph channels.
        expressions: (e,) float32, weights of the avatar's expressions, overrides applied.
        material_values: colours and texture transforms that expressions change.
        hips_height: height of the hips above the soles in the rest pose, metres.

    Raises:
        AvatarError: the avatar's rest pose is numerically unusable.
    """

    def __init__(self, avatar: Avatar) -> None:
        self.avatar: Final = avatar
        self._pose = AvatarPose(avatar)
        self._constraints = NodeConstraints(avatar.constraints, avatar.nodes)
        self._springs = SpringSimulation(avatar.springs, avatar.nodes)
        self.world: Final[F32] = self._pose.world
        self.morphs: Final[F32] = self._pose.morphs
        self.expressions: Final[F32] = self._pose.expressions
        self.material_values: Final[MaterialValues] = self._pose.material_values
        self.hips_height: Final = self._pose.hips_height

    def update(
        self,
        rotations: F32,
        root: F32,
        expressions: F32,
        gaze: F32,
        seconds: float | None,
        own: F32 | None = None,
    ) -> None:
        """Compute one frame: `pose`, then `swing`.

        Args:
            rotations, root, expressions, gaze, own: see AvatarPose.apply.
            seconds: see `swing`.
        """
        self.pose(rotations, root, expressions, gaze, own)
        self.swing(seconds)

    def pose(
        self, rotations: F32, root: F32, expressions: F32, gaze: F32, own: F32 | None = None
    ) -> None:
        """Compute a frame without springs; spring bones keep their rest rotations.

        This is the first part of `update`, for callers that time the parts or need no springs.
        """
        self._pose.apply(rotations, root, expressions, gaze, own)
        self._constraints.apply(self.world)

    @cached_property
    def reach(self) -> HandReach:
        """Return what keeps the hands on surfaces; measures the avatar's surface at first use."""
        return HandReach(self.avatar)

    def touch(self, contacts: HandContacts) -> None:
        """Move the arms of the last pose so that the hands touch what the performer's touch.

        Call between `pose` and `swing`, in every frame. Hands that are inside head or torso are
        moved out.
        """
        if self._pose.correct_arms(self.reach, contacts):
            self._constraints.apply(self.world)

    def swing(self, seconds: float | None) -> None:
        """Advance the spring bones; call once after each `pose`.

        Args:
            seconds: time since the last frame. None resets the springs to rest in this pose, as for
                the first frame and after a cut.
        """
        if seconds is None:
            self._springs.reset(self.world)
        else:
            self._springs.step(self.world, seconds)

    def bone_positions(self) -> F32:
        """Return model-space positions (55, 3), metres, of the human bones; NaN where absent."""
        return self._pose.bone_positions()
