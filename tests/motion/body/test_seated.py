"""Test that a seated performer's idol neither pops up nor sinks when the legs go out of sight."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.names import BONE_INDEX
from renderer.capture.records import Observation
from renderer.motion.body.seated import HipsHeight
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver

SEAT = {
    "leftUpperLeg": (0, -1.4),
    "rightUpperLeg": (0, -1.4),
    "leftLowerLeg": (0, 1.4),
    "rightLowerLeg": (0, 1.4),
}
LEGS = slice(25, 33)
MOST_M = 0.03


def hidden_legs(seen: Observation) -> Observation:
    """Return the observation with legs that are a guess: straight down and hardly visible."""
    visibility = seen.visibility.copy()
    visibility[LEGS] = 0.2
    pose, world = seen.pose.copy(), seen.pose_world.copy()
    pose[LEGS, 1] += 0.2
    world[LEGS, 1] += 0.3
    return replace(seen, pose=pose, pose_world=world, visibility=visibility)


def shown(performer: Any, pose: np.ndarray, hidden: Any, frames: int) -> np.ndarray:
    """Return the joints (n, 55, 3) of a performer whose legs are hidden in the given frames."""
    solver, out = MotionSolver(), []
    for k in range(frames):
        seen = performer.observe(pose, k, root=(0.0, -0.35, 0.0))
        motion = solver.solve(hidden_legs(seen) if hidden(k) else seen)
        out.append(forward_kinematics(motion.rotations, motion.root)[1])
    return np.array(out)


@pytest.mark.parametrize("period", [6, 20, 60])
def test_legs_that_come_and_go_move_no_seated_hips(performer: Any, period: int) -> None:
    hidden = lambda k: k >= 40 and k // period % 2 == 1  # noqa: E731
    joints = shown(performer, performer.standing(**SEAT), hidden, 200)
    steps = np.abs(np.diff(joints[:, BONE_INDEX["hips"], 1]))
    assert steps.max() <= MOST_M


def test_one_who_sits_behind_a_table_stays_seated(performer: Any) -> None:
    joints = shown(performer, performer.standing(**SEAT), lambda k: k >= 40, 160)
    knees = joints[-1, BONE_INDEX["leftLowerLeg"], 1] - joints[-1, BONE_INDEX["leftUpperLeg"], 1]
    assert knees > -0.15
    assert joints[-1, BONE_INDEX["hips"], 1] < joints[0, BONE_INDEX["hips"], 1] + 0.05


def test_legs_that_were_never_seen_stand(performer: Any) -> None:
    joints = shown(performer, performer.standing(**SEAT), lambda _: True, 60)
    thigh = joints[-1, BONE_INDEX["leftLowerLeg"], 1] - joints[-1, BONE_INDEX["leftUpperLeg"], 1]
    assert thigh < -0.35


def test_a_jump_that_the_picture_shows_is_followed_at_once() -> None:
    height, way = HipsHeight(), 0.0
    height.follow(0.0, 0.0, 0.0)
    for _ in range(6):
        way += 0.08
        assert height.follow(way, 0.08, 1 / 30) == pytest.approx(way)
    assert height.follow(way + 0.4, 0.0, 1 / 30) == pytest.approx(way + 0.55 / 30)
