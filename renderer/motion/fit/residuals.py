"""Weighted residuals between a pose and the cameras' measurements, and their Jacobian.

Each row is (predicted − measured) / σ, so that the sum of squares is a negative log likelihood:

    picture     difference between a bone's ends in the image, through a pinhole:
                w = d·(x, y) / −z, metres at the hips' distance. Bones, not joints: a misplaced
                shoulder then does not bend the forearm
    depth       how much nearer to the camera a bone's far end is than its near one, metres
    balance     distance of the centre of mass before or behind the supporting feet, metres

Of a body that several cameras measured in space the rows are instead the bones' vectors, whitened
by their covariance, which comes from every camera's noise and view ray.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.motion.fit.chain import POINTS, UNKNOWNS, PosedSkeleton

BONE_STARTS: Final = np.array([0, 1, 2, 3, 6, 7, 8, 9, 1, 7])
BONE_ENDS: Final = np.array([2, 3, 4, 5, 8, 9, 10, 11, 0, 6])
"""Points at the bones' near and far ends: upper arms, forearms, thighs, shins, left and right
alternating; then across shoulders and hips."""

SPINE: Final = 10
"""Row of the bone from the hips' midpoint to the shoulders'."""

DEPTHS: Final = 11
"""Number of measured bones: those above, and the spine."""


def _differences() -> Array:
    """Return (11, 12) the map from points to the bones' vectors."""
    out = np.zeros((DEPTHS, POINTS))
    rows = np.arange(len(BONE_STARTS))
    out[rows, BONE_ENDS], out[rows, BONE_STARTS] = 1.0, -1.0
    out[SPINE, [0, 1]], out[SPINE, [6, 7]] = 0.5, -0.5
    return out


DIFFERENCES: Final = _differences()
SIGHTS: Final = np.concatenate((DIFFERENCES, np.zeros((1, POINTS))))
"""(12, 12) the map from points to the bones' vectors, and in the last row to the hips' midpoint."""
SIGHTS[DEPTHS, [6, 7]] = 0.5


def _masses() -> Array:
    """Return (12,) the share of the body's mass that each point carries.

    Masses and centres of Dempster's segments (Winter 2009, table 4.1): trunk .497, head .081, upper
    arm .028, forearm and hand .022, thigh .1, shank and foot .061. The head is extrapolated along
    the line from hips to shoulders.
    """
    head, trunk = 0.081, 0.497
    pairs = np.array(
        [
            0.25 * trunk + 0.5 * 1.45 * head + 0.564 * 0.028,
            0.436 * 0.028 + 0.43 * 0.022,
            0.57 * 0.022,
            0.25 * trunk - 0.5 * 0.45 * head + 0.567 * 0.1,
            0.433 * 0.1 + 0.45 * 0.061,
            0.55 * 0.061,
        ]
    )
    return pairs.repeat(2)


MASSES: Final = _masses()


@dataclass(frozen=True, slots=True)
class Measurements:
    """A camera's measurements of b performers.

    The weights 1 / σ are contained in `sums` and `asked`.

    Attributes:
        distance: (b, 1, 1) metres from the camera to the hips that the image's scale assumes.
        sums: (b, 3, 12, 12) maps the projected points to the measured quantities: along x and y in
            the image SIGHTS; along depth DIFFERENCES, and last the balance.
        asked: (b, 3, 12, 1) measured values.
    """

    distance: Array
    sums: Array
    asked: Array


PICTURE, DEPTH, BALANCE = slice(0, 24), slice(24, 35), slice(35, 36)
"""Rows of the residuals."""


def residuals(seen: Measurements, placed: PosedSkeleton, jacobian: Array) -> tuple[Array, Array]:
    """Compute residuals (b, 36, 1) and their Jacobian (b, 36, 25).

    With w = D·p_xy / −p_z: ∂w/∂p = D / −p_z · (1, 0, x / −p_z; 0, 1, y / −p_z).

    Args:
        seen: the measurements.
        placed: the posed skeletons.
        jacobian: (b, 3, 12, 25) the points' Jacobian.
    """
    points = placed.points.swapaxes(1, 2)
    flat, depth = points[:, :2], points[:, 2:]
    away = -depth
    slope = flat / away
    shown = np.concatenate((slope * seen.distance, depth), 1)[..., None]
    deep = jacobian[:, 2:]
    shrink = (seen.distance / away)[..., None]
    change = (jacobian[:, :2] + slope[..., None] * deep) * shrink
    rows = seen.sums @ shown - seen.asked
    slopes = seen.sums @ np.concatenate((change, deep), 1)
    return rows.reshape(len(rows), -1, 1), slopes.reshape(len(rows), -1, UNKNOWNS)


@dataclass(frozen=True, slots=True)
class SpatialMeasurements:
    """Measurements in space of b performers.

    Attributes:
        whitening: (b, 11, 3, 3) 1 / m, from a bone's vector to independent rows of variance 1.
        asked: (b, 11, 3) metres, the bones' measured vectors.
    """

    whitening: Array
    asked: Array


def spatial_residuals(
    seen: SpatialMeasurements, placed: PosedSkeleton, jacobian: Array
) -> tuple[Array, Array]:
    """Compute residuals (b, 33, 1) of bones in space and their Jacobian (b, 33, 25).

    Args:
        seen: the measurements.
        placed: the posed skeletons.
        jacobian: (b, 3, 12, 25) the points' Jacobian.
    """
    off = DIFFERENCES @ placed.points - seen.asked
    slopes = (DIFFERENCES @ jacobian).swapaxes(1, 2)
    rows = seen.whitening @ off[..., None]
    slopes = seen.whitening @ slopes
    return rows.reshape(len(rows), -1, 1), slopes.reshape(len(rows), -1, UNKNOWNS)
