"""Weighted triangulation of landmarks, with a prior on their depths.

A point p at R·(p − c) in a camera's axes and imaged at the slope u satisfies (R_xy − u·R_z)·(p − c)
= 0, whose error is the distance in metres between p and the ray at the depth of p. Each camera adds
two such equations per landmark, weighted by 1 / σ, and one for the depth that its own detector
guesses. The sums of the equations' products are the landmark's information matrix, whose inverse is
its covariance. Errors far beyond σ are discounted as by Cauchy's distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.motion.cameras.model import Camera

ROBUST_M: Final = 0.06
"""Metres at the landmark's distance from which a camera's error is discounted: three times the
noise of a body's landmarks."""

_EXPECTED_M: Final = 0.2
"""Metres from the expected place, beyond the nearest ray's, at which a ray is discounted at first.
"""

_STEPS: Final = 3
"""Iterations; the second and third have discounts."""

_NEAREST: Final = 0.2
"""Metres; depths below this count as this."""

_LEAST: Final = 1e-6
"""1/m²; keeps a landmark that no camera sees solvable."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one camera sees at one time.

    Attributes:
        camera: the camera.
        slopes: (n, 2) undistorted; anything where the weight is 0.
        weights: (n,) 1 / m, 1 / σ of the slopes at the landmark's distance; 0 where not seen.
        along: (3,) unit vector on the stage from the camera to the body.
        depths: (n,) metres from the camera along this vector, as its detector guesses.
        depth_weights: (n,) 1 / m, 1 / σ of those.
    """

    camera: Camera
    slopes: Array
    weights: Array
    along: Array
    depths: Array
    depth_weights: Array


@dataclass(frozen=True, slots=True)
class Triangulated:
    """Triangulated landmarks.

    Attributes:
        points: (n, 3) metres on the stage.
        covariance: (n, 3, 3) m².
        errors: (v, n) metres at the landmark's distance by which each camera disagrees.
    """

    points: Array
    covariance: Array
    errors: Array


def triangulate(
    sights: Sequence[Sight], *, robust: bool = True, predicted: Array | None = None
) -> Triangulated:
    """Triangulate n landmarks from v cameras; a landmark nobody sees has a huge covariance.

    Args:
        sights: one per camera; at least one.
        robust: discount errors far beyond σ.
        predicted: (n, 3) metres, where the landmarks are expected; errors from there are discounted
            at first, so that one gross error among few cameras does not drag the start.
    """
    count = len(sights[0].weights)
    # The equations of every landmark, three per camera: (n, 3v, 3) and (n, 3v).
    axes = np.empty((count, 3 * len(sights), 3))
    sides = np.empty((count, 3 * len(sights)))
    sigma = np.empty((count, 3 * len(sights)))
    for k, one in enumerate(sights):
        rows = slice(3 * k, 3 * k + 2)
        rotation, place = one.camera.rotation, one.camera.place
        slopes = np.where(one.weights[:, None] > 0.0, one.slopes, 0.0)
        axes[:, rows] = rotation[:2] - slopes[..., None] * rotation[2]
        sides[:, rows] = axes[:, rows] @ place
        sigma[:, rows] = one.weights[:, None]
        axes[:, 3 * k + 2] = one.along
        sides[:, 3 * k + 2] = one.along @ place + one.depths
        sigma[:, 3 * k + 2] = one.depth_weights
    weight = sigma**2
    if robust and predicted is not None:
        off = np.array([_ray_distances(one, predicted) for one in sights])
        off -= off.min(axis=0)
        for k in range(len(sights)):
            weight[:, 3 * k : 3 * k + 2] /= (1.0 + (off[k] / _EXPECTED_M) ** 2)[:, None]
    for _ in range(_STEPS if robust else 1):
        across = axes.swapaxes(1, 2) * weight[:, None]
        information = across @ axes + _LEAST * np.eye(3)
        points = np.linalg.solve(information, across @ sides[..., None])[..., 0]
        errors = np.array([_ray_distances(one, points) for one in sights])
        if robust:
            trust = 1.0 / (1.0 + (errors / ROBUST_M) ** 2)
            for k in range(len(sights)):
                weight[:, 3 * k : 3 * k + 2] = (sigma[:, 3 * k] ** 2 * trust[k])[:, None]
    weights = np.array([one.weights for one in sights])
    return Triangulated(points, np.linalg.inv(information), np.where(weights > 0.0, errors, np.nan))


def _ray_distances(sight: Sight, points: Array) -> Array:
    """Return (n,) metres between points (n, 3) and a camera's rays, across the line of sight."""
    seen = (points - sight.camera.place) @ sight.camera.rotation.T
    depth = np.maximum(seen[:, 2:], _NEAREST)
    slopes = np.where(sight.weights[:, None] > 0.0, sight.slopes, 0.0)
    off = seen[:, :2] / depth - slopes
    distances: Array = np.sqrt(off[:, 0] ** 2 + off[:, 1] ** 2) * depth[:, 0]
    return distances
