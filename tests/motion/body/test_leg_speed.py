"""Test that no leg moves farther between two frames than an audience takes for a movement."""

from __future__ import annotations

import numpy as np

from avatars.maths.quaternions import about_axis
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.motion.body.leg_speed import LegSpeed
from renderer.motion.core.forward import forward_kinematics

FRAME = 1 / 30
STEP = 0.12
"""Metres; the limit with its slack."""
JOINTS = [BONE_INDEX[name] for name in ("leftLowerLeg", "leftFoot", "rightLowerLeg", "rightFoot")]
T_POSE = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))


def standing(**angles: float) -> np.ndarray:
    """Return the T-pose with bones turned about the sideways axis by an angle [rad]."""
    pose = T_POSE.copy()
    for bone, angle in angles.items():
        pose[BONE_INDEX[bone]] = about_axis(0, np.array(angle))
    return pose


def play(poses: list[np.ndarray], roots: np.ndarray | None = None) -> np.ndarray:
    """Return where knees and feet (n, 4, 3) are shown, metres."""
    speed = LegSpeed()
    roots = np.zeros((len(poses), 3)) if roots is None else roots
    shown = [speed(pose, root, FRAME) for pose, root in zip(poses, roots, strict=True)]
    return np.array([forward_kinematics(*one)[1][JOINTS] for one in zip(shown, roots, strict=True)])


def steps_of(places: np.ndarray) -> np.ndarray:
    out: np.ndarray = np.linalg.norm(np.diff(places, axis=0), axis=-1).max(axis=1)
    return out


def test_what_is_slow_enough_passes_untouched() -> None:
    speed = LegSpeed()
    for k in range(20):
        pose = standing(leftUpperLeg=-0.1 * k, rightLowerLeg=0.1 * k)
        assert speed(pose, np.zeros(3), FRAME) is pose


def test_a_leg_that_is_found_elsewhere_gets_there_in_some_frames() -> None:
    there = standing(leftUpperLeg=-1.2, leftLowerLeg=0.8)
    places = play([T_POSE] * 3 + [there] * 12)
    assert steps_of(places).max() <= STEP
    true = forward_kinematics(there, np.zeros(3))[1][JOINTS]
    assert np.allclose(places[-1], true, atol=1e-6)
    assert np.allclose(places[:, 2:], places[0, 2:])


def test_legs_that_the_detector_exchanges_do_not_leap() -> None:
    apart, exchanged = (
        standing(leftUpperLeg=sign * 0.3, rightUpperLeg=-sign * 0.3) for sign in (1.0, -1.0)
    )
    assert steps_of(play([apart] * 3 + [exchanged] * 12)).max() <= STEP


def test_both_legs_of_a_body_that_jumps_are_followed() -> None:
    roots = np.zeros((20, 3))
    roots[5:, 1] = np.minimum(0.2 * np.arange(1, 16), 0.8)
    places = play([T_POSE] * 20, roots)
    assert np.allclose(places[:, 1, 1] - places[0, 1, 1], roots[:, 1], atol=1e-6)


def test_a_leg_may_be_anywhere_after_a_gap() -> None:
    speed, there = LegSpeed(), standing(leftUpperLeg=-1.2)
    speed(T_POSE, np.zeros(3), FRAME)
    assert speed(there, np.zeros(3), 0.5) is there
