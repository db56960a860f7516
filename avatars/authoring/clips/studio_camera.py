"""Model the camera that films a performer: a pinhole camera without roll, aimed at a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.source import Floats
from avatars.maths.vectors import normalise

Place = tuple[float, float, float]


def looking(place: Place, target: Place) -> Floats:
    """Return the pose (4, 4) at `place` whose −Z axis points at `target`, with +X horizontal."""
    pose = np.eye(4)
    back = normalise(np.array(place) - np.array(target))
    right = normalise(np.cross([0.0, 1.0, 0.0], back))
    pose[:3, :3] = np.stack((right, np.cross(back, right), back), axis=1)
    pose[:3, 3] = place
    return pose


@dataclass(frozen=True, slots=True)
class Camera:
    """A stationary pinhole camera.

    Attributes:
        place, target: metres; the origin is the performer's mark on the floor.
        fov_y: vertical field of view, radians.
        size: (width, height) in pixels.
    """

    place: Place
    target: Place
    fov_y: float
    size: tuple[int, int]

    def rays(self) -> Floats:
        """Return world-space ray directions (h, w, 3) through the pixel centres, not normalised."""
        width, height = self.size
        half = np.tan(self.fov_y / 2.0)
        across = ((np.arange(width) + 0.5) / width * 2.0 - 1.0) * half * width / height
        up = (1.0 - (np.arange(height) + 0.5) / height * 2.0) * half
        rays = np.empty((height, width, 3))
        rays[..., 0], rays[..., 1], rays[..., 2] = across, up[:, None], -1.0
        turned: Floats = rays @ looking(self.place, self.target)[:3, :3].T
        return turned

    def project(self, points: Floats) -> Floats:
        """Project points (..., 3) to pixels (..., 2), x right and y down from the top left corner.

        Points behind the camera give NaN.
        """
        width, height = self.size
        pose = looking(self.place, self.target)
        seen = (np.asarray(points) - pose[:3, 3]) @ pose[:3, :3]
        focal = height / 2.0 / np.tan(self.fov_y / 2.0)
        depth = np.where(seen[..., 2] < 0.0, -seen[..., 2], np.nan)
        x = width / 2.0 + focal * seen[..., 0] / depth
        y = height / 2.0 - focal * seen[..., 1] / depth
        return np.stack((x, y), axis=-1)
