"""Pose an avatar in the demo's choreography, without a camera.

The choreography is solved for the avatar's own skeleton, so that feet and hands reach their
targets whatever the avatar's proportions.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.authoring.dance import dance, score
from avatars.authoring.figure.source import Floats
from avatars.errors import AvatarError
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.motion.core.mirror import mirror
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.stage.records import PosedAvatar

FPS: Final = dance.FPS
FRAMES: Final = round(score.SECONDS * FPS)

_EYES: Final = (BONE_INDEX["leftEye"], BONE_INDEX["rightEye"])
_MISSED: Final = frozenset({"jaw", *(f"{side}Eye" for side in ("left", "right"))})
"""Bones that the dance does not need."""
_EYE_OFFSET: Final = np.array((0.0, 0.05, 0.08))
"""Offset in metres from the head joint to between the eyes, for avatars without eye bones."""
_CALM_FRAMES: Final = 30
"""Frames danced before the first one shown, so that cloth and hair are already moving."""


class Dancer:
    """One avatar at its mark.

    Args:
        avatar: the dancer.
        row: the avatar's index in the renderer.
        place: (x, z) of the mark on the stage, metres.
        mirror: whether to swap left and right, for a partner in mirror image.

    Raises:
        AvatarError: the avatar lacks bones that the dance moves.
    """

    def __init__(
        self, avatar: Avatar, row: int, place: tuple[float, float], *, mirror: bool
    ) -> None:
        self._instance = AvatarInstance(avatar)
        self._row, self._mirror = row, mirror
        self._place = np.array((place[0], 0.0, place[1]), np.float32)
        self.rest_positions = self._instance.bone_positions().copy()
        """Rest positions of the bones, (55, 3) metres; NaN for missing bones."""
        self._dance = dance.perform(_heads(avatar, self.rest_positions))
        self._next: int | None = None

    def pose_frame(self, frame: int) -> PosedAvatar:
        """Pose the avatar, simulate hair and cloth from the previous frame, and return the result.

        Call it for consecutive frames. The arrays are valid until the next call.
        """
        if frame != self._next:
            self.pose_at(max(0, frame - _CALM_FRAMES))
            self._instance.swing(None)
            for before in range(max(0, frame - _CALM_FRAMES), frame):
                self._swing(before)
        self._swing(frame)
        self._next = frame + 1
        return PosedAvatar.of(self._row, self._instance)

    @property
    def instance(self) -> AvatarInstance:
        """Return the live avatar, in the pose of the newest frame."""
        return self._instance

    def bone_positions(self) -> F32:
        """Return the bones' positions on the stage, (55, 3) metres; NaN for missing bones."""
        return self._instance.bone_positions()

    def _swing(self, frame: int) -> None:
        self.pose_at(frame)
        self._instance.swing(1.0 / FPS)

    def pose_at(self, frame: int) -> None:
        """Pose the avatar's bones and face; hair and cloth keep their rest shape."""
        motion = self.motion_at(frame)
        root = motion.root + self._place
        self._instance.pose(motion.rotations, root, motion.expressions, motion.gaze)

    def motion_at(self, frame: int) -> Motion:
        """Return the choreography's motion in a frame."""
        rotations = self._dance.rotations[frame].astype(np.float32)
        # Convert to gaze angles, which the avatar turns into eye rotations within its limits.
        x, y, _, w = rotations[_EYES[0]]
        gaze = np.array((2.0 * np.arctan2(y, w), -2.0 * np.arctan2(x, w)), np.float32)
        rotations[list(_EYES)] = (0.0, 0.0, 0.0, 1.0)
        motion = Motion(
            t_seen_ns=0,
            root=self._dance.root[frame].astype(np.float32),
            hips_height=self._dance.hips_height,
            rotations=rotations,
            expressions=self._dance.weights[frame].astype(np.float32),
            gaze=gaze,
            confidence=np.ones(len(LIMBS), np.float32),
        )
        return mirror(motion) if self._mirror else motion


def _heads(avatar: Avatar, places: F32) -> Floats:
    """Return the bones' T-pose positions (55, 3), for which the dance is solved."""
    missing = [
        name
        for name, place in zip(HUMAN_BONES, places, strict=True)
        if np.isnan(place).any() and name not in _MISSED
    ]
    if missing:
        raise AvatarError(
            avatar.path.name,
            f"it lacks bones that the dance moves ({', '.join(missing[:3])})",
            "take an avatar with fingers, toes and an upper chest",
        )
    heads = places.astype(np.float64)
    for eye in _EYES:
        if np.isnan(heads[eye]).any():
            heads[eye] = heads[BONE_INDEX["head"]] + _EYE_OFFSET
    return np.nan_to_num(heads)
