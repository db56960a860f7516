"""Test the hips' position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from avatars.names import BONE_INDEX
from renderer.motion.core.forward import HIPS_HEIGHT, forward_kinematics
from renderer.motion.solver import MotionSolver


def test_a_standing_performer_stays_put(performer: Any) -> None:
    motion = performer.settle(performer.standing())
    np.testing.assert_allclose(motion.root, 0.0, atol=0.03)
    assert motion.hips_height == pytest.approx(HIPS_HEIGHT, abs=0.03)


@pytest.mark.parametrize("x", [-0.8, 0.5])
def test_steps_aside_are_metres(performer: Any, x: float) -> None:
    motion = performer.settle(performer.standing(), root=(x, 0.0, 0.0))
    assert motion.root[0] == pytest.approx(x, abs=0.05)


def test_a_squat_lowers_the_hips_and_keeps_the_feet_on_the_floor(performer: Any) -> None:
    squat = performer.standing(
        leftUpperLeg=(0, -1.0), rightUpperLeg=(0, -1.0),
        leftLowerLeg=(0, 1.6), rightLowerLeg=(0, 1.6),
        leftFoot=(0, -0.6), rightFoot=(0, -0.6),
    )  # fmt: skip
    drop = forward_kinematics(squat, np.zeros(3))[1][BONE_INDEX["leftFoot"], 1] - 0.08
    motion = performer.settle(squat, root=(0.0, -drop, 0.0))
    _, positions = forward_kinematics(motion.rotations, motion.root)
    assert motion.root[1] < -0.15
    assert positions[BONE_INDEX["leftFoot"], 1] == pytest.approx(0.08, abs=0.05)


def test_a_jump_leaves_the_floor_and_comes_back(performer: Any) -> None:
    solver = MotionSolver()
    heights = []
    for frame in range(90):
        t = (frame - 40) / 30
        up = max(0.0, 2.2 * t - 4.9 * t * t) if t > 0 else 0.0
        seen = performer.observe(performer.standing(), frame, root=(0.0, up, 0.0))
        heights.append(solver.solve(seen).root[1])
    assert max(heights[40:60]) > 0.08
    assert abs(heights[-1]) < 0.03 and np.abs(heights[10:40]).max() < 0.03


def test_a_lifted_knee_is_no_jump(performer: Any) -> None:
    motion = performer.settle(performer.standing(leftUpperLeg=(0, -1.3), leftLowerLeg=(0, 1.5)))
    assert abs(motion.root[1]) < 0.04


def test_the_hips_do_not_drift_while_nobody_is_seen(performer: Any) -> None:
    solver = MotionSolver()
    for frame in range(30):
        motion = solver.solve(performer.observe(performer.standing(), frame, root=(0.6, 0.0, 0.0)))
    for frame in range(30, 120):
        lost = solver.idle(frame * 33_333_333)
    assert lost.root[0] == pytest.approx(motion.root[0], abs=0.01)
    assert abs(lost.root[1]) < 0.03


def test_a_performer_who_comes_back_elsewhere_is_walked_to(performer: Any) -> None:
    solver = MotionSolver()
    path = []
    for frame in range(150):
        t_ns = frame * 33_333_333
        if 30 <= frame < 90:
            path.append(solver.idle(t_ns).root[0])
            continue
        x = 0.6 if frame < 30 else -0.6
        seen = performer.observe(performer.standing(), frame, root=(x, 0.0, 0.0))
        path.append(solver.solve(seen).root[0])
    assert path[-1] == pytest.approx(-0.6, abs=0.05)
    assert np.abs(np.diff(path)).max() < 0.25
