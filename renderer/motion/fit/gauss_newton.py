"""Gauss–Newton steps on the skeleton's unknowns, damped by a prior and kept within limits.

Of residuals r with Jacobian J about the pose, the step that minimises |r + J·δ|² + |(g + δ)/σ|², g
being how far earlier steps have gone from the guess, solves

    (JᵀJ + P)·δ = −(Jᵀr + P·g),    P = diag(1/σ²)

which is Levenberg and Marquardt's step with the prior for its damping. JᵀJ + P is positive, so that
Cholesky's decomposition exists. After each step elbows and knees are put back within their limits
(projected Gauss–Newton): how a body bends is known better than any landmark.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from renderer.motion.fit.chain import Build, Placed, Pose, jacobian, moved, place
from renderer.motion.fit.residuals import Seen, balance_rows, depth_rows, picture_rows

BEND_LIMITS: Final = (0.0, 2.6)
"""Radians, of elbows and knees: straight, to folded at 149°."""


def fitted(build: Build, guess: Pose, seen: Seen, prior: Tensor, steps: int) -> tuple[Pose, Placed]:
    """The poses near b guesses that agree best with what is seen.

    Args:
        prior: (25,) 1 / σ² of the unknowns about the guess.
        steps: how many are taken.
    """
    pose, gone = _within(guess), torch.zeros_like(prior)
    placed = place(build, pose)
    for _ in range(steps):
        change = jacobian(placed, build)
        blocks = [rows(seen, placed, change) for rows in (picture_rows, depth_rows, balance_rows)]
        rows = torch.cat([block[0] for block in blocks], 1)
        slopes = torch.cat([block[1] for block in blocks], 1)
        across = slopes.transpose(1, 2)
        factor, _ = torch.linalg.cholesky_ex(across @ slopes + torch.diag(prior))
        force = across @ rows[..., None] + (prior * gone)[..., None]
        step = -torch.cholesky_solve(force, factor)[..., 0]
        gone = gone + step
        pose = _within(moved(pose, step))
        placed = place(build, pose)
    return pose, placed


def _within(pose: Pose) -> Pose:
    """The pose with its hinges within their limits."""
    return Pose(pose.place, pose.turns, torch.clamp(pose.bends, *BEND_LIMITS))
