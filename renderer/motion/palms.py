"""Where the palms face, and how a hand's turn is shared by wrist and forearm."""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.motion.linear import Array, basis, clamp, length
from renderer.motion.quaternions import about, conjugate, of_matrix, power, product
from renderer.motion.skeleton import HAND_WRIST, INDEXES, KNUCKLES, PINKIES, WRISTS

_AXIS: Final[Array] = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
_FORWARD: Final[Array] = np.array([0.0, 0.0, 1.0])
_REST_INVERSE: Final[Array] = np.swapaxes(basis(_AXIS, np.broadcast_to(_FORWARD, (2, 3))), -1, -2)

_TWIST_LIMIT: Final = 2.4
_WRIST_LIMIT: Final = 1.3
"""Radians. The forearm takes half the hand's twist, so that the wrist's skin does not wring."""


def palm_frames(wrist: Array, index: Array, little: Array, middle: Array) -> Array:
    """World rotations (2, 3, 3) of the hands, left and right, from four points each (2, 3).

    At rest the fingers point to ±X and the index finger lies in front of the little one (+Z).
    """
    return basis(middle - wrist, index - little) @ _REST_INVERSE


def palms_from_pose(points: Array) -> Array:
    """World rotations (2, 4) of both hands from the pose's wrists and knuckles, points (33, 3)."""
    index, little = points[list(INDEXES)], points[list(PINKIES)]
    frames = palm_frames(points[list(WRISTS)], index, little, 0.5 * (index + little))
    return of_matrix(frames)


def palms_from_hands(hands: Array) -> Array:
    """World rotations (2, 4) of both hands from their 21 points (2, 21, 3), stage space."""
    index, middle, ring, little = (hands[:, k] for k in KNUCKLES)
    frames = palm_frames(hands[:, HAND_WRIST], index, little, 0.5 * (middle + ring))
    return of_matrix(frames)


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
    twist = about(0, angle)
    swing = product(conjugate(twist), relative)
    bend = 2.0 * np.arctan2(length(swing[:, :3])[:, 0], np.abs(swing[:, 3]))
    swing = power(swing, np.minimum(1.0, _WRIST_LIMIT / np.maximum(bend, 1e-6)))
    half = about(0, 0.5 * clamp(angle, -_TWIST_LIMIT, _TWIST_LIMIT))
    return half, product(half, swing)
