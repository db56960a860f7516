"""Choose an avatar's level of detail in a view by its height in the picture, and cull it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.graphics.gpu.matrices import Matrix, is_any_visible
from renderer.stage.records import Camera

F32 = npt.NDArray[np.float32]

BAND: Final = 0.15
"""Hysteresis of the threshold within a shot, as a fraction of it, so that an avatar at the
threshold does not flicker between two levels."""

_CUT_M: Final = 0.5
"""Minimum distance of the cameras of two frames across a cut, metres; a moving camera covers less
than 0.2 m per frame."""
_CUT_ZOOM: Final = 1.15
"""Minimum ratio of the angles of view of two frames across a cut."""


@dataclass(frozen=True, slots=True)
class ViewOfFrame:
    """The properties of a frame's view on which levels of detail depend.

    Attributes:
        matrix: stage to clip space (4, 4).
        height: of the picture, pixels.
    """

    name: str
    camera: Camera
    matrix: Matrix
    height: int


@dataclass(slots=True)
class Choice:
    """The level of detail and visibility of an avatar in a view.

    Attributes:
        pixels: its standing height in the picture.
        is_full: whether its full level of detail is drawn.
        is_visible: whether any part of it may be in the picture.
        shows_lower: whether any part below its spine may be.
    """

    camera: Camera
    pixels: float
    is_full: bool
    is_visible: bool
    shows_lower: bool = True


def choose_detail(
    view: ViewOfFrame, before: Choice | None, spheres: F32, tall_m: float, full_from: float
) -> Choice:
    """Return the level of detail and visibility of an avatar in a view.

    Within a shot, the level changes only if the height passes the threshold by BAND. At a cut,
    where a change of level is not visible, the threshold alone decides.

    Args:
        before: the choice in the view's previous frame; None in its first.
        spheres: (s, 4) bounding spheres of the avatar, metres.
        tall_m: height of the avatar, metres.
        full_from: threshold, pixels.
    """
    away, stretch = _measure(view.matrix, spheres)
    pixels = 0.5 * view.height * stretch * tall_m / max(away, view.camera.near)
    threshold = full_from
    if before is not None and not is_cut(before.camera, view.camera):
        threshold *= 1.0 - BAND if before.is_full else 1.0 + BAND
    is_visible = is_any_visible(view.matrix, spheres)
    return Choice(view.camera, pixels, pixels >= threshold, is_visible)


def is_cut(before: Camera, after: Camera) -> bool:
    """Return whether two successive cameras of a view belong to two shots."""
    if before is after:
        return False
    zoom = after.fov_y / before.fov_y
    return (
        math.dist(before.position, after.position) > _CUT_M
        or math.dist(before.target, after.target) > _CUT_M
        or not 1.0 / _CUT_ZOOM < zoom < _CUT_ZOOM
    )


@compiled
def _measure(matrix: Matrix, spheres: F32) -> tuple[float, float]:
    """Return the mean distance of spheres along a camera's axis, metres, and its vertical scale."""
    away = 0.0
    for number in range(len(spheres)):
        for axis in range(3):
            away += matrix[3, axis] * spheres[number, axis]
    stretch = math.sqrt(matrix[1, 0] ** 2 + matrix[1, 1] ** 2 + matrix[1, 2] ** 2)
    return away / max(1, len(spheres)) + matrix[3, 3], stretch
