"""How fingers and thumbs bend: 21 points a hand → 22 angles → 15 bones."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import about_axis, multiply
from avatars.maths.vectors import Array, clamp, cross, dot, length, normalise
from renderer.motion.core.skeleton import FINGER_POINTS, THUMB_REST

_SIGNS: Final[Array] = np.array([[1.0], [-1.0]])
_MIRROR: Final[Array] = np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
"""Turns the right hand's own frame into a left hand's."""

_REST_SPREAD: Final[Array] = np.array([0.10, 0.0, -0.09, -0.20])
"""Radians; index to little finger of an open, relaxed hand."""

_CURL_LIMIT: Final[Array] = np.array([1.6, 1.9, 1.4])
_HYPEREXTENSION: Final = -0.3
_SPREAD_LIMIT: Final = 0.35
_BEND_BIAS: Final = 0.06
"""Radians; noise never lets an angle between two bones read zero."""

_THUMB_CURL: Final[Array] = normalise(np.array([0.2, -0.7, -0.7]))
"""Where a left thumb's tip goes as it flexes: under the palm."""

_THUMB_HINGE: Final[Array] = normalise(cross(THUMB_REST, _THUMB_CURL))
_THUMB_SWING_LIMIT: Final = 0.9
_THUMB_LIMIT: Final[Array] = np.array([1.0, 1.3])

CURLS: Final = 22
"""Numbers that describe one hand: 4 spreads, 4 × 3 bends, 2 thumb bends, 4 of thumb swing."""


def finger_angles(hands: Array, palms: Array) -> Array:
    """Angles (2, 22) of both hands.

    Args:
        hands: (2, 21, 3) points in stage space.
        palms: (2, 3, 3) world rotations of the hands.

    Returns:
        For each hand 4 spreads, 4 × 3 bends (index to little finger, root to tip), 2 bends of the
        thumb, and the thumb's root as a direction (3) padded with 0; all as of a left hand.
    """
    local = (hands @ palms) * _MIRROR[:, None, :]
    chains = local[:, FINGER_POINTS]
    bones = normalise(chains[:, :, 1:] - chains[:, :, :-1])
    # Bends between a finger's own bones, from the cosine.
    bends = np.arccos(clamp(dot(bones[:, :, :-1], bones[:, :, 1:])[..., 0], -1.0, 1.0))
    bends = np.maximum(bends - _BEND_BIAS, 0.0)
    roots = bones[:, 1:, 0]
    # Flexion turns +X to −Y, so a fist's knuckle goes past the vertical: four quadrants.
    flexion = np.arctan2(-roots[..., 1], roots[..., 0])
    flexion = np.where(flexion < -0.5 * np.pi, flexion + 2.0 * np.pi, flexion)
    # A folded finger has no spread of its own to show.
    shown = np.maximum(np.hypot(roots[..., 0], roots[..., 2]), 1e-6)
    spread = np.arcsin(clamp(roots[..., 2], -1.0, 1.0)) * clamp(roots[..., 0] / shown, 0.0, 1.0)

    out = np.zeros((2, CURLS))
    out[:, :4] = clamp(spread - _REST_SPREAD, -_SPREAD_LIMIT, _SPREAD_LIMIT)
    out[:, 4:8] = clamp(flexion, _HYPEREXTENSION, _CURL_LIMIT[0])
    out[:, 8:12] = np.minimum(bends[:, 1:, 0], _CURL_LIMIT[1])
    out[:, 12:16] = np.minimum(bends[:, 1:, 1], _CURL_LIMIT[2])
    out[:, 16:18] = np.minimum(bends[:, 0], _THUMB_LIMIT)
    out[:, 18:21] = bones[:, 0, 0]
    return out


def idle_angles() -> Array:
    """Angles (2, 22) of two hands at ease."""
    out = np.zeros((2, CURLS))
    out[:, 4:8] = (0.25, 0.32, 0.38, 0.42)
    out[:, 8:12] = 0.45
    out[:, 12:16] = 0.25
    out[:, 16:18] = (0.15, 0.2)
    out[:, 18:21] = normalise(THUMB_REST - np.array([0.0, 0.25, 0.0]))
    return out


def finger_rotations(angles: Array) -> Array:
    """Local rotations (2, 5, 3, 4), by side, finger and joint, of angles (2, 22)."""
    out = np.empty((2, 5, 3, 4))
    bends = angles[:, 4:16].reshape(2, 3, 4).swapaxes(1, 2)
    flex = about_axis(2, -bends * _SIGNS[..., None])
    # A positive spread turns a left finger from +X towards +Z.
    spread = about_axis(1, -angles[:, :4] * _SIGNS)
    out[:, 1:] = flex
    out[:, 1:, 0] = multiply(spread, flex[:, :, 0])

    thumb = np.empty((2, 3, 4))
    thumb[:, 0] = _thumb_swing(angles[:, 18:21])
    half = 0.5 * angles[:, 16:18, None]
    thumb[:, 1:, :3], thumb[:, 1:, 3:] = _THUMB_HINGE * np.sin(half), np.cos(half)
    # Mirroring in the plane x = 0 turns a rotation (x, y, z, w) into (x, −y, −z, w).
    thumb[1] *= (1.0, -1.0, -1.0, 1.0)
    out[:, 0] = thumb
    return out


def _thumb_swing(direction: Array) -> Array:
    axis = cross(THUMB_REST, normalise(direction))
    angle = np.arctan2(length(axis), dot(THUMB_REST, direction))
    half = 0.5 * np.minimum(angle, _THUMB_SWING_LIMIT)
    return np.concatenate((normalise(axis) * np.sin(half), np.cos(half)), axis=1)
