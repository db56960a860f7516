"""Test that a limb whose depth flips does not fling the hand, and that real movement is free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import about_axis, angle_between
from avatars.names import BONE_INDEX
from renderer.motion.body.limb_rate import LimbRate
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver

FRAME = 1 / 30


def test_a_forearm_whose_depth_flips_moves_no_hand_far(performer: Any) -> None:
    pose = performer.standing(leftUpperArm=(2, -0.9), leftLowerArm=(1, -1.2))
    solver, hands = MotionSolver(), []
    for k in range(120):
        seen = performer.observe(pose, k, hands=False, face=False)
        world = seen.pose_world.copy()
        if k >= 40 and k // 15 % 2 == 1:
            rows = [15, 17, 19, 21]
            world[rows, 2] = 2.0 * world[13, 2] - world[rows, 2]
        motion = solver.solve(replace(seen, pose_world=world))
        hands.append(forward_kinematics(motion.rotations, motion.root)[1][BONE_INDEX["leftHand"]])
    steps = np.linalg.norm(np.diff(hands, axis=0), axis=-1)
    assert steps.max() <= 0.15


def rate(*steps: tuple[float, float, float, float]) -> list[float]:
    """Return the angles that a bone is shown at.

    Args:
        steps: each step's angle towards the camera, radians, the metres that its end moves in the
            picture, the seconds that pass, and the radians by which the body turns.
    """
    limbs, out, across = LimbRate(), [], 0.0
    for angle, moved, dt, turned in steps:
        across += moved
        shown = limbs(
            about_axis(1, np.array([angle])), np.array([[across, -0.2, 0.0]]), LENGTH, dt, turned
        )
        out.append(float(angle_between(shown, np.array([[0.0, 0.0, 0.0, 1.0]]))[0]))
    return out


LENGTH = np.array([0.25])


def test_what_moves_in_the_picture_is_followed_at_once() -> None:
    assert rate((0.0, 0.0, 0.0, 0.0), (1.2, 0.25, FRAME, 0.0))[1] == pytest.approx(1.2)


def test_what_rests_in_the_picture_turns_at_a_limited_rate() -> None:
    shown = rate((0.0, 0.0, 0.0, 0.0), *[(2.0, 0.0, FRAME, 0.0)] * 10)
    assert 0.1 < max(np.diff(shown)) < 0.4
    assert shown[-1] == pytest.approx(2.0)


def test_a_body_that_turns_takes_its_limbs_along() -> None:
    assert rate((0.0, 0.0, 0.0, 0.0), (1.5, 0.0, FRAME, 1.5))[1] == pytest.approx(1.5)


def test_after_a_gap_a_limb_is_taken_as_it_is() -> None:
    assert rate((0.0, 0.0, 0.0, 0.0), (2.0, 0.0, 0.5, 0.0))[1] == pytest.approx(2.0)
