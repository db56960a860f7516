"""Stage axes of calibrated cameras: floor from the feet, scale from the body's height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, normalise
from renderer.motion.cameras.model import Camera
from renderer.motion.core.skeleton import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES

_FEET: Final = np.array([*HEELS, *TOES])

_BODY_SIGMA: Final = 0.07
"""Radians by which a standing body, averaged over time, leans from the vertical."""

_FOOT_SIGMA: Final = 0.04
"""Metres by which a resting foot's landmark is off the floor."""

_RESTING: Final = 0.25
"""Share of the foot landmarks, the slowest ones, that rest on the floor."""

_LIFTED: Final = 0.1
"""Metres above the other from which a foot bears nothing."""

_SOLE: Final = 0.02
"""Metres from the floor up to the landmarks of heel and toes of a standing foot."""

_ANKLE_TO_SHOULDER: Final = 0.779
"""Shin, thigh and trunk as a share of a body's height (Drillis and Contini, in Winter 2009)."""

_USUAL_HEIGHT: Final = 1.7
"""Metres; for people without a stated height the detector's own scale holds."""


def measure_height(points: Array) -> float:
    """Return the height of the body in landmarks' metres, by shins, thighs and trunk; NaN if
    unseen.

    Args:
        points: (n, 33, 3) landmarks; NaN where not seen.
    """

    def between(a: Sequence[int], b: Sequence[int]) -> float:
        lengths = [
            np.linalg.norm(points[:, i] - points[:, j], axis=1) for i, j in zip(a, b, strict=True)
        ]
        return float(np.nanmedian(lengths))

    shoulders = 0.5 * (points[:, SHOULDERS[0]] + points[:, SHOULDERS[1]])
    hips = 0.5 * (points[:, HIPS[0]] + points[:, HIPS[1]])
    trunk = float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1)))
    return (between(ANKLES, KNEES) + between(KNEES, HIPS) + trunk) / _ANKLE_TO_SHOULDER


def place_on_stage(
    cameras: Sequence[Camera], points: Array, height_m: float | None
) -> tuple[list[Camera], float]:
    """Return the cameras in stage axes, and the factor by which lengths were scaled.

    Args:
        cameras: in axes of their own.
        points: (n, 33, 3) the performer's landmarks in the same axes; NaN where not seen.
        height_m: the performer's stated height, metres; None keeps the scale.
    """
    scale = 1.0
    if height_m is not None:
        measured = measure_height(points)
        if np.isfinite(measured) and measured > 0.0:
            scale = height_m / measured
    points = points * scale
    up, level = find_floor(points)
    hips = 0.5 * (points[:, HIPS[0]] + points[:, HIPS[1]])
    middle = np.nanmedian(hips, axis=0)
    origin = middle - (float(middle @ up) - level) * up
    towards = scale * cameras[0].place - origin
    ahead = normalise(towards - float(towards @ up) * up)
    axes = np.array([np.cross(up, ahead), up, ahead])
    placed = [
        replace(
            camera,
            rotation=camera.rotation @ axes.T,
            place=axes @ (scale * camera.place - origin),
        )
        for camera in cameras
    ]
    return placed, scale


def find_floor(points: Array) -> tuple[Array, float]:
    """Find the floor: its normal (3,) and the level along it, metres.

    Feet that rest lie in the floor. Where the performer stays in one place they do not determine
    its tilt; then the trunk is over the foot that bears it, in the mean over time.

    Args:
        points: (n, 33, 3) landmarks, metres; NaN where not seen.
    """
    ankles = 0.5 * (points[:, ANKLES[0]] + points[:, ANKLES[1]])
    shoulders = 0.5 * (points[:, SHOULDERS[0]] + points[:, SHOULDERS[1]])
    hips = 0.5 * (points[:, HIPS[0]] + points[:, HIPS[1]])
    spine = normalise(np.nanmedian(shoulders - ankles, axis=0))
    trunk = 0.5 * (shoulders + hips)
    for _ in range(3):
        # Of a performer on one leg, the lower ankle bears the weight.
        heights = points[:, list(ANKLES)] @ spine
        lower = np.where(
            (heights[:, :1] < heights[:, 1:]), *np.moveaxis(points[:, list(ANKLES)], 1, 0)
        )
        apart = np.abs(heights[:, :1] - heights[:, 1:])
        bearing = np.where(apart > _LIFTED, lower, ankles)
        spine = normalise(np.nanmedian(trunk - bearing, axis=0))
    feet = points[:, _FEET]
    speed = np.linalg.norm(np.diff(feet, axis=0, prepend=feet[:1]), axis=-1)
    known = np.isfinite(speed)
    if known.sum() < 8:
        return spine, float(np.nanmin(ankles @ spine)) if np.isfinite(ankles).any() else 0.0
    slow = known & (speed <= np.nanquantile(speed[known], 0.5))
    resting = feet[slow]
    heights = resting @ spine
    resting = resting[heights <= np.quantile(heights, max(_RESTING, 0.25))]
    up = spine
    for _ in range(5):
        middle = resting.mean(axis=0)
        off = resting - middle
        # Minimise Σ (n·off)² / σ_f² + |n − spine|² / σ_n² over n:
        # (AᵀA/σ_f² + 1/σ_n²)·n = spine/σ_n².
        feet_weight = min(len(resting), 50) / len(resting) / _FOOT_SIGMA**2
        system = feet_weight * off.T @ off + np.eye(3) / _BODY_SIGMA**2
        up = normalise(np.linalg.solve(system, spine / _BODY_SIGMA**2))
        distance = np.abs((resting - middle) @ up)
        keep = distance <= max(2.5 * float(np.median(distance)), 0.01)
        if keep.all() or keep.sum() < 8:
            break
        resting = resting[keep]
    return up, float(np.median(resting @ up)) - _SOLE
