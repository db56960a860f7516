"""One live avatar: a performer's pose and face in, everything that is drawn out.

A frame is made in VRM 1.0's order: the humanoid's pose, then look-at and expressions, then node
constraints, then spring bones.
"""

from __future__ import annotations

from typing import Final

from avatars.constraints import NodeConstraints
from avatars.material_values import MaterialValues
from avatars.model import F32, Avatar
from avatars.pose import AvatarPose
from avatars.springs import SpringSimulation


class AvatarInstance:
    """The running state of one avatar on a stage.

    The arrays are the same at every call and hold until the next; they start in the rest pose.

    Attributes:
        avatar: the file's content.
        world: (n, 4, 4) float32, model-space matrices of the avatar's nodes, for column vectors.
        morphs: (c,) float32, weights of the avatar's morph channels.
        expressions: (e,) float32, weights of the avatar's expressions, overrides applied.
        material_values: colours and texture placements that expressions change.
        hips_height: of the hips above the soles in the rest pose, metres.

    Raises:
        AvatarError: the avatar's rest pose cannot be computed with.
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
        """Make one frame: `pose`, then `swing`.

        Args:
            rotations, root, expressions, gaze, own: as AvatarPose.apply takes them.
            seconds: as `swing` takes them.
        """
        self.pose(rotations, root, expressions, gaze, own)
        self.swing(seconds)

    def pose(
        self, rotations: F32, root: F32, expressions: F32, gaze: F32, own: F32 | None = None
    ) -> None:
        """Make a frame without springs: what they move hangs as it is at rest.

        The first part of `update`, for callers that time the two parts or want no springs.
        """
        self._pose.apply(rotations, root, expressions, gaze, own)
        self._constraints.apply(self.world)

    def swing(self, seconds: float | None) -> None:
        """Move the spring bones on from the last frame; once after each `pose`.

        Args:
            seconds: since the last frame. None forgets all motion and lets the springs come to rest
                in this pose, as in the first frame and after a cut.
        """
        if seconds is None:
            self._springs.reset(self.world)
        else:
            self._springs.step(self.world, seconds)

    def bone_positions(self) -> F32:
        """Return model-space positions (55, 3), metres, of the human bones; NaN where absent."""
        return self._pose.bone_positions()
