"""Compute matrices of cameras and lights, for column vectors and clip space z from -1 to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.errors import GraphicsError
from renderer.stage.records import Camera, Light

Matrix = npt.NDArray[np.float64]
Point = tuple[float, float, float]

DIRECTIONAL_REACH: Final = 6.0
"""Half the side of the area around its target that a directional light's shadow covers, metres."""

TO_TEXTURE: Final[Matrix] = np.array(
    [[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 1.0]]
)
"""Maps clip space to the [0, 1] range of a depth texture."""


def perspective(fov_y: float, aspect: float, near: float, far: float) -> Matrix:
    """Return view to clip space (4, 4). `fov_y` [rad]; `near` and `far` [m]."""
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
    """Return the orthographic projection (4, 4) of a box, `half` metres to each side."""
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
    """Return stage to view space (4, 4): the viewer looks along -Z, with +Y up if possible.

    Raises:
        GraphicsError: position and target coincide.
    """
    # Plain floats: numpy takes ten times as long for three elements.
    back = _unit([p - t for p, t in zip(position, target, strict=True)])
    if back is None:
        raise GraphicsError(
            f"a camera or light at {position}", "it looks at itself", "move its target away"
        )
    up = (0.0, 1.0, 0.0) if abs(back[1]) < 0.9999 else (0.0, 0.0, -1.0)
    right = _unit(_cross(up, back)) or (1.0, 0.0, 0.0)
    axes = right, _cross(back, right), back
    rows = [(*axis, -sum(a * p for a, p in zip(axis, position, strict=True))) for axis in axes]
    return np.array([*rows, (0.0, 0.0, 0.0, 1.0)])


def right_of(direction: Sequence[float]) -> Point:
    """Return the unit vector to the right of a light that shines along a direction."""
    back = _unit([-part for part in direction]) or (0.0, 0.0, 1.0)
    up = (0.0, 1.0, 0.0) if abs(back[1]) < 0.9999 else (0.0, 0.0, -1.0)
    return _unit(_cross(up, back)) or (1.0, 0.0, 0.0)


def _cross(a: Sequence[float], b: Sequence[float]) -> Point:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _unit(v: Sequence[float]) -> Point | None:
    length = math.hypot(*v)
    return (v[0] / length, v[1] / length, v[2] / length) if length > 0.0 else None


def camera_matrix(camera: Camera, aspect: float) -> Matrix:
    """Return stage to clip space (4, 4).

    Raises:
        GraphicsError: the field of view, near or far plane is invalid.
    """
    if not (0.0 < camera.fov_y < math.pi and 0.0 < camera.near < camera.far):
        raise GraphicsError(
            "the stage's camera",
            f"fov_y {camera.fov_y:.3g}, near {camera.near:.3g}, far {camera.far:.3g} fit no lens",
            "give an angle between 0 and pi and 0 < near < far",
        )
    lens = perspective(camera.fov_y, aspect, camera.near, camera.far)
    return lens @ look_at(camera.position, camera.target)


def invert(matrix: Matrix) -> Matrix:
    """Return the inverse of a matrix."""
    return np.linalg.inv(matrix).astype(np.float64, copy=False)


def light_matrix(light: Light) -> Matrix:
    """Return stage to shadow map clip space (4, 4): a spot's cone, or a box around the target."""
    distance = math.dist(light.position, light.target)
    view = look_at(light.position, light.target)
    if light.cone is None:
        box = orthographic(DIRECTIONAL_REACH, distance - 12.0, distance + 12.0)
        return box @ view
    angle = min(2.0 * light.cone[1], math.radians(150.0))
    return perspective(angle, 1.0, 0.15 * distance, 2.0 * distance + 2.0) @ view


def visible_spheres(matrix: Matrix, spheres: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Return (s,) bool: which spheres (s, 4) a stage-to-clip matrix (4, 4) may make visible."""
    visible = np.empty(len(spheres), np.bool_)
    _test_spheres(matrix, spheres, visible)
    return visible


def is_any_visible(matrix: Matrix, spheres: npt.NDArray[np.float32]) -> bool:
    """Return whether a stage-to-clip matrix (4, 4) may make any of some spheres (s, 4) visible."""
    return _test_spheres(matrix, spheres, _NO_ANSWERS)


_NO_ANSWERS: Final = np.empty(0, np.bool_)


@compiled
def _test_spheres(
    matrix: Matrix, spheres: npt.NDArray[np.float32], visible: npt.NDArray[np.bool_]
) -> bool:
    """Fill `visible` for each sphere; if it is empty, only find out whether any sphere is."""
    planes = np.empty((6, 4))
    for axis in range(3):
        for side in range(2):
            plane = planes[2 * axis + side]
            for k in range(4):
                plane[k] = matrix[3, k] + (1.0 - 2.0 * side) * matrix[axis, k]
            scale = 1.0 / math.sqrt(plane[0] ** 2 + plane[1] ** 2 + plane[2] ** 2)
            for k in range(4):
                plane[k] *= scale
    is_any = False
    for number in range(len(spheres)):
        x, y, z, radius = spheres[number]
        is_inside = True
        for plane in planes:
            if not plane[0] * x + plane[1] * y + plane[2] * z + plane[3] > -radius:
                is_inside = False
                break
        if len(visible):
            visible[number] = is_inside
        elif is_inside:
            return True
        is_any = is_any or is_inside
    return is_any
