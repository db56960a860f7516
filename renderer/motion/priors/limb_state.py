"""Directions of a body's bones, each in the frame that carries it, as input of the learned models.

Directions are the same for every skeleton, and local frames make them independent of where the
performer stands and faces. An arm is described in the chest's frame, a leg in the pelvis'.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import inverse, multiply, rotate
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX
from renderer.motion.core.skeleton import LIMB_AXIS, bone_rows

LIMBS4: Final = ("leftArm", "rightArm", "leftLeg", "rightLeg")
"""Limbs that the models know, in the order of every (4, …) array."""

STATE: Final = 36
"""Numbers of a body's state: four limbs of two directions each, the head's direction, the chest's
up and forward in the pelvis' frame, and the vertical in the pelvis' frame."""

OWN: Final = 6
"""Numbers of a limb's own state: the directions of its upper and its lower bone."""

_MIDDLE: Final = bone_rows("spine", "neck", "leftShoulder", "rightShoulder")
_MIDDLE_NEXT: Final = bone_rows("chest", "head", "leftUpperArm", "rightUpperArm")
_UPPER_LEGS: Final = bone_rows("leftUpperLeg", "rightUpperLeg")
_LOWER: Final = bone_rows("leftLowerArm", "rightLowerArm", "leftLowerLeg", "rightLowerLeg")
_UPPER_CHEST: Final = BONE_INDEX["upperChest"]
_UP: Final = np.array([0.0, 1.0, 0.0])
_AHEAD: Final = np.array([0.0, 0.0, 1.0])
_AXES: Final[Array] = np.concatenate((np.repeat(LIMB_AXIS, 2, axis=0), [_AHEAD, _UP, _AHEAD, _UP]))
"""(12, 3) what is rotated into the state, in its order."""


def body_state(rotations: Array) -> Array:
    """Compute the state (..., 36) of local rotations (..., 55, 4), xyzw.

    The order: left arm, right arm, left leg, right leg (upper bone, lower bone), head, chest's up,
    chest's forward, vertical.
    """
    turns = np.empty((*rotations.shape[:-2], len(_AXES), 4))
    pairs = multiply(rotations[..., _MIDDLE, :], rotations[..., _MIDDLE_NEXT, :])
    turns[..., [0, 2], :] = pairs[..., 2:, :]
    turns[..., [4, 6], :] = rotations[..., _UPPER_LEGS, :]
    turns[..., 1:8:2, :] = multiply(turns[..., 0:8:2, :], rotations[..., _LOWER, :])
    turns[..., 8, :] = pairs[..., 1, :]
    turns[..., 9:11, :] = multiply(pairs[..., 0, :], rotations[..., _UPPER_CHEST, :])[..., None, :]
    turns[..., 11, :] = inverse(rotations[..., 0, :])
    return rotate(turns, _AXES).reshape(*rotations.shape[:-2], STATE)


def heading(rotations: Array) -> Array:
    """Compute the pelvis' heading (...) in radians of local rotations (..., 55, 4)."""
    ahead = rotate(rotations[..., 0, :], _AHEAD)
    return np.arctan2(ahead[..., 0], ahead[..., 2])


def _views() -> tuple[npt.NDArray[np.intp], Array]:
    """Return the columns (4, 36) and signs (4, 36) of the state as each limb sees it."""
    order, signs = np.empty((4, STATE), np.intp), np.ones((4, STATE))
    for limb in range(4):
        blocks = [limb, limb ^ 1, *((2, 3) if limb < 2 else (0, 1))]
        if limb % 2:
            # The body is mirrored, so that both sides share their weights.
            blocks[2:] = blocks[:1:-1]
            signs[limb, ::3] = -1.0
        columns = [OWN * block + k for block in blocks for k in range(OWN)]
        order[limb] = [*columns, *range(4 * OWN, STATE)]
    return order, signs


VIEW_COLUMNS, VIEW_SIGNS = _views()
"""(4, 36) columns of the state, and their signs: limb k sees `state[VIEW_COLUMNS[k]] *
VIEW_SIGNS[k]`: itself, the limb of the other side, the other pair, trunk. A right limb sees the
mirrored body."""


def views(state: Array) -> Array:
    """Return the state (..., 36) as each of the four limbs sees it: (..., 4, 36)."""
    seen: Array = state[..., VIEW_COLUMNS] * VIEW_SIGNS
    return seen
