"""The view ray to a performer, and its effect on their apparent heading."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2

from avatars.maths.vectors import Array, rotation_about_vertical
from renderer.capture.records import F32, Observation
from renderer.motion.core.frames import image_plane
from renderer.motion.core.skeleton import HIPS


@dataclass(frozen=True, slots=True)
class ViewRay:
    """The ray from the camera to the midpoint of a performer's hips.

    Attributes:
        across, up: metres off the optical axis, at the hips' distance.
        distance: metres along the optical axis.
    """

    across: float
    up: float
    distance: float

    @classmethod
    def of(cls, seen: Observation, pose: F32, scale: float) -> ViewRay:
        """Compute the view ray of a pose.

        Args:
            seen: the observation; gives the frame's size and focal length.
            pose: (33, 3) normalised image points.
            scale: pixels per metre at the hips.
        """
        left, right = image_plane(pose[HIPS[0] : HIPS[1] + 1], seen.size)
        across, up = (0.5 * (left + right) / scale).tolist()
        return cls(across, up, seen.focal_pixels / scale)

    @property
    def turn(self) -> Array:
        """(3, 3) matrix that rotates row vectors from this ray's frame into stage axes.

        The detector sees a body from the camera's position: a performer off to one side
        who faces along the optical axis seems turned away by the angle of the view ray. On a
        ground-truth clip of a person who walks in from 15° to the side the heading error is .97 of
        that angle. Only the rotation about the vertical is applied: the detector already reports
        the lean relative to the stage.
        """
        return rotation_about_vertical(-atan2(self.across, self.distance))
