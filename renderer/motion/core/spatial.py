"""A body measured in space by several cameras."""

from __future__ import annotations

from dataclasses import dataclass

from avatars.maths.vectors import Array


@dataclass(frozen=True, slots=True)
class SpatialBody:
    """One performer's landmarks, measured by one or more calibrated cameras.

    Attributes:
        points: (33, 3) metres on the stage of the cameras; NaN where nobody sees them.
        visibility: (33,) 0 to 1, the best of all cameras.
        covariance: (33, 3, 3) m², by every camera's noise and view ray.
        toward: radians about +Y from +Z to the camera that sees the body best.
        depth_guessed: 0 to 1, how much of the depth is a single detector's guess.
        head: (4, 4) the face's transform in stage axes as if seen from straight ahead; None where
            no camera sees the face.
    """

    points: Array
    visibility: Array
    covariance: Array
    toward: float
    depth_guessed: float
    head: Array | None = None
