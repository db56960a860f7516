"""Test that no arm moves farther between two frames than an audience takes for a movement."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.maths.quaternions import about_axis, multiply
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.motion.body.arm_speed import ArmSpeed
from renderer.motion.core.forward import forward_kinematics

FRAME = 1 / 30
STEP = 0.16
"""Metres; the limit with its slack."""
LAG = 0.46
JOINTS = [BONE_INDEX[name] for name in ("leftLowerArm", "leftHand", "rightLowerArm", "rightHand")]
T_POSE = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))


def turned(**angles: tuple[int, float]) -> np.ndarray:
    """Return the T-pose with bones turned about an axis by an angle [rad]."""
    pose = T_POSE.copy()
    for bone, (axis, angle) in angles.items():
        pose[BONE_INDEX[bone]] = multiply(about_axis(axis, np.array(angle)), pose[BONE_INDEX[bone]])
    return pose


def play(poses: list[np.ndarray], roots: np.ndarray, dt: float = FRAME) -> np.ndarray:
    """Return where elbows and hands (n, 4, 3) are shown, metres."""
    speed = ArmSpeed()
    shown = [speed(pose, root, dt) for pose, root in zip(poses, roots, strict=True)]
    places = [forward_kinematics(*one)[1][JOINTS] for one in zip(shown, roots, strict=True)]
    return np.array(places)


def steps_of(places: np.ndarray) -> np.ndarray:
    out: np.ndarray = np.linalg.norm(np.diff(places, axis=0), axis=-1).max(axis=1)
    return out


def test_what_is_slow_enough_passes_untouched() -> None:
    speed = ArmSpeed()
    for k in range(20):
        pose = turned(leftUpperArm=(2, 0.1 * k), hips=(1, 0.05 * k))
        assert speed(pose, np.zeros(3), FRAME) is pose


@pytest.mark.parametrize("bone", ["leftUpperArm", "hips", "chest"])
def test_a_leap_of_arm_or_trunk_is_spread_over_frames(bone: str) -> None:
    poses = [T_POSE] * 3 + [turned(**{bone: (1, 0.6)})] * 10
    places = play(poses, np.zeros((13, 3)))
    assert steps_of(places).max() <= STEP
    wanted = forward_kinematics(poses[-1], np.zeros(3))[1][JOINTS]
    np.testing.assert_allclose(places[-1], wanted, atol=1e-6)


def test_in_a_spin_the_lag_is_limited_and_made_up_for() -> None:
    angles = np.minimum(np.arange(50), 30) * 0.5
    poses = [turned(hips=(1, float(angle))) for angle in angles]
    roots = np.zeros((50, 3))
    places = play(poses, roots)
    true = np.array([forward_kinematics(pose, np.zeros(3))[1][JOINTS] for pose in poses])
    lag = np.linalg.norm(places - true, axis=-1)[:, [1, 3]]
    assert 0.1 < lag.max() <= LAG
    np.testing.assert_allclose(places[-1], true[-1], atol=1e-6)


def test_frames_far_apart_may_differ_more() -> None:
    poses = [T_POSE, turned(leftUpperArm=(2, 0.5))]
    roots = np.zeros((2, 3))
    assert steps_of(play(poses, roots, 0.1)).max() > 0.2
    # After a gap an arm may be anywhere.
    assert steps_of(play([T_POSE, turned(leftUpperArm=(2, 1.5))], roots, 0.5)).max() > 0.6


def test_arms_that_are_flung_together_are_followed_at_once() -> None:
    low = turned(leftUpperArm=(2, -1.0), rightUpperArm=(2, 1.0))
    places = play([low, low, T_POSE, T_POSE], np.zeros((4, 3)))
    wanted = forward_kinematics(T_POSE, np.zeros(3))[1][JOINTS]
    np.testing.assert_allclose(places[2], wanted, atol=1e-6)
    # One alone is not.
    one = turned(leftUpperArm=(2, -1.0))
    assert steps_of(play([one, one, T_POSE], np.zeros((3, 3)))).max() <= STEP
