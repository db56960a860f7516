"""Which way the head looks, from the face's matrix or from ears and nose."""

from __future__ import annotations

from math import atan2, radians, tan
from typing import Final

import numpy as np

from avatars.maths.quaternions import (
    IDENTITY,
    about_axis,
    from_matrix,
    inverse,
    multiply,
    power,
    slerp,
)
from avatars.maths.vectors import Array, basis, length, normalise, smoothstep
from renderer.capture.records import F32
from renderer.motion.core.filters import OneEuroRotations
from renderer.motion.core.skeleton import EARS, NOSE

FACE_PITCH_BIAS: Final = 0.06
"""Radians; the face matrix of a head held level looks down by so much: 2° to 7° were measured on a
synthetic performer, more with a smile."""

NOSE_PITCH: Final = 0.18
"""Radians; the line from between the ears to the tip of the nose points down by so much. With it
the pose's head and the face's agree within 1° in the median over a dancer's 900 frames."""

_FACE_SLOPE: Final = tan(0.5 * radians(63.0))
"""Of half the vertical angle of view that MediaPipe's face geometry takes every picture to have."""

_MOST: Final = 1.4
"""Radians; a head turns no further on its chest."""

_SHARES: Final[Array] = np.array([0.4, 0.6])
"""How much of the turn neck and head make."""

_EARS_TELL: Final = (-0.2, 0.7)
"""Cosine of the chest's heading up to which ears and nose are guesses, and from which they are
seen: of a back the head's median error is 18° by them and 9° by the chest, of a profile they err by
105° at the 90th percentile and the chest by 48°."""

_FACE_TELLS: Final = (-0.35, -0.05)
"""The same of a face: one found on a head that turns its back is a mistake."""

_TURNS: Final = (1.2, 1.6)
"""Radians from the chest up to which a head may be as it is seen, and from which it cannot be."""

_LEVELS: Final[Array] = about_axis(0, np.array([-FACE_PITCH_BIAS, -NOSE_PITCH]))
_AS_HEADS: Final[Array] = np.array([np.eye(3), [[1, 0, 0], [0, 0, 1], [0, -1, 0]]])
"""(2, 3, 3) what makes x, y, z of columns that are x, y, z, and x, z, −y."""


def heads_seen(matrix: F32 | None, view: float, points: Array | None) -> Array:
    """World rotations (2, 4) of the head as its face and as the pose's ears and nose tell.

    The face's transform is the identity for a face that looks into the camera, wherever in the
    picture it is: it is relative to the line of sight. On a stage the camera often stands lower
    than the head, and a head held level would seem to look up.

    Args:
        matrix: (4, 4) MediaPipe's face transform; None gives NaN.
        view: the picture's height over the focal length.
        points: (33, 3) the pose's; None gives NaN.
    """
    first, second = np.full((2, 3), np.nan), np.full((2, 3), np.nan)
    if matrix is not None:
        # Scale is divided out: the frame is built anew from x and y.
        first[0], second[0] = matrix[:3, 0], matrix[:3, 1]
    if points is not None:
        left, right = points[EARS[0]], points[EARS[1]]
        first[1], second[1] = left - right, points[NOSE] - 0.5 * (left + right)
    heads = multiply(from_matrix(basis(first, second) @ _AS_HEADS), _LEVELS)
    if matrix is not None:
        heads[0] = multiply(_line_of_sight(matrix[:3, 3], view), heads[0])
    return heads


def _line_of_sight(place: F32, view: float) -> Array:
    """The rotation (4,) from the view's axis, towards the camera, to the line from a head to it.

    Args:
        place: (3,) where the head is, as of a camera with the angle of view that MediaPipe assumes.
    """
    x, y, z = (float(value) for value in place)
    if not z < 0.0:
        return IDENTITY
    lens = 0.5 * view / _FACE_SLOPE
    return normalise(np.array([lens * y / -z, -lens * x / -z, 0.0, 2.0]))


def neck_and_head(relative: Array) -> Array:
    """Local rotations (2, 4) of neck and head whose product is the head's on the chest, limited."""
    angle = 2.0 * atan2(float(length(relative[:3])[0]), abs(float(relative[3])))
    return power(relative, _SHARES * min(1.0, _MOST / max(angle, 1e-6)))


class HeadSolver:
    """Keeps the filters of one performer's head: as the face says, and as the pose says."""

    def __init__(self) -> None:
        self._filter = OneEuroRotations(2, ((2.0,), (1.0,)), ((1.5,), (1.0,)))

    def solve(
        self,
        matrix: F32 | None,
        view: float,
        points: Array | None,
        chest: Array,
        face_weight: float,
        t_ns: int,
    ) -> Array:
        """Local rotations (2, 4) of neck and head.

        Args:
            matrix: (4, 4) the face's transform, None where no face is seen.
            view: the picture's height over the camera's focal length.
            points: the body's (33, 3), stage space; None where it is not seen.
            chest: (4,) world rotation.
            face_weight: how far the face is trusted over ears and nose, 0 to 1.
        """
        seen = multiply(inverse(chest), heads_seen(matrix, view, points))
        smooth = self._filter(seen, t_ns)
        face, pose = smooth
        # The cosine of the chest's heading: z of its own z axis, 1 − 2(x² + y²).
        x, y, *_ = chest.tolist()
        facing = 1.0 - 2.0 * (x * x + y * y)
        turns = 2.0 * np.arccos(np.minimum(np.abs(smooth[:, 3]), 1.0))
        by_face, by_pose = (1.0 - smoothstep(turns, *_TURNS)).tolist()
        ears = power(pose, smoothstep(facing, *_EARS_TELL) * by_pose)
        trust = face_weight * smoothstep(facing, *_FACE_TELLS) * by_face
        return neck_and_head(slerp(ears, face, trust))
