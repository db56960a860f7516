"""Test that what goes wrong before a camera makes no idol jump."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from renderer.capture.records import Observation
from renderer.motion.body.side_swap import SIDE_SWAP
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver

FRAMES = 75
Change = Callable[[Observation, int], Observation]


def gone(seen: Observation, first: int, last: int, aside: float) -> Observation:
    """Return an observation of nobody, and afterwards of one who stands elsewhere."""
    if first <= seen.index < last:
        return Observation(seen.t_seen_ns, seen.index, seen.size)
    return moved(seen, aside) if seen.index >= last else seen


def moved(seen: Observation, aside: float, scale: float = 1.0) -> Observation:
    pose = seen.pose.copy()
    pose[:, :2] = (pose[:, :2] - 0.5) * scale + 0.5
    pose[:, 0] += aside
    return replace(seen, pose=pose.astype(np.float32))


def mirrored(seen: Observation) -> Observation:
    """Return the performer's image in a mirror beside them."""
    pose, world = seen.pose.copy(), seen.pose_world * np.float32((-1.0, 1.0, 1.0))
    pose[:, 0] = 1.0 - pose[:, 0]
    return moved(replace(seen, pose=pose[SIDE_SWAP], pose_world=world[SIDE_SWAP]), 0.2, 0.7)


def dark(seen: Observation) -> Observation:
    return replace(seen, visibility=np.full(33, 0.1, np.float32))


CASES: dict[str, tuple[float, Change]] = {
    "leaves and returns": (0.15, lambda seen, k: gone(seen, 30, 45, 0.25)),
    "returns at once elsewhere": (0.15, lambda seen, k: gone(seen, 30, 32, -0.2)),
    "enters late": (0.15, lambda seen, k: gone(seen, 0, 30, 0.2)),
    "strobe": (0.15, lambda seen, k: dark(seen) if k > 20 and k % 3 else seen),
    "a face that comes and goes": (
        0.15,
        lambda seen, k: replace(seen, head=None, scores=None) if k // 4 % 2 else seen,
    ),
    "comes closer at once": (0.15, lambda seen, k: moved(seen, 0.0, 1.6 if k > 40 else 1.0)),
    "a mirror": (0.17, lambda seen, k: mirrored(seen) if 30 <= k < 34 else seen),
    "a poster": (0.17, lambda seen, k: moved(seen, 0.3, 0.5) if 30 <= k < 33 else seen),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_makes_an_idol_jump(performer: Any, case: str) -> None:
    most, change = CASES[case]
    solver, shown = MotionSolver(), []
    for k in range(FRAMES):
        swing = 0.5 * np.sin(k / 9)
        pose = performer.standing(leftUpperArm=(2, -0.6 + swing), rightUpperArm=(2, 0.7 + swing))
        seen = replace(performer.observe(pose, k, hands=False), company=False)
        motion = solver.solve(change(seen, k))
        shown.append(forward_kinematics(motion.rotations, motion.root)[1][:22])
    steps = np.linalg.norm(np.diff(shown, axis=0), axis=-1)
    assert np.isfinite(steps).all() and steps.max() <= most
