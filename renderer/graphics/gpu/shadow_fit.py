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

from renderer.graphics.gpu.matrices import Matrix, light_matrix, look_at, orthographic, perspective
from renderer.stage.records import Light

F64 = npt.NDArray[np.float64]

SIZE_STEP: Final = 1.15
"""Ratio of successive sizes of a fitted view."""
NEAR_STEP_M: Final = 0.25
"""Step of the near plane, metres."""
LEAST_NEAR_M: Final = 0.1
DISC_M: Final = 0.012
"""Blur radius of shadows on the avatars themselves, metres."""
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
    whole = light_matrix(light)
    distance = math.dist(light.position, light.target)
    if light.cone is None:
        return _fit_directional(light, spheres, texels)
    reach = math.tan(min(light.cone[1], math.radians(75.0)))
    if not len(spheres):
        return ShadowView(whole, DISC_M / (2.0 * reach * distance))
    view = look_at(light.position, light.target)
    points = spheres[:, :3] @ view[:3, :3].T + view[:3, 3]
    depth, radius = -points[:, 2], spheres[:, 3].astype(np.float64)
    ahead = depth > radius + LEAST_NEAR_M
    if not ahead.all():
        # A caster at the lens: only the whole cone is certain to contain its shadow.
        return ShadowView(whole, DISC_M / (2.0 * reach * distance))
    low, high = _tangents(points[:, :2], depth, radius)
    low, high = np.maximum(low, -reach), np.minimum(high, reach)
    inside = (low < high).all(axis=1)
    if not inside.any():
        return ShadowView(whole, DISC_M / (2.0 * reach * distance))
    half, center = _snap(low[inside].min(axis=0), high[inside].max(axis=0), reach, texels)
    nearest = float((depth - radius)[inside].min())
    near = max(math.floor(nearest / NEAR_STEP_M) * NEAR_STEP_M, LEAST_NEAR_M)
    far = max(2.0 * distance + 2.0, near + 1.0)
    lens = perspective(2.0 * math.atan(half), 1.0, near, far)
    # Off-centre view: the clip position shifts with depth, which is the clip w.
    lens[0, 2], lens[1, 2] = center[0] / half, center[1] / half
    mean = float(depth[inside].mean())
    return ShadowView(lens @ view, DISC_M / (2.0 * half * mean))


def _fit_directional(light: Light, spheres: npt.NDArray[np.float32], texels: int) -> ShadowView:
    whole = light_matrix(light)
    span = 2.0 / math.hypot(*whole[0, :3])
    if not len(spheres):
        return ShadowView(whole, DISC_M / span)
    distance = math.dist(light.position, light.target)
    view = look_at(light.position, light.target)
    points = spheres[:, :3] @ view[:3, :3].T + view[:3, 3]
    radius = spheres[:, 3:].astype(np.float64)
    low, high = (points[:, :2] - radius).min(axis=0), (points[:, :2] + radius).max(axis=0)
    half, center = _snap(low, high, span / 2.0, texels)
    box = orthographic(half, distance - 12.0, distance + 12.0)
    box[:2, 3] = -center / half
    return ShadowView(box @ view, DISC_M / (2.0 * half))


def _tangents(points: F64, depth: F64, radius: F64) -> tuple[F64, F64]:
    """Return the tangents (s, 2) of the angles from the axis between which spheres are visible."""
    angle = np.arctan2(points, depth[:, None])
    away = np.hypot(points, depth[:, None])
    half = np.arcsin(np.minimum(radius[:, None] / away, 1.0))
    limit = math.radians(80.0)
    return np.tan(np.maximum(angle - half, -limit)), np.tan(np.minimum(angle + half, limit))


def _snap(low: F64, high: F64, most: float, texels: int) -> tuple[float, F64]:
    """Return half the side of a square around a rectangle, and its centre, both quantised."""
    needed = float((high - low).max()) / 2.0 * _TARGET_MARGIN
    half = SIZE_STEP ** math.ceil(math.log(max(needed, 1e-4)) / math.log(SIZE_STEP))
    # The margin includes the half texel by which rounding moves the centre.
    half = min(half, most) if needed < most else half
    texel = 2.0 * half / texels
    center = np.round((low + high) / 2.0 / texel) * texel
    return half, center
