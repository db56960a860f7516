"""Test that feet are anchored while they bear weight, and released when they step or jump."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from avatars.names import BONE_INDEX
from renderer.motion.body.legs import pose_legs, swing_legs
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver

TOES = [BONE_INDEX["leftToes"], BONE_INDEX["rightToes"]]
NOISE = (0.003, 0.003, 0.02)


def balls_of(solver: MotionSolver, seen: Any) -> np.ndarray:
    motion = solver.solve(seen)
    return forward_kinematics(motion.rotations, motion.root)[1][TOES]


def test_standing_feet_stay_while_the_body_sways(performer: Any) -> None:
    solver, rng, path = MotionSolver(), np.random.default_rng(4), []
    for frame in range(150):
        sway = 0.05 * np.sin(frame / 10)
        lean = np.arcsin(sway / 0.85)
        truth = performer.standing(
            hips=(2, 0.0), leftUpperLeg=(2, -lean), rightUpperLeg=(2, -lean),
            leftFoot=(2, lean), rightFoot=(2, lean),
        )  # fmt: skip
        seen = performer.observe(truth, frame, root=(sway, 0.0, 0.0), noise=NOISE, rng=rng)
        path.append(balls_of(solver, seen))
    steps = np.linalg.norm(np.diff(np.array(path)[60:, :, [0, 2]], axis=0), axis=-1)
    assert steps.mean() < 0.0015
    assert np.ptp(np.array(path)[60:, :, 0], axis=0).max() < 0.04


def test_a_step_aside_is_taken(performer: Any) -> None:
    solver = MotionSolver()
    for frame in range(90):
        t = np.clip((frame - 40) / 12, 0.0, 1.0)
        raised = 0.12 * np.sin(np.pi * t)
        seen = performer.observe(performer.standing(), frame, root=(0.5 * t, raised, 0.0))
        balls = balls_of(solver, seen)
    assert balls[:, 0] == pytest.approx([0.59, 0.41], abs=0.08)


def test_a_body_that_glides_is_released(performer: Any) -> None:
    """Feet that seem to stand but move a metre are not anchored: the camera is more reliable."""
    solver = MotionSolver()
    for frame in range(480):
        x = 0.1 * min(max(frame - 30, 0) / 30, 6.0)
        motion = solver.solve(performer.observe(performer.standing(), frame, root=(x, 0.0, 0.0)))
    assert motion.root[0] == pytest.approx(0.6, abs=0.08)


def test_no_step_jolts_the_hips(performer: Any) -> None:
    solver, path = MotionSolver(), []
    for frame in range(120):
        lifted = 0.9 * max(0.0, np.sin((frame - 40) / 8)) if frame > 40 else 0.0
        truth = performer.standing(leftUpperLeg=(0, -lifted), leftLowerLeg=(0, 1.2 * lifted))
        path.append(solver.solve(performer.observe(truth, frame)).root[[0, 2]])
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).max() < 0.02


def test_a_leg_is_swung_to_its_place_and_the_foot_keeps_its_turn(performer: Any) -> None:
    truth = performer.standing(leftUpperLeg=(0, -0.3), leftLowerLeg=(0, 0.5), leftFoot=(1, 0.2))
    before = pose_legs(truth, (0.39, 0.38))
    way = np.array([[0.03, -0.02], [0.0, 0.0]])
    swing_legs(truth, before, way)
    after = pose_legs(truth, (0.39, 0.38))
    moved = (after.soles[0] - before.soles[0])[:, [0, 2]]
    np.testing.assert_allclose(moved, way, atol=0.006)
    np.testing.assert_allclose(np.abs(np.sum(after.foot * before.foot, axis=1)), 1.0, atol=1e-9)
