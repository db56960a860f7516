"""Gauss–Newton step on the skeleton's unknowns, with a prior and joint limits.

For residuals r with Jacobian J about a guess, the step that minimises |r + J·δ|² + |δ/σ|² solves

    (JᵀJ + P)·δ = −Jᵀr,    P = diag(1/σ²)

which is a damped least-squares (Levenberg–Marquardt) step with the prior as its damping. JᵀJ + P is
positive definite, so that there is one. Before and after the step elbows and
knees are clamped to their limits (projected Gauss–Newton): joint ranges are known better than any
landmark.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.motion.fit.chain import (
    UNKNOWNS,
    Pose,
    Proportions,
    apply_step,
    jacobian,
    pose_skeleton,
)
from renderer.motion.fit.residuals import (
    Measurements,
    SpatialMeasurements,
    residuals,
    spatial_residuals,
)

BEND_LIMITS: Final = (0.0, 2.6)
"""Radians, range of elbows and knees: straight to folded at 149°."""
_DIAGONAL: Final = np.arange(UNKNOWNS)


def refine_guesses(
    build: Proportions, guess: Pose, seen: Measurements | SpatialMeasurements, prior: Array
) -> Pose:
    """Refine b guessed poses by one step towards the measurements.

    Args:
        build: proportions of the performers.
        guess: the poses to start from.
        seen: the measurements, all in pictures or all in space.
        prior: (b, 25) 1 / σ² of the unknowns about the guess.
    """
    pose = _clamp_hinges(guess)
    placed = pose_skeleton(build, pose)
    if isinstance(seen, SpatialMeasurements):
        rows, slopes = spatial_residuals(seen, placed, jacobian(placed))
    else:
        rows, slopes = residuals(seen, placed, jacobian(placed))
    across = slopes.swapaxes(1, 2)
    squares = across @ slopes
    squares[:, _DIAGONAL, _DIAGONAL] += prior
    step = _solve_systems(squares, across @ -rows)
    return _clamp_hinges(apply_step(pose, step[..., 0]))


def _solve_systems(matrices: Array, sides: Array) -> Array:
    """Solve A·x = sides (b, n, 1) for positive definite matrices (b, n, n).

    Numbers so large that a matrix is singular in their precision give no step.
    """
    try:
        return np.linalg.solve(matrices, sides)
    except np.linalg.LinAlgError:
        return np.zeros_like(sides)


def _clamp_hinges(pose: Pose) -> Pose:
    """Return the poses with their hinges clamped to BEND_LIMITS."""
    return Pose(pose.place, pose.turns, np.clip(pose.bends, *BEND_LIMITS))
