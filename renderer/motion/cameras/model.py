"""Pinhole model of a calibrated camera, and the set of cameras around one performer.

Stage axes have +Y up and +Z horizontally towards the first camera; the origin is on the floor. The
axes of a camera are those of OpenCV: x right, y down, z along the line of sight. A stage point p is
at R·(p − c) in the axes of a camera with the rotation R and the centre c, and is imaged at the
slopes (x / z, y / z), which the lens distorts by Brown's model (radial k1, k2, k3, tangential p1,
p2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import F32, USUAL_FOCAL

_UNDISTORT_STEPS: Final = 5
"""Fixed-point iterations that undistort a webcam's image to a hundredth of a pixel."""

GL_AXES: Final[Array] = np.array([1.0, -1.0, -1.0])
"""Signs between OpenCV's camera axes and axes with x right, y up, z towards the camera."""


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """One calibrated camera.

    Attributes:
        name: the input that it was calibrated as, without a password.
        size: (width, height) of its picture in pixels.
        focal: (2,) focal lengths along x and y, pixels.
        centre: (2,) principal point, pixels from the upper left corner.
        distortion: (5,) k1, k2, p1, p2, k3.
        rotation: (3, 3) from stage axes to the camera's.
        place: (3,) metres, the camera's centre on the stage.
        clock_ns: nanoseconds to add to the camera's times so that they agree with the first's.
        error_px: median distance of a landmark from its projection when calibrated, pixels.
    """

    name: str
    size: tuple[int, int]
    focal: Array
    centre: Array
    distortion: Array
    rotation: Array
    place: Array
    clock_ns: int = 0
    error_px: float = 0.0

    @classmethod
    def unplaced(cls, name: str, size: tuple[int, int], focal: float = USUAL_FOCAL) -> Self:
        """Return a camera without distortion at the origin, looking along its own axis.

        Args:
            name: its input.
            size: (width, height) of its picture in pixels.
            focal: focal length over the picture's longer side.
        """
        pixels = focal * max(size)
        return cls(
            name,
            size,
            np.array([pixels, pixels]),
            0.5 * np.array(size, np.float64),
            np.zeros(5),
            np.eye(3),
            np.zeros(3),
        )

    def placed(self, rotation: Array, place: Array) -> Camera:
        """Return the camera at another place."""
        return replace(self, rotation=rotation, place=place)

    def slopes(self, image: F32 | Array) -> Array:
        """Convert image points to undistorted slopes.

        Args:
            image: (..., 2) normalised image points, x right, y down, 0 to 1; NaN where absent.

        Returns:
            (..., 2) x / z and y / z in the camera's axes.
        """
        pixels = np.asarray(image, np.float64) * self.size
        distorted = (pixels - self.centre) / self.focal
        if not self.distortion.any():
            return distorted
        out = distorted
        for _ in range(_UNDISTORT_STEPS):
            radial, tangential = self._distort(out)
            out = (distorted - tangential) / radial
        return out

    def project(self, points: Array) -> Array:
        """Project stage points (..., 3), metres, to pixels (..., 2); NaN behind the camera."""
        seen = (points - self.place) @ self.rotation.T
        depth = np.where(seen[..., 2:] > 0.0, seen[..., 2:], np.nan)
        flat = seen[..., :2] / depth
        radial, tangential = self._distort(flat)
        pixels: Array = (flat * radial + tangential) * self.focal + self.centre
        return pixels

    def scaled(self, size: tuple[int, int]) -> Camera:
        """Return the camera for a picture of another resolution and the same sides' ratio."""
        ratio = np.array(size, np.float64) / self.size
        return replace(self, size=size, focal=self.focal * ratio, centre=self.centre * ratio)

    def _distort(self, flat: Array) -> tuple[Array, Array]:
        """Return the radial factor (..., 1) and the tangential shift (..., 2) of slopes."""
        k1, k2, p1, p2, k3 = self.distortion.tolist()
        x, y = flat[..., :1], flat[..., 1:]
        square = x * x + y * y
        radial = 1.0 + square * (k1 + square * (k2 + square * k3))
        shift = np.concatenate(
            (
                2.0 * p1 * x * y + p2 * (square + 2.0 * x * x),
                p1 * (square + 2.0 * y * y) + 2.0 * p2 * x * y,
            ),
            axis=-1,
        )
        return radial, shift


@dataclass(frozen=True, slots=True, eq=False)
class CameraSet:
    """The calibrated cameras around one performer, in the order of the show's input.

    Attributes:
        cameras: two to four.
        height_m: stated height of the performer that gave the scale, metres; 0 if a board did.
        method: what they were calibrated by, for people: `movement` or `board`.
        made: time of the calibration, ISO 8601.
    """

    cameras: tuple[Camera, ...]
    height_m: float = 0.0
    method: str = "movement"
    made: str = ""

    def replaced(self, number: int, camera: Camera) -> CameraSet:
        """Return the set with one camera replaced."""
        cameras = (*self.cameras[:number], camera, *self.cameras[number + 1 :])
        return replace(self, cameras=cameras)
