"""Palm orientation, and the twist distribution between wrist and forearm."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import about_axis, inverse, multiply, power
from avatars.maths.vectors import Array, basis, clamp, length
from renderer.motion.core.skeleton import HAND_WRIST, INDEXES, KNUCKLES, PINKIES, WRISTS

_AXIS: Final[Array] = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
_FORWARD: Final[Array] = np.array([0.0, 0.0, 1.0])
_REST_INVERSE: Final[Array] = np.tile(
    np.swapaxes(basis(_AXIS, np.broadcast_to(_FORWARD, (2, 3))), -1, -2), (2, 1, 1)
)
_WRISTS: Final = np.array(WRISTS)
_INDEXES: Final = np.array(INDEXES)
_PINKIES: Final = np.array(PINKIES)

_TWIST_LIMIT: Final = 2.4
"""Radians; largest twist of a hand. The forearm takes half, so that the wrist's skin does not
wring."""

_WRIST_LIMIT: Final = 1.3
"""Radians; largest bend of the wrist."""


def palm_frames(points: Array | None, hands: Array | None) -> Array:
    """Compute world rotation matrices (4, 3, 3): both hands by the pose, then by their own points.

    At rest the fingers point to ±X and the index finger lies in front of the little finger (+Z).

    Args:
        points: (33, 3) the pose's, stage axes; None gives two meaningless rotations.
        hands: (2, 21, 3) the hands' own points, stage axes; likewise.
    """
    along, across = np.ones((4, 3)), np.zeros((4, 3))
    if points is not None:
        index, little = points[_INDEXES], points[_PINKIES]
        along[:2] = 0.5 * (index + little) - points[_WRISTS]
        across[:2] = index - little
    if hands is not None:
        index, middle, ring, little = (hands[:, k] for k in KNUCKLES)
        along[2:] = 0.5 * (middle + ring) - hands[:, HAND_WRIST]
        across[2:] = index - little
    return basis(along, across) @ _REST_INVERSE


def distribute_twist(relative: Array) -> tuple[Array, Array]:
    """Distribute a hand's rotation relative to its forearm over the two bones.

    Args:
        relative: (2, 4) xyzw, rotations of the hands in the forearms' hinge frames.

    Returns:
        Local twists (2, 4) of the forearms about their own axis, and local rotations (2, 4) of the
        hands within the wrist's limits; xyzw.
    """
    # Swing-twist decomposition: the twist about X of a rotation q is (q.x, 0, 0, q.w), normalised;
    # q = twist · swing.
    angle = 2.0 * np.arctan2(relative[:, 0], relative[:, 3])
    angle = (angle + np.pi) % (2.0 * np.pi) - np.pi
    twist = about_axis(0, angle)
    swing = multiply(inverse(twist), relative)
    bend = 2.0 * np.arctan2(length(swing[:, :3])[:, 0], np.abs(swing[:, 3]))
    swing = power(swing, np.minimum(1.0, _WRIST_LIMIT / np.maximum(bend, 1e-6)))
    half = about_axis(0, 0.5 * clamp(angle, -_TWIST_LIMIT, _TWIST_LIMIT))
    return half, multiply(half, swing)
