"""Finger and thumb flexion: 21 points per hand to 22 angles to 15 bone rotations."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import about_axis, multiply
from avatars.maths.vectors import Array, clamp, cross, dot, length, normalise
from renderer.motion.core.skeleton import FINGER_POINTS, THUMB_REST

_SIDE_SIGNS: Final[Array] = np.array([[1.0], [-1.0]])
_MIRROR: Final[Array] = np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
"""(2, 3) turns the right hand's own frame into a left hand's."""

_REST_SPREAD: Final[Array] = np.array([0.10, 0.0, -0.09, -0.20])
"""Radians; spread of index to little finger of an open, relaxed hand."""

_CURL_LIMIT: Final[Array] = np.array([1.6, 1.9, 1.4])
"""Radians; largest flexion of a finger's three joints."""

_HYPEREXTENSION: Final = -0.3
"""Radians; smallest flexion of a knuckle."""

_SPREAD_LIMIT: Final = 0.35
"""Radians; largest deviation from _REST_SPREAD."""

_BEND_BIAS: Final = 0.06
"""Radians; removed from angles between two bones, since with noise they never read zero."""

_THUMB_CURL: Final[Array] = normalise(np.array([0.2, -0.7, -0.7]))
"""Direction in which a left thumb's tip moves as it flexes: under the palm."""

_THUMB_HINGE: Final[Array] = normalise(cross(THUMB_REST, _THUMB_CURL))
_THUMB_SWING_LIMIT: Final = 0.9
"""Radians; largest swing of the thumb's root from rest."""

_THUMB_LIMIT: Final[Array] = np.array([1.0, 1.3])
"""Radians; largest flexion of the thumb's two outer joints."""

CURLS: Final = 22
"""Numbers that describe one hand: 4 spreads, 4 × 3 flexions, 2 thumb flexions, 4 for thumb swing.
"""


def finger_angles(hands: Array, palms: Array) -> Array:
    """Compute the angles (2, 22) of both hands.

    Args:
        hands: (2, 21, 3) points, stage axes.
        palms: (2, 3, 3) world rotations of the hands.

    Returns:
        For each hand 4 spreads, 4 × 3 flexions (index to little finger, root to tip), 2 flexions of
        the thumb, and the direction (3) of the thumb's root padded with 0; all as for a left hand.
    """
    local = (hands @ palms) * _MIRROR[:, None, :]
    chains = local[:, FINGER_POINTS]
    bones = normalise(chains[:, :, 1:] - chains[:, :, :-1])
    # Flexion between a finger's own bones, from the cosine.
    bends = np.arccos(clamp(dot(bones[:, :, :-1], bones[:, :, 1:])[..., 0], -1.0, 1.0))
    bends = np.maximum(bends - _BEND_BIAS, 0.0)
    roots = bones[:, 1:, 0]
    # Flexion turns +X to −Y, and a fist's knuckle passes the vertical: four quadrants are needed.
    flexion = np.arctan2(-roots[..., 1], roots[..., 0])
    flexion = np.where(flexion < -0.5 * np.pi, flexion + 2.0 * np.pi, flexion)
    # The spread of a folded finger is not visible.
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
    """Return the angles (2, 22) of two relaxed hands."""
    out = np.zeros((2, CURLS))
    out[:, 4:8] = (0.25, 0.32, 0.38, 0.42)
    out[:, 8:12] = 0.45
    out[:, 12:16] = 0.25
    out[:, 16:18] = (0.15, 0.2)
    out[:, 18:21] = normalise(THUMB_REST - np.array([0.0, 0.25, 0.0]))
    return out


def finger_rotations(angles: Array) -> Array:
    """Compute local rotations (2, 5, 3, 4), xyzw, by side, finger and joint, of angles (2, 22)."""
    out = np.empty((2, 5, 3, 4))
    bends = angles[:, 4:16].reshape(2, 3, 4).swapaxes(1, 2)
    flex = about_axis(2, -bends * _SIDE_SIGNS[..., None])
    # A positive spread turns a left finger from +X towards +Z.
    spread = about_axis(1, -angles[:, :4] * _SIDE_SIGNS)
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
    """Return (2, 4), xyzw, the limited swing of the thumb's root to a direction (2, 3)."""
    axis = cross(THUMB_REST, normalise(direction))
    angle = np.arctan2(length(axis), dot(THUMB_REST, direction))
    half = 0.5 * np.minimum(angle, _THUMB_SWING_LIMIT)
    return np.concatenate((normalise(axis) * np.sin(half), np.cos(half)), axis=1)
