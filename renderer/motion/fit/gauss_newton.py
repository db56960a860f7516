"""A Gauss–Newton step on the skeleton's unknowns, damped by a prior and kept within limits.

Of residuals r with Jacobian J about a guess, the step that minimises |r + J·δ|² + |δ/σ|² solves

    (JᵀJ + P)·δ = −Jᵀr,    P = diag(1/σ²)

which is Levenberg and Marquardt's step with the prior for its damping. JᵀJ + P is positive, so that
Cholesky's decomposition exists. Before and after the step elbows and knees are put within their
limits (projected Gauss–Newton): how a body bends is known better than any landmark.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from renderer.motion.fit.chain import Build, Pose, apply_step, jacobian, place
from renderer.motion.fit.residuals import Seen, residuals

BEND_LIMITS: Final = (0.0, 2.6)
"""Radians, of elbows and knees: straight, to folded at 149°."""


def refine_guesses(build: Build, guess: Pose, seen: Seen, prior: Tensor) -> Pose:
    """The poses near b guesses that agree better with what is seen.

    Args:
        prior: (b, 25) 1 / σ² of the unknowns about the guess.
    """
    pose = _within(guess)
    placed = place(build, pose)
    rows, slopes = residuals(seen, placed, jacobian(placed))
    across = slopes.transpose(1, 2)
    step = _solve_systems(across @ slopes + torch.diag_embed(prior), across @ -rows)
    return _within(apply_step(pose, step[..., 0]))


def _solve_systems(matrices: Tensor, sides: Tensor) -> Tensor:
    """x (b, n, 1) of positive matrices (b, n, n) with A·x = sides (b, n, 1).

    One by one: the library's last bits depend on where in memory a matrix lies, and a batch of odd
    matrices lies otherwise than each alone.
    """
    found = []
    for matrix, side in zip(matrices, sides, strict=True):
        factor, _ = torch.linalg.cholesky_ex(matrix)
        found.append(torch.cholesky_solve(side, factor))
    return torch.stack(found)


def _within(pose: Pose) -> Pose:
    """The pose with its hinges within their limits."""
    return Pose(pose.place, pose.turns, torch.clamp(pose.bends, *BEND_LIMITS))
