"""Performers' bodies as guessed in closed form, refined by the fit: numpy in, numpy out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch

from avatars.maths.vectors import Array, smoothstep
from renderer.motion.fit.chain import UNKNOWNS, Build, Pose, world_rotations
from renderer.motion.fit.gauss_newton import refine_guesses
from renderer.motion.fit.problems import Problem, Problems
from renderer.motion.fit.residuals import Seen

_SIGMA: Final[Array] = np.array([0.05] * 2 + [0.3] + [0.1] * 6 + [0.3] * (UNKNOWNS - 9))
"""(25,) about the guess: metres for the place, then radians."""

_ROLLS: Final = np.array([9, 12, 16, 19])
_FREE_ROLL: Final = 1.7
_TELLS: Final = (0.3, 0.7)
"""The unknowns that turn arms (x) and legs (y) about themselves, and the σ [rad] that they have
more than the others where a limb is bent: only its bend tells of them, from the first sine of it
on, and of the second sine all."""

# A solve is many small operations: more threads than one cost time, here and in the processes
# beside it.
torch.set_num_threads(1)


def refine_bodies(problems: Sequence[Problem]) -> list[Array]:
    """The bodies (10, 3, 3) near the guesses that agree best with what is seen.

    Where none is found a body is its guess. All are found in one step; another changes no limb's
    median error by as much as 0.1°. What is found of one performer does not depend on who is asked
    of along with them, not even in its last bit.
    """
    if not problems:
        return []
    asked = Problems.of(problems)
    bends = asked.bends()
    of = torch.from_numpy
    with torch.inference_mode():
        guess = Pose(of(asked.place()), of(asked.turns()), of(bends))
        seen = Seen(*(of(part) for part in asked.seen()))
        pose = refine_guesses(Build(of(asked.offsets())), guess, seen, of(_prior(bends)))
        bodies = world_rotations(pose).numpy()
    sane = np.isfinite(np.add.reduce(bodies.reshape(len(bodies), -1), axis=1)).tolist()
    return [
        body if is_sane else problem.guess
        for body, is_sane, problem in zip(bodies, sane, problems, strict=True)
    ]


def _prior(bends: Array) -> Array:
    """(b, 25) 1 / σ² about guesses whose elbows and knees are bent by (b, 4) radians."""
    sigma = np.empty((len(bends), UNKNOWNS))
    sigma[:] = _SIGMA
    sigma[:, _ROLLS] += _FREE_ROLL * smoothstep(np.sin(bends), *_TELLS)
    return 1.0 / sigma**2
