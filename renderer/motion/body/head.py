"""Head orientation from the face's transform, or from ears and nose."""

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
"""Radians; the face matrix of a level head is pitched down by this much: 2° to 7° were measured on
a synthetic performer, more with a smile."""

NOSE_PITCH: Final = 0.18
"""Radians; the line from between the ears to the tip of the nose is pitched down by this much. With
it the head from the pose and the head from the face agree within 1° in the median over a dancer's
900 frames."""

_FACE_SLOPE: Final = tan(0.5 * radians(63.0))
"""Tangent of half the vertical angle of view that MediaPipe's face geometry assumes for every
image."""

_MAX_TURN: Final = 1.4
"""Radians; largest rotation of the head relative to the chest."""

_NECK_HEAD_SHARES: Final[Array] = np.array([0.4, 0.6])
"""Shares of the head's rotation that neck and head take."""

_EARS_USABLE: Final = (-0.2, 0.7)
"""Cosines of the chest's heading below which ears and nose are guesses, and above which they are
seen. For a performer seen from behind the head's median error is 18° from ears and nose and 9° from
the chest; in profile the errors at the 90th percentile are 105° and 48°."""

_FACE_USABLE: Final = (-0.35, -0.05)
"""The same for the face: one detected on a head that is turned away is a false detection."""

_PLAUSIBLE_TURN: Final = (1.2, 1.6)
"""Radians from the chest within which a head is plausible, and beyond which it is rejected."""

_PITCH_CORRECTIONS: Final[Array] = about_axis(0, np.array([-FACE_PITCH_BIAS, -NOSE_PITCH]))
"""(2, 4) xyzw: corrections of the pitch biases of face and pose."""

_AXES_TO_HEAD: Final[Array] = np.array([np.eye(3), [[1, 0, 0], [0, 0, 1], [0, -1, 0]]])
"""(2, 3, 3) column permutations: from x, y, z, and from x, z, −y, to x, y, z."""


def measure_head_rotations(matrix: F32 | Array | None, view: float, points: Array | None) -> Array:
    """Compute the head's world rotations (2, 4), xyzw: by the face, and by ears and nose.

    The face's transform is relative to the view ray: it is the identity for a face that looks into
    the camera, wherever in the image it is. Without the ray's correction a level head would seem to
    look up, since a stage camera often stands lower than the head.

    Args:
        matrix: (4, 4) MediaPipe's face transform; None gives NaN.
        view: the image's height over the focal length.
        points: (33, 3) the pose's, stage axes; None gives NaN.
    """
    first, second = np.full((2, 3), np.nan), np.full((2, 3), np.nan)
    if matrix is not None:
        # Rebuilding the basis from x and y removes the scale.
        first[0], second[0] = matrix[:3, 0], matrix[:3, 1]
    if points is not None:
        left, right = points[EARS[0]], points[EARS[1]]
        first[1], second[1] = left - right, points[NOSE] - 0.5 * (left + right)
    heads = multiply(from_matrix(basis(first, second) @ _AXES_TO_HEAD), _PITCH_CORRECTIONS)
    if matrix is not None:
        heads[0] = multiply(view_ray_rotation(matrix[:3, 3], view), heads[0])
    return heads


def view_ray_rotation(head_position: F32 | Array, view: float) -> Array:
    """Compute the rotation (4,), xyzw, from the optical axis to the ray towards the head.

    Args:
        head_position: (3,) position of the head for a camera with MediaPipe's assumed angle of
            view.
        view: the image's height over the focal length.
    """
    x, y, z = (float(value) for value in head_position)
    if not z < 0.0:
        return IDENTITY
    lens = 0.5 * view / _FACE_SLOPE
    return normalise(np.array([lens * y / -z, -lens * x / -z, 0.0, 2.0]))


def split_head_rotation(relative: Array) -> Array:
    """Distribute the head's rotation on the chest over neck and head: (2, 4), limited."""
    angle = 2.0 * atan2(float(length(relative[:3])[0]), abs(float(relative[3])))
    return power(relative, _NECK_HEAD_SHARES * min(1.0, _MAX_TURN / max(angle, 1e-6)))


class HeadSolver:
    """Solves one performer's head; holds its filters, one for the face and one for the pose."""

    def __init__(self) -> None:
        self._filter = OneEuroRotations(2, ((2.0,), (1.0,)), ((1.5,), (1.0,)))

    def solve(
        self,
        matrix: F32 | Array | None,
        view: float,
        points: Array | None,
        chest: Array,
        face_weight: float,
        t_ns: int,
    ) -> Array:
        """Compute local rotations (2, 4), xyzw, of neck and head.

        Args:
            matrix: (4, 4) the face's transform; None where no face is seen.
            view: the image's height over the camera's focal length.
            points: (33, 3) the body's, stage axes; None where it is not seen.
            chest: (4,) xyzw, world rotation.
            face_weight: trust in the face relative to ears and nose, 0 to 1.
            t_ns: time of the observation.
        """
        seen = multiply(inverse(chest), measure_head_rotations(matrix, view, points))
        smooth = self._filter(seen, t_ns)
        face, pose = smooth
        # Cosine of the chest's heading: the z component of its own z axis, 1 − 2(x² + y²).
        x, y, *_ = chest.tolist()
        facing = 1.0 - 2.0 * (x * x + y * y)
        turns = 2.0 * np.arccos(np.minimum(np.abs(smooth[:, 3]), 1.0))
        by_face, by_pose = (1.0 - smoothstep(turns, *_PLAUSIBLE_TURN)).tolist()
        ears = power(pose, smoothstep(facing, *_EARS_USABLE) * by_pose)
        trust = face_weight * smoothstep(facing, *_FACE_USABLE) * by_face
        return split_head_rotation(slerp(ears, face, trust))
