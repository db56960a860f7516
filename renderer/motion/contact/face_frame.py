"""The performer's face in the picture as a frame of reference for hands that touch it."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import F32, Observation

# Landmarks of the face mesh.
_EYE_CORNERS: Final = (33, 263)
"""Outer corners of the performer's right and left eye."""
_CHIN: Final = 152
_CHEEKS: Final = (234, 454)
"""Right and left edge of the face."""

# Landmarks of the pose.
_POSE_EYES: Final = (2, 5)
_POSE_MOUTH: Final = (9, 10)

_CHIN_OVER_MOUTH: Final = 1.7
"""Distance from eyes to chin over that from eyes to mouth, from face meshes of 11 people."""

_WIDTH_OVER_HEIGHT: Final = 0.68
"""Half width of a face over the distance from eyes to chin, from the same."""


@dataclass(frozen=True, slots=True)
class FaceFrame:
    """Where a face is in the picture; pixels, x right, y down.

    Attributes:
        eyes: (2,) the point between the eyes.
        across: (2,) unit, along the eyes to the performer's left as seen from the front.
        height: from eyes to chin.
        half_width: half the width of the face, as if seen from the front.
    """

    eyes: Array
    across: Array
    height: float
    half_width: float

    def locate(self, points: Array) -> Array:
        """Return places (n, 2) of points (n, 2), see ContactPart.FACE."""
        off = points - self.eyes
        x, y = self.across
        return np.stack(
            (
                (off[:, 0] * x + off[:, 1] * y) / self.half_width,
                (off[:, 0] * y - off[:, 1] * x) / self.height,
            ),
            axis=1,
        )


def find_face(seen: Observation, points: F32) -> FaceFrame | None:
    """Return the frame of a performer's face by its mesh, or by the pose where it has none.

    Args:
        seen: the observation.
        points: (33, 2) the pose's points, pixels.
    """
    if seen.face is not None:
        mesh = seen.face * (seen.size[0], seen.size[1], seen.size[0])
        right, left = mesh[_EYE_CORNERS[0]], mesh[_EYE_CORNERS[1]]
        eyes = 0.5 * (left + right)
        # The mesh has depth in pixels, so that lengths do not depend on how the head is turned.
        down, wide = mesh[_CHIN] - eyes, mesh[_CHEEKS[1]] - mesh[_CHEEKS[0]]
        height = float(np.sqrt(down @ down))
        return _frame(eyes[:2], left[:2] - right[:2], height, 0.5 * float(np.sqrt(wide @ wide)))
    left, right = points[_POSE_EYES[0]], points[_POSE_EYES[1]]
    eyes = 0.5 * (left + right)
    down = 0.5 * (points[_POSE_MOUTH[0]] + points[_POSE_MOUTH[1]]) - eyes
    height = _CHIN_OVER_MOUTH * hypot(float(down[0]), float(down[1]))
    return _frame(eyes, left - right, height, _WIDTH_OVER_HEIGHT * height)


def _frame(eyes: Array, across: Array, height: float, half_width: float) -> FaceFrame | None:
    size = hypot(float(across[0]), float(across[1]))
    # NaN compares as false.
    if not (height > 1.0 and half_width > 1.0 and size > 0.0):
        return None
    return FaceFrame(eyes, across / size, height, half_width)
