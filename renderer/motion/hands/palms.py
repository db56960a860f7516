"""Where the palms face, and how a hand's turn is shared by wrist and forearm."""

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
_WRIST_LIMIT: Final = 1.3
"""Radians. The forearm takes half the hand's twist, so that the wrist's skin does not wring."""


def palm_frames(points: Array | None, hands: Array | None) -> Array:
    """World rotations (4, 3, 3): left and right hand as the pose sees them, then as hands are seen.

    At rest the fingers point to ±X and the index finger lies in front of the little one (+Z).

    Args:
        points: (33, 3) the pose's, stage space; None gives two rotations that mean nothing.
        hands: (2, 21, 3) the hands' own, stage space; None likewise.
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


def share_twist(relative: Array) -> tuple[Array, Array]:
    """Split what a hand does on its forearm between the two bones.

    Args:
        relative: (2, 4) rotations of the hands in the forearms' hinge frames.

    Returns:
        Local turns (2, 4) of the forearms about themselves, and local rotations (2, 4) of the
        hands, within what a wrist can do.
    """
    # The twist about X of a rotation q is (q.x, 0, 0, q.w), made unit: q = twist · swing.
    angle = 2.0 * np.arctan2(relative[:, 0], relative[:, 3])
    angle = (angle + np.pi) % (2.0 * np.pi) - np.pi
    twist = about_axis(0, angle)
    swing = multiply(inverse(twist), relative)
    bend = 2.0 * np.arctan2(length(swing[:, :3])[:, 0], np.abs(swing[:, 3]))
    swing = power(swing, np.minimum(1.0, _WRIST_LIMIT / np.maximum(bend, 1e-6)))
    half = about_axis(0, 0.5 * clamp(angle, -_TWIST_LIMIT, _TWIST_LIMIT))
    return half, multiply(half, swing)
