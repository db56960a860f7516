"""Measure an avatar, and tell where its head is in a pose, for cameras and follow spots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatars.names import BONE_INDEX
from renderer.stage.framing import Performer
from renderer.stage.records import Point

if TYPE_CHECKING:  # At run time this would load the compiler that springs need.
    from avatars.model import Avatar

_HEAD: Final = BONE_INDEX["head"]
_HANDS: Final = [BONE_INDEX["leftHand"], BONE_INDEX["rightHand"]]
_FINGER: Final = 0.18
"""Metres from a hand's joint to its fingertips."""
_EYE_SHARE: Final = 0.35
"""Of the way from the head's joint to the crown, where the eyes are."""
_LEAST_CROWN: Final = 0.18
"""Metres from the head's joint to the crown, for avatars whose mesh says less."""


class PerformerMeasure:
    """An avatar's size.

    Args:
        avatar: that performs.
        rest: (55, 3) where its bones are at rest, metres; NaN for those it lacks.
    """

    def __init__(self, avatar: Avatar, rest: npt.NDArray[np.float32]) -> None:
        self.height = standing_height(avatar)
        self._crown = max(self.height - float(rest[_HEAD, 1]), _LEAST_CROWN)

    def locate(self, bones: npt.NDArray[np.float32], stand: float = 0.0) -> Performer:
        """Return where the performer is.

        Args:
            bones: (55, 3) on the stage, metres.
            stand: height of the floor.
        """
        x, y, z = (float(part) for part in bones[_HEAD])
        crown: Point = (x, y + self._crown, z)
        face: Point = (x, y + _EYE_SHARE * self._crown, z)
        hands = bones[_HANDS, 1]
        top = max([crown[1], *(float(y) + _FINGER for y in hands if y == y)])
        return Performer(crown, top, face, stand, self.height)


def standing_height(avatar: Avatar) -> float:
    """Return the highest point of the avatar at rest, metres above the floor."""
    heights = [
        float(np.max(primitive.position[:, 1]))
        for instance in avatar.instances
        if instance.skin is not None
        for primitive in avatar.meshes[instance.mesh].primitives
        if len(primitive.position)
    ]
    return max(heights, default=1.6)
