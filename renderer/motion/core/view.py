"""Where in the camera's view a performer is, and what that does to how they seem to face."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2

from avatars.maths.vectors import Array, rotation_about_vertical
from renderer.capture.records import F32, Observation
from renderer.motion.core.frames import image_plane
from renderer.motion.core.skeleton import HIPS


@dataclass(frozen=True, slots=True)
class ViewRay:
    """The line of sight from the camera to the middle of a performer's hips.

    Attributes:
        across, up: metres from the view's axis, at the hips' distance.
        distance: metres along the axis.
    """

    across: float
    up: float
    distance: float

    @classmethod
    def of(cls, seen: Observation, pose: F32, scale: float) -> ViewRay:
        """The sight of a pose (33, 3) in the picture, at `scale` pixels a metre."""
        left, right = image_plane(pose[HIPS[0] : HIPS[1] + 1], seen.size)
        across, up = (0.5 * (left + right) / scale).tolist()
        return cls(across, up, seen.focal_pixels / scale)

    @property
    def turn(self) -> Array:
        """(3, 3) that turns row vectors seen along this line into the stage's axes.

        The detector sees a body from where the camera is: one who stands aside and faces along the
        view's axis seems to have turned away by the angle of the line of sight. On a ground-truth
        clip of somebody who walks in from 15° aside the error of their heading is .97 of that
        angle. Only the turn about the vertical is: how far a body leans is told as of the stage.
        """
        return rotation_about_vertical(-atan2(self.across, self.distance))
