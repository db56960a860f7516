"""Test landmarks at rest: noise of any amplitude is held, motion and depth are followed."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.motion.body.landmark_stabiliser import LandmarkStabiliser

FRAME_S = 1.0 / 30.0


def run(points: np.ndarray, turned: float = 0.0) -> np.ndarray:
    """Return the output for points (n, k, 3) passed in order."""
    rest = LandmarkStabiliser()
    return np.array([rest(seen, FRAME_S, turned if k else 0.0) for k, seen in enumerate(points)])


def swaying(frames: int, across_m: float, depth_m: float, seed: int = 3) -> np.ndarray:
    """Return (n, 1, 3) noise with a correlation time of tenths of a second, as of a smoothed
    detector."""
    rng = np.random.default_rng(seed)
    noise = np.zeros((frames, 1, 3))
    for k in range(1, frames):
        noise[k] = 0.9 * noise[k - 1] + np.sqrt(1.0 - 0.9**2) * rng.normal(size=(1, 3))
    return noise * (across_m, across_m, depth_m)


@pytest.mark.parametrize("depth_m", [0.003, 0.02])
def test_a_landmark_that_rests_stays_for_as_long_as_it_does(depth_m: float) -> None:
    seen = swaying(600, 0.001, depth_m)
    held = run(seen)
    for start, end in ((90, 150), (150, 300), (300, 600)):
        assert held[start:end].std(axis=0).max() < 0.35 * depth_m
    # It settles at the mean of the samples.
    assert np.abs(held[300:].mean(axis=0) - seen.mean(axis=0)).max() < 0.7 * depth_m


def test_a_slow_movement_in_the_picture_is_followed() -> None:
    """A hand at the end of an arm that turns by 2°/s and by 5°/s."""
    for speed in (0.5 * np.radians(2.0), 0.5 * np.radians(5.0)):
        seen = swaying(300, 0.001, 0.005)
        seen[90:, 0, 0] += speed * FRAME_S * np.arange(210)
        late = (seen - run(seen))[120:, 0, 0]
        assert np.abs(late).max() < 0.015


def test_a_sudden_movement_is_not_late_and_takes_depth_along() -> None:
    seen = swaying(120, 0.001, 0.005)
    seen[90:, 0] += (0.4, 0.1, 0.3)
    late = np.abs(seen - run(seen))[:, 0]
    assert late[90].max() < 0.03
    assert late[91:100].max() < 0.005


def test_depth_alone_is_followed_once_it_is_no_noise() -> None:
    seen = swaying(240, 0.001, 0.01)
    seen[120:, 0, 2] += 0.3
    late = np.abs(seen - run(seen))[:, 0, 2]
    assert late[120] < 0.06
    assert late[200:].mean() < 0.03


def test_who_keeps_moving_has_no_play() -> None:
    swing = np.zeros((150, 1, 3))
    swing[:, 0, 0] = 0.3 * np.sin(np.arange(150) * 0.2)
    swing[:, 0, 2] = 0.1 * np.cos(np.arange(150) * 0.2)
    seen = swing + swaying(150, 0.001, 0.005)
    assert np.abs(run(seen) - seen)[30:].max() < 0.004


def test_what_a_turn_carries_rests_no_more() -> None:
    seen = swaying(60, 0.001, 0.01)
    np.testing.assert_array_equal(run(seen, turned=0.07), seen)


def test_a_reset_begins_where_things_are_seen() -> None:
    rest = LandmarkStabiliser()
    for seen in swaying(60, 0.001, 0.01):
        rest(seen, FRAME_S, 0.0)
    rest.reset()
    there = np.full((1, 3), 2.0)
    np.testing.assert_array_equal(rest(there, FRAME_S, 0.0), there)
