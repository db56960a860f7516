"""Fit the view of a shadow-casting light to the avatars, so that shadow map texels are small.

A spot's cone is several times as wide as the avatars in it. Points outside the fitted view are not
in shadow. The view's size changes in steps, its position in whole texels, so that shadow edges are
stable while avatars move.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.graphics.gpu.matrices import Matrix, light_matrix, look_at, orthographic, perspective
from renderer.stage.records import Light

F32 = npt.NDArray[np.float32]
Pair = tuple[float, float]

SIZE_STEP: Final = 1.15
"""Ratio of successive sizes of a fitted view."""
NEAR_STEP_M: Final = 0.25
"""Step of the near plane, metres."""
LEAST_NEAR_M: Final = 0.1
DISC_M: Final = 0.012
"""Blur radius of shadows on the avatars themselves, metres."""
_STEEPEST: Final = math.tan(math.radians(80.0))
"""Largest tangent of an angle from the axis."""
_TARGET_MARGIN: Final = 1.0 + 4.0 / 512.0
"""Factor on the view's size: margin around the avatars for filtering."""


@dataclass(frozen=True, slots=True)
class ShadowView:
    """A light's view of its shadow map.

    Attributes:
        matrix: (4, 4) stage to clip space.
        disc: blur radius, as a fraction of the map's side.
    """

    matrix: Matrix
    disc: float


def fit_shadow_view(light: Light, spheres: npt.NDArray[np.float32], texels: int) -> ShadowView:
    """Return a light's view, fitted to the shadow casters.

    Args:
        light: that casts the shadows.
        spheres: (s, 4) centre and radius of the casters, metres; empty for the whole cone.
        texels: side of the map.
    """
    distance = math.dist(light.position, light.target)
    if light.cone is None:
        return _fit_directional(light, spheres, texels)
    reach = math.tan(min(light.cone[1], math.radians(75.0)))
    if not len(spheres):
        return ShadowView(light_matrix(light), DISC_M / (2.0 * reach * distance))
    view = look_at(light.position, light.target)
    count, left, bottom, right, top, nearest, mean = _measure_cone(view, spheres, reach)
    if not count:
        return ShadowView(light_matrix(light), DISC_M / (2.0 * reach * distance))
    half, center = _snap((left, bottom), (right, top), reach, texels)
    near = max(math.floor(nearest / NEAR_STEP_M) * NEAR_STEP_M, LEAST_NEAR_M)
    far = max(2.0 * distance + 2.0, near + 1.0)
    lens = perspective(2.0 * math.atan(half), 1.0, near, far)
    # Off-centre view: the clip position shifts with depth, which is the clip w.
    lens[0, 2], lens[1, 2] = center[0] / half, center[1] / half
    return ShadowView(lens @ view, DISC_M / (2.0 * half * mean))


def _fit_directional(light: Light, spheres: npt.NDArray[np.float32], texels: int) -> ShadowView:
    whole = light_matrix(light)
    span = 2.0 / math.hypot(*whole[0, :3])
    if not len(spheres):
        return ShadowView(whole, DISC_M / span)
    distance = math.dist(light.position, light.target)
    view = look_at(light.position, light.target)
    left, bottom, right, top = _measure_box(view, spheres)
    half, center = _snap((left, bottom), (right, top), span / 2.0, texels)
    box = orthographic(half, distance - 12.0, distance + 12.0)
    box[0, 3], box[1, 3] = -center[0] / half, -center[1] / half
    return ShadowView(box @ view, DISC_M / (2.0 * half))


def _snap(low: Pair, high: Pair, most: float, texels: int) -> tuple[float, Pair]:
    """Return half the side of a square around a rectangle, and its centre, both quantised."""
    needed = max(high[0] - low[0], high[1] - low[1]) / 2.0 * _TARGET_MARGIN
    half = SIZE_STEP ** math.ceil(math.log(max(needed, 1e-4)) / math.log(SIZE_STEP))
    # The margin includes the half texel by which rounding moves the centre.
    half = min(half, most) if needed < most else half
    texel = 2.0 * half / texels
    x, y = (round((a + b) / 2.0 / texel) * texel for a, b in zip(low, high, strict=True))
    return half, (x, y)


@compiled
def _measure_cone(
    view: Matrix, spheres: F32, reach: float
) -> tuple[int, float, float, float, float, float, float]:
    """Measure the part of a spot's cone that spheres take up.

    Args:
        view: (4, 4) stage to view space, which looks along -z.
        spheres: (s, 4) centre and radius, metres.
        reach: tangent of the cone's half angle.

    Returns:
        Number of spheres in the cone; the tangents of the angles from the axis between which they
        are visible: left, bottom, right, top; distance of the nearest surface and mean distance,
        metres. All 0 if a sphere is at the lens: only the whole cone is certain to contain its
        shadow.
    """
    count, nearest, total = 0, np.inf, 0.0
    left, bottom, right, top = np.inf, np.inf, -np.inf, -np.inf
    for number in range(len(spheres)):
        x, y, z = spheres[number, 0], spheres[number, 1], spheres[number, 2]
        radius = np.float64(spheres[number, 3])
        depth = -(view[2, 0] * x + view[2, 1] * y + view[2, 2] * z + view[2, 3])
        if not depth > radius + LEAST_NEAR_M:
            return 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        across = view[0, 0] * x + view[0, 1] * y + view[0, 2] * z + view[0, 3]
        up = view[1, 0] * x + view[1, 1] * y + view[1, 2] * z + view[1, 3]
        least_x, most_x = _tangents(across, depth, radius)
        least_y, most_y = _tangents(up, depth, radius)
        least_x, most_x = max(least_x, -reach), min(most_x, reach)
        least_y, most_y = max(least_y, -reach), min(most_y, reach)
        if least_x < most_x and least_y < most_y:
            count += 1
            total += depth
            nearest = min(nearest, depth - radius)
            left, right = min(left, least_x), max(right, most_x)
            bottom, top = min(bottom, least_y), max(top, most_y)
    if not count:
        return 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    return count, left, bottom, right, top, nearest, total / count


@compiled
def _tangents(aside: float, depth: float, radius: float) -> tuple[float, float]:
    """Return the tangents of the angles from the axis between which a sphere is visible.

    tan(a ± b) = (tan a ± tan b) / (1 ∓ tan a tan b), with the angle a to the centre and half the
    angle b under which the sphere appears.
    """
    center = aside / depth
    half = radius / math.sqrt(aside * aside + depth * depth - radius * radius)
    below, above = 1.0 + center * half, 1.0 - center * half
    least = (center - half) / below if below > 0.0 else -_STEEPEST
    most = (center + half) / above if above > 0.0 else _STEEPEST
    return max(least, -_STEEPEST), min(most, _STEEPEST)


@compiled
def _measure_box(view: Matrix, spheres: F32) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of spheres (s, 4) in view space, metres."""
    left, bottom, right, top = np.inf, np.inf, -np.inf, -np.inf
    for number in range(len(spheres)):
        x, y, z = spheres[number, 0], spheres[number, 1], spheres[number, 2]
        radius = np.float64(spheres[number, 3])
        across = view[0, 0] * x + view[0, 1] * y + view[0, 2] * z + view[0, 3]
        up = view[1, 0] * x + view[1, 1] * y + view[1, 2] * z + view[1, 3]
        left, right = min(left, across - radius), max(right, across + radius)
        bottom, top = min(bottom, up - radius), max(top, up + radius)
    return left, bottom, right, top
