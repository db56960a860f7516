"""Numbers from which a limb's tracking faults are judged: poses, landmarks and their differences.

A frame gives 49 channels for each limb; a window of 16 frames gives 771 features. The solved pose
shows what the audience would see; the landmarks as detected show how it came about: sides that were
exchanged, a leap, another person's arm, a limb that stands still while the body moves.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.motion.core.skeleton import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from renderer.motion.priors.limb_state import OWN, STATE

FRAME_S: Final = 1.0 / 30.0
"""Seconds between frames for which the channels are made; frames between are skipped."""

WINDOW: Final = 16
"""Frames of a window: half a second."""

CHANNELS: Final = 49
"""Channels of a limb and frame."""

RAW: Final = 12
"""Numbers of a limb's landmarks: its own middle and end and those of the other side, about its own
root, in lengths of the limb."""

_OFFSETS: Final = WINDOW - 1 - np.array([0, 1, 2, 3, 5, 7, 10, 13])
"""Frames of a window whose poses and velocities are features themselves, newest first."""
_SPEEDS: Final = 28
"""First of the channels of speeds, changes and lengths, of which every frame is a feature."""

_VELOCITIES: Final = np.array([*range(6, 12), *range(24, 28)])
"""Channels of velocities: their correlation from frame to frame tells movement from noise."""
_PLACES: Final = np.array([0, 1, 2, 3, 4, 5, 12, 13, 15, 16])
"""Channels of two solved directions in space, and of two landmarks in the picture."""

FEATURES: Final = (
    4 * CHANNELS
    + _SPEEDS * len(_OFFSETS)
    + (CHANNELS - _SPEEDS) * WINDOW
    + len(_VELOCITIES)
    + 4
    + 1
)
"""Features of a window: mean, maximum, minimum and deviation of every channel, samples, correlation
of velocities, distances covered, and whether it is a leg."""

_ROOTS: Final = np.array([*SHOULDERS, *HIPS])
_MIDDLES: Final = np.array([*ELBOWS, *KNEES])
_ENDS: Final = np.array([*WRISTS, *ANKLES])
_OTHERS: Final = np.array([1, 0, 3, 2])
_POINTS: Final = np.stack((_MIDDLES, _ENDS, _MIDDLES[_OTHERS], _ENDS[_OTHERS]), axis=1)
"""(4, 4) landmarks of each limb: its middle and end, and the other side's."""
_MIRROR: Final = np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])[[0, 1, 0, 1], None]
"""(4, 1, 3) right limbs are mirrored, so that both sides share their weights."""

_IS_LEG: Final = np.array([[0.0], [0.0], [1.0], [1.0]])

_PAIRS: Final[Array] = np.repeat(np.eye(4), (3, 3, 2, 2), axis=0)
"""(10, 4) sums the squares of _PLACES by direction and landmark."""
_FARTHEST: Final = 10.0
"""Metres from the hips beyond which a landmark is no measurement."""
_STILL: Final = 1e-3
"""Added to a window's squared velocities, so that stillness has no correlation."""

_LOG_FLOOR: Final = 0.05
"""Added to speeds before their logarithm: slower is stillness."""
_VELOCITY_SCALE: Final = 0.2
"""Brings velocities [1/s] to the size of the other channels."""


def limb_landmarks(points: Array, lengths: Array) -> Array:
    """Return (..., 4, 12) landmarks about each limb's root, in lengths of the limb; 0 if absent.

    Args:
        points: (..., 33, 3) metres, stage axes; NaN where absent.
        lengths: (4,) metres, of both bones of each limb together.
    """
    # NaN compares as false. What a detector puts beyond the room is absent.
    known = np.where(np.abs(points) < _FARTHEST, points, 0.0)
    about = known[..., _POINTS, :] - known[..., _ROOTS, None, :]
    about = about * (_MIRROR / lengths[:, None, None])
    flat: Array = about.reshape(*about.shape[:-2], RAW)
    return flat


def frame_channels(now: Array, before: Array, was_velocity: Array, dt: float) -> Array:
    """Compute (..., 4, 49) the channels of a frame.

    Args:
        now: (..., 4, 48) the state as each limb sees it, followed by its landmarks.
        before: the same one frame earlier.
        was_velocity: (..., 4, 48) per second, one frame earlier.
        dt: seconds between the frames, about FRAME_S.
    """
    velocity = (now - before) / dt
    change = velocity - was_velocity
    out = np.empty((*now.shape[:-1], CHANNELS))
    raw, last = now[..., STATE:], before[..., STATE:]
    raw_velocity = velocity[..., STATE:]
    out[..., 0:6] = now[..., :OWN]
    out[..., 6:12] = _VELOCITY_SCALE * velocity[..., :OWN]
    out[..., 12:24] = raw
    out[..., 24:26] = _VELOCITY_SCALE * raw_velocity[..., 0:2]
    out[..., 26:28] = _VELOCITY_SCALE * raw_velocity[..., 3:5]
    # Squared lengths first, one logarithm for all.
    squares = out[..., 28:49]
    squares[..., 0:4] = _square_lengths(velocity[..., : 2 * OWN])
    squares[..., 4:6] = _square_lengths(change[..., :OWN])
    squares[..., 6] = np.vecdot(velocity[..., 2 * OWN : STATE], velocity[..., 2 * OWN : STATE])
    flat = raw_velocity.reshape(*raw_velocity.shape[:-1], 4, 3)
    squares[..., 7:11] = np.vecdot(flat[..., :2], flat[..., :2])
    flat_change = change[..., STATE : STATE + OWN].reshape(*change.shape[:-1], 2, 3)[..., :2]
    squares[..., 11:13] = np.vecdot(flat_change, flat_change)
    squares[..., 13] = raw_velocity[..., 2] ** 2
    squares[..., 14] = raw_velocity[..., 5] ** 2
    own, was, other, other_was = raw[..., :6], last[..., :6], raw[..., 6:], last[..., 6:]
    for place, apart in ((15, own - was), (16, own - other_was), (17, other - was)):
        squares[..., place] = np.vecdot(apart, apart)
    speeds = squares[..., :18]
    np.log(np.sqrt(speeds) + _LOG_FLOOR, out=speeds)
    # Do the sides fit the last frame better when they are exchanged?
    squares[..., 16] = squares[..., 15] - squares[..., 16]
    squares[..., 17] = squares[..., 15] - squares[..., 17]
    # Apparent lengths: of the upper bone, the lower bone, and the lower bone in the picture.
    bones = raw[..., 0:3], raw[..., 3:6] - raw[..., 0:3]
    squares[..., 15] = np.sqrt(np.vecdot(bones[0], bones[0]))
    squares[..., 18] = np.sqrt(np.vecdot(bones[1], bones[1]))
    squares[..., 19] = np.sqrt(np.vecdot(bones[0][..., :2], bones[0][..., :2]))
    squares[..., 20] = np.sqrt(np.vecdot(bones[1][..., :2], bones[1][..., :2]))
    return out


def window_features(window: Array) -> Array:
    """Compute (..., 4, 771) the features of windows (..., 4, 16, 49), oldest frame first."""
    mean = window.mean(axis=-2)
    deviation = np.sqrt(np.maximum(np.mean(window * window, axis=-2) - mean * mean, 0.0))
    flat = (*window.shape[:-2], -1)
    velocity = window[..., _VELOCITIES]
    alike = (velocity[..., 1:, :] * velocity[..., :-1, :]).sum(axis=-2)
    alike /= (velocity * velocity).sum(axis=-2) + _STILL
    covered = window[..., -1, _PLACES] - window[..., 0, _PLACES]
    covered = np.sqrt((covered * covered) @ _PAIRS)
    return np.concatenate(
        (
            mean,
            window.max(axis=-2),
            window.min(axis=-2),
            deviation,
            window[..., _OFFSETS, :_SPEEDS].reshape(flat),
            window[..., _SPEEDS:].reshape(flat),
            alike,
            np.log(covered + _LOG_FLOOR),
            np.broadcast_to(_IS_LEG, (*window.shape[:-2], 1)),
        ),
        axis=-1,
    )


def _square_lengths(vectors: Array) -> Array:
    """Return the squared lengths (..., n) of vectors that lie side by side (..., 3n)."""
    parts = vectors.reshape(*vectors.shape[:-1], -1, 3)
    squares: Array = np.vecdot(parts, parts)
    return squares
