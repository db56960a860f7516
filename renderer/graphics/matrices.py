"""Cameras and lights as matrices, for column vectors, in OpenGL's clip space (z from -1 to 1)."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.errors import GraphicsError
from renderer.stage.records import Camera, Light

Matrix = npt.NDArray[np.float64]
Point = tuple[float, float, float]

DIRECTIONAL_REACH: Final = 6.0
"""Half the side of what a directional light's shadow covers around its target, metres."""

TO_TEXTURE: Final[Matrix] = np.array(
    [[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 1.0]]
)
"""Clip space to a depth texture's [0, 1]."""


def perspective(fov_y: float, aspect: float, near: float, far: float) -> Matrix:
    """View space to clip space. `fov_y` [rad]; `near` and `far` [m]."""
    focal = 1.0 / math.tan(fov_y / 2.0)
    depth = near - far
    return np.array(
        [
            [focal / aspect, 0, 0, 0],
            [0, focal, 0, 0],
            [0, 0, (far + near) / depth, 2.0 * far * near / depth],
            [0, 0, -1.0, 0],
        ]
    )


def orthographic(half: float, near: float, far: float) -> Matrix:
    """A box of `half` metres to every side, from `near` to `far`, to clip space."""
    depth = near - far
    return np.array(
        [
            [1.0 / half, 0, 0, 0],
            [0, 1.0 / half, 0, 0],
            [0, 0, 2.0 / depth, (far + near) / depth],
            [0, 0, 0, 1.0],
        ]
    )


def look_at(position: Point, target: Point) -> Matrix:
    """Stage to view space: the viewer looks down -Z, +Y is up as far as it can be.

    Raises:
        GraphicsError: when position and target are one point.
    """
    eye = np.array(position, np.float64)
    back = eye - np.array(target, np.float64)
    length = math.sqrt(float(back @ back))
    if not length > 0.0:
        raise GraphicsError(
            f"a camera or light at {position}", "it looks at itself", "move its target away"
        )
    back /= length
    up = np.array((0.0, 1.0, 0.0) if abs(back[1]) < 0.9999 else (0.0, 0.0, -1.0))
    right = np.cross(up, back)
    right /= math.sqrt(float(right @ right))
    view = np.eye(4)
    view[:3, :3] = right, np.cross(back, right), back
    view[:3, 3] = -view[:3, :3] @ eye
    return view


def camera_matrix(camera: Camera, aspect: float) -> Matrix:
    """Stage to clip space.

    Raises:
        GraphicsError: for an angle, a near or a far that no lens has.
    """
    if not (0.0 < camera.fov_y < math.pi and 0.0 < camera.near < camera.far):
        raise GraphicsError(
            "the stage's camera",
            f"fov_y {camera.fov_y:.3g}, near {camera.near:.3g}, far {camera.far:.3g} make no picture",
            "give an angle between 0 and pi and 0 < near < far",
        )
    lens = perspective(camera.fov_y, aspect, camera.near, camera.far)
    return lens @ look_at(camera.position, camera.target)


def light_matrix(light: Light) -> Matrix:
    """Stage to the clip space of a shadow map: a spot's cone, or a box around its target."""
    distance = math.dist(light.position, light.target)
    view = look_at(light.position, light.target)
    if light.cone is None:
        box = orthographic(DIRECTIONAL_REACH, distance - 12.0, distance + 12.0)
        return box @ view
    angle = min(2.0 * light.cone[1], math.radians(150.0))
    return perspective(angle, 1.0, 0.15 * distance, 2.0 * distance + 2.0) @ view
