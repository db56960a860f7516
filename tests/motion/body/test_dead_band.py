"""Test the dead band: deviations within it are held, motion is followed."""

from __future__ import annotations

import numpy as np

from avatars.maths.quaternions import angle_between, from_axis_angle
from renderer.motion.body.dead_band import DeadBand

SECOND = 1_000_000_000
UP = np.array([0.0, 1.0, 0.0])


def turned(degrees: np.ndarray) -> np.ndarray:
    """Return (n, 1, 4) one bone, rotated about the vertical."""
    return np.array([[from_axis_angle(UP, np.radians(angle))] for angle in degrees])


def run(seen: np.ndarray, rate: float = 30.0) -> np.ndarray:
    hold = DeadBand()
    return np.array([hold(bones, int(k * SECOND / rate)) for k, bones in enumerate(seen)])


def behind(seen: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return (n,) degrees between the detected and the shown rotation."""
    return np.degrees(angle_between(seen, shown))[:, 0]


def test_a_slow_stray_does_not_show() -> None:
    seen = turned(0.5 * np.sin(np.arange(300) / 60.0))
    shown = run(seen)
    assert behind(shown[60:], shown[60:61]).max() < 0.05


def test_a_slow_movement_is_followed_within_the_play_and_without_a_jump() -> None:
    for speed in (1.0, 5.0, 10.0):
        seen = turned(np.arange(0.0, 30.0, speed / 30.0))
        shown = run(seen)
        assert behind(seen, shown).max() < 1.3
        steps = behind(shown[1:], shown[:-1])
        assert steps.max() < 2.0 * speed / 30.0 + 0.05


def test_a_steady_movement_is_not_late() -> None:
    for speed in (30.0, 120.0):
        seen = turned(np.arange(0.0, 2.0 * speed, speed / 30.0))
        assert behind(seen, run(seen))[30:].max() < 0.01


def test_one_rotation_of_either_sign_is_no_movement() -> None:
    seen = turned(np.full(60, 40.0))
    seen[1::2] *= -1.0
    shown = run(seen)
    assert behind(shown, np.broadcast_to(seen[:1], shown.shape)).max() < 1e-3


def test_bones_that_come_back_are_where_they_are_seen() -> None:
    hold = DeadBand()
    hold(turned(np.array([0.0]))[0], 0)
    back = turned(np.array([1.0]))[0]
    np.testing.assert_array_equal(hold(back, SECOND), back)
    hold.reset()
    half = turned(np.array([0.5]))[0]
    np.testing.assert_array_equal(hold(half, SECOND), half)
