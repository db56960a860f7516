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


def play_turn(angles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where elbows and hands (n, 4, 3) are shown as hips turn, and where they were to be."""
    poses = [turned(hips=(1, float(angle))) for angle in angles]
    places = play(poses, np.zeros((len(poses), 3)))
    true = [forward_kinematics(pose, np.zeros(3))[1][JOINTS] for pose in poses]
    return places, np.array(true)


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


@pytest.mark.parametrize("rate", [-0.45, 0.3, 0.5])
def test_a_spin_is_followed(rate: float) -> None:
    angles = rate * np.clip(np.arange(60) - 2, 0, 40)
    places, true = play_turn(angles)
    steps, wanted = steps_of(places), steps_of(true)
    # The limit holds until a turn is a spin; then the arms make good what they lag.
    assert steps[2:4].max() <= STEP < wanted[2]
    lags = np.linalg.norm(places - true, axis=-1).max(axis=1)
    assert 0.05 < lags.max() <= LAG
    np.testing.assert_allclose(places[30:40], true[30:40], atol=1e-6)
    assert (steps <= wanted + 0.05).all()


def test_a_short_turn_is_limited_and_its_lag_too() -> None:
    angles = 0.5 * np.clip(np.arange(20) - 2, 0, 3)
    places, true = play_turn(angles)
    lag = np.linalg.norm(places - true, axis=-1)[:, [1, 3]]
    assert 0.3 < lag.max() <= LAG
    np.testing.assert_allclose(places[-1], true[-1], atol=1e-6)


def test_a_trunk_that_turns_to_and_fro_does_not_spin() -> None:
    places, true = play_turn(0.4 * (np.arange(30) % 2))
    assert steps_of(places).max() <= STEP < 0.2 < steps_of(true).min()


def test_a_broken_pose_does_not_end_the_limit_or_a_spin() -> None:
    speed = ArmSpeed()
    for k in range(15):
        speed(turned(hips=(1, 0.4 * k)), np.zeros(3), FRAME)
    speed(np.full_like(T_POSE, np.nan), np.zeros(3), FRAME)
    for k in range(16, 40):
        turn = turned(hips=(1, 0.4 * k))
        shown = speed(turn, np.zeros(3), FRAME)
    assert shown is turn
    leap = turned(hips=(1, 0.4 * 39), leftUpperArm=(2, 0.9))
    for _ in range(20):
        speed(turned(hips=(1, 0.4 * 39)), np.zeros(3), FRAME)
    assert speed(leap, np.zeros(3), FRAME) is not leap


def test_a_spin_is_over_after_a_gap() -> None:
    speed = ArmSpeed()
    for k in range(20):
        speed(turned(hips=(1, 0.4 * k)), np.zeros(3), FRAME)
    turn = turned(hips=(1, 8.0))
    assert speed(turn, np.zeros(3), 1.0) is turn
    leap = turned(hips=(1, 8.0), leftUpperArm=(2, 0.9))
    assert speed(leap, np.zeros(3), FRAME) is not leap


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


def raised(degrees: list[float]) -> list[np.ndarray]:
    """Return poses with both arms raised by angles [°]."""
    angles = np.radians(degrees)
    return [turned(leftUpperArm=(2, a), rightUpperArm=(2, -a)) for a in angles]


def test_arms_that_swing_together_are_followed_and_arms_that_leap_are_not() -> None:
    # By 11 cm from rest, then by 18 cm.
    swing = raised([0, 0, 12.5, 33, 53.5, 74, 74])
    places = play(swing, np.zeros((7, 3)))
    wanted = np.array([forward_kinematics(pose, np.zeros(3))[1][JOINTS] for pose in swing])
    assert steps_of(wanted).max() > STEP
    np.testing.assert_allclose(places, wanted, atol=1e-6)
    for leap in ([0, 0, 20.5, 20.5], [0, 20.5, 20.5, 20.5]):
        assert steps_of(play(raised(leap), np.zeros((4, 3)))).max() <= 0.14
