"""Test that the solver recovers the pose of an observation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between, from_axis_angle, multiply
from avatars.names import BONE_INDEX
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver

POSES = {
    "T-pose": {},
    "A-pose": {"leftUpperArm": (2, -0.8), "rightUpperArm": (2, 0.8)},
    "left arm up": {"leftUpperArm": (2, 1.4), "rightUpperArm": (2, 1.3)},
    "right arm forward": {"leftUpperArm": (2, -1.3), "rightUpperArm": (1, 1.2)},
    "left elbow forward": {"leftLowerArm": (1, -1.2), "rightUpperArm": (2, 1.3)},
    "right elbow bent": {"leftUpperArm": (2, -1.3), "rightLowerArm": (1, 1.4)},
    "squat": {
        "leftUpperLeg": (0, -1.0), "rightUpperLeg": (0, -1.0),
        "leftLowerLeg": (0, 1.6), "rightLowerLeg": (0, 1.6),
        "leftFoot": (0, -0.6), "rightFoot": (0, -0.6),
    },
    "left knee up": {"leftUpperLeg": (0, -1.3), "leftLowerLeg": (0, 1.5), "leftFoot": (0, -0.2)},
    "right leg aside": {"rightUpperLeg": (2, -0.7)},
    "lean forward": {"spine": (0, 0.15), "chest": (0, 0.15), "upperChest": (0, 0.15)},
    "lean left": {"spine": (2, -0.12), "chest": (2, -0.12), "upperChest": (2, -0.12)},
    "twist": {"spine": (1, 0.2), "chest": (1, 0.2), "upperChest": (1, 0.2)},
}  # fmt: skip


def degrees_between(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b, -1.0, 1.0))))


@pytest.mark.parametrize("name", POSES)
@pytest.mark.parametrize("yaw", [0.0, 0.7, np.pi])
def test_limbs_point_as_the_performer_s(performer: Any, name: str, yaw: float) -> None:
    truth = performer.turned(performer.pose(**POSES[name]), yaw)
    motion = performer.settle(truth)
    wanted = performer.directions(truth)
    found = performer.directions(motion.rotations)
    worst = {bone: round(degrees_between(found[bone], wanted[bone]), 1) for bone in wanted}
    assert max(worst.values()) < 6.0, worst


def test_left_is_the_performer_s_left(performer: Any) -> None:
    motion = performer.settle(performer.standing(leftUpperArm=(2, 1.4)))
    _, positions = forward_kinematics(motion.rotations, motion.root)
    left, right = positions[BONE_INDEX["leftHand"]], positions[BONE_INDEX["rightHand"]]
    assert left[0] > 0.1 and left[1] > 1.5
    assert right[0] < -0.1 and right[1] < 1.0


@pytest.mark.parametrize(
    ("bone", "turn"),
    [("leftLowerArm", (1, -1.2)), ("rightLowerArm", (1, 1.2)), ("leftLowerLeg", (0, 1.2))],
)
def test_a_bent_joint_settles_the_roll(performer: Any, bone: str, turn: tuple[int, float]) -> None:
    """The upper arm's roll follows from the elbow's hinge: its whole rotation is recovered."""
    truth = performer.pose(**{bone: turn})
    if "Arm" in bone:
        upper = BONE_INDEX[bone.replace("Lower", "Upper")]
        truth[upper] = multiply(truth[upper], from_axis_angle(np.array([1.0, 0.0, 0.0]), 0.8))
    motion = performer.settle(truth, hands=False)
    world, _ = forward_kinematics(truth, np.zeros(3))
    found, _ = forward_kinematics(motion.rotations, np.zeros(3))
    upper = BONE_INDEX[bone.replace("Lower", "Upper")]
    assert np.degrees(angle_between(world[upper], found[upper])) < 8.0


def test_a_straight_limb_keeps_the_roll_it_had(performer: Any) -> None:
    bent = performer.pose(leftLowerArm=(1, -1.2), leftUpperArm=(0, 0.8))
    straight = performer.pose(leftUpperArm=(0, 0.8))
    solver = MotionSolver()
    for frame in range(30):
        solver.solve(performer.observe(bent, frame, hands=False))
    wanted = straight[BONE_INDEX["leftUpperArm"]]
    arms = [
        solver.solve(performer.observe(straight, frame, hands=False)).rotations[
            BONE_INDEX["leftUpperArm"]
        ]
        for frame in range(30, 60)
    ]
    assert np.degrees(angle_between(np.array(arms), wanted)).max() < 8.0


def test_a_knee_never_bends_forwards(performer: Any) -> None:
    motion = performer.settle(performer.pose(leftLowerLeg=(0, -0.4)))
    knee = motion.rotations[BONE_INDEX["leftLowerLeg"]]
    assert 2.0 * np.arctan2(knee[0], knee[3]) > -0.05


@pytest.mark.parametrize(("axis", "angle"), [(0, 0.4), (0, -0.4), (1, 0.7), (1, -0.7), (2, 0.4)])
@pytest.mark.parametrize("face", [True, False])
def test_the_head_turns_as_the_performer_s(
    performer: Any, axis: int, angle: float, face: bool
) -> None:
    truth = performer.standing(head=(axis, angle))
    motion = performer.settle(truth, face=face)
    world, _ = forward_kinematics(truth, np.zeros(3))
    found, _ = forward_kinematics(motion.rotations, np.zeros(3))
    head = BONE_INDEX["head"]
    assert np.degrees(angle_between(world[head], found[head])) < 4.0


def test_every_rotation_is_unit_and_frozen(performer: Any) -> None:
    motion = performer.settle(performer.standing())
    assert motion.rotations.shape == (55, 4) and motion.rotations.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(motion.rotations, axis=1), 1.0, atol=1e-5)
    for values in (motion.rotations, motion.root, motion.expressions, motion.gaze):
        assert not values.flags.writeable
    assert motion.confidence.shape == (9,) and (motion.confidence == 1.0).all()


@pytest.mark.parametrize(("pitch", "kept"), [(0.3, False), (1.1, True)])
def test_a_standing_foot_is_flat_and_one_on_tiptoe_is_not(
    performer: Any, pitch: float, kept: bool
) -> None:
    motion = performer.settle(performer.standing(leftFoot=(0, pitch)))
    down = -performer.directions(motion.rotations)["leftFoot"][1]
    assert (down > 0.8) if kept else (abs(down) < 0.05)
