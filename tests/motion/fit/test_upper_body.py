"""Test that a presenter's arms are fitted although the hips are outside the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from renderer.capture.records import Observation
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver

SIZE = (1280, 720)
FRAME_NS = 33_333_333
FOCAL = 1.1 * 1280
DISTANCE = 1.5
"""Metres from the camera to the presenter's hips."""


def presented(performer: Any, pose: np.ndarray, frame: int) -> Observation:
    """Return what a camera at the height of the chest sees of a presenter down to the waist."""
    world, joints = forward_kinematics(pose, np.zeros(3))
    points = performer.points(world, joints)
    flat = (points[:, :2] - (0.0, 1.3)) * FOCAL / (DISTANCE - points[:, 2:])
    image = np.zeros((33, 3))
    image[:, :2] = 0.5 + flat * (1, -1) / SIZE
    hips = 0.5 * (points[23] + points[24])
    inside = (np.abs(image[:, :2] - 0.5) < 0.5).all(axis=1)
    assert not inside[23] and inside[[11, 12, 13, 14, 15, 16]].all()
    return Observation(
        frame * FRAME_NS,
        frame,
        SIZE,
        pose=image.astype(np.float32),
        pose_world=((points - hips) * (1, -1, -1)).astype(np.float32),
        visibility=np.where(inside, 1.0, 0.05).astype(np.float32),
    )


@pytest.mark.parametrize("bend", [-0.5, -0.9, -1.3])
def test_forearms_that_point_at_the_camera_are_not_drawn_inwards(
    performer: Any, bend: float
) -> None:
    pose = performer.pose(
        leftUpperArm=(2, -0.9),
        rightUpperArm=(2, 0.9),
        leftLowerArm=(1, bend),
        rightLowerArm=(1, -bend),
    )
    solver = MotionSolver()
    for frame in range(40):
        motion = solver.solve(presented(performer, pose, frame))
    true, found = performer.directions(pose), performer.directions(motion.rotations)
    for bone in ("leftLowerArm", "rightLowerArm", "leftUpperArm", "rightUpperArm"):
        off = np.degrees(np.arccos(np.clip(true[bone] @ found[bone], -1.0, 1.0)))
        assert off < 6.0, bone
