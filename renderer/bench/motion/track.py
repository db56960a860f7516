"""A solver's result on a performance, in a form that all solvers share."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX
from renderer.bench.motion.performance import TOES, limb_directions
from renderer.capture.records import Observation
from renderer.motion.core.forward import HIPS_HEIGHT, forward_kinematics
from renderer.motion.solver import MotionSolver


@dataclass(frozen=True, slots=True)
class Track:
    """A solved performance on the reference skeleton, n frames.

    Attributes:
        t_ns: (n,) times.
        limbs: (n, 8, 3) unit vectors, in the order of follow.LIMB_BONES.
        hips, head: (n, 4) xyzw, world rotations.
        balls: (n, 2, 3) metres, the balls of the feet.
        root: (n, 3) the hips' displacement over their height.
        expressions: (n, 52); None where the solver has no face.
    """

    t_ns: npt.NDArray[np.int64]
    limbs: Array
    hips: Array
    head: Array
    balls: Array
    root: Array
    expressions: Array | None = None

    @classmethod
    def of(
        cls,
        t_ns: npt.NDArray[np.int64],
        rotations: Array,
        root: Array,
        expressions: Array | None = None,
    ) -> Self:
        """Compute the track of local rotations (n, 55, 4) and the hips' displacement (n, 3)."""
        posed = [forward_kinematics(r, p) for r, p in zip(rotations, root, strict=True)]
        world = np.array([turned for turned, _ in posed]).reshape(-1, 55, 4)
        places = np.array([place for _, place in posed]).reshape(-1, 55, 3)
        return cls(
            t_ns=t_ns,
            limbs=limb_directions(places),
            hips=world[:, 0],
            head=world[:, BONE_INDEX["head"]],
            balls=places[:, TOES],
            root=root / HIPS_HEIGHT,
            expressions=expressions,
        )

    def truncate(self, length_ns: int) -> Self:
        """Return the first `length_ns` nanoseconds of the track."""
        begun = self.t_ns < self.t_ns[:1] + length_ns
        return replace(
            self,
            t_ns=self.t_ns[begun],
            limbs=self.limbs[begun],
            hips=self.hips[begun],
            head=self.head[begun],
            balls=self.balls[begun],
            root=self.root[begun],
            expressions=None if self.expressions is None else self.expressions[begun],
        )


def solve(
    observations: Sequence[Observation], solver: MotionSolver | None = None
) -> tuple[Track, Array]:
    """Solve observations with our solver; also return the milliseconds (n,) of CPU time per frame.

    Args:
        observations: of one performer.
        solver: one that has solved nothing yet; a new one if None.
    """
    solver = solver or MotionSolver()
    motions, costs = [], []
    for seen in observations:
        started = time.thread_time_ns()
        motions.append(solver.solve(seen))
        costs.append((time.thread_time_ns() - started) * 1e-6)
    track = Track.of(
        np.array([m.t_seen_ns for m in motions], np.int64),
        np.array([m.rotations for m in motions], np.float64),
        # Scaled to the reference skeleton's height.
        np.array([m.root * (HIPS_HEIGHT / m.hips_height) for m in motions], np.float64),
        np.array([m.expressions for m in motions], np.float64),
    )
    return track, np.array(costs)
