"""Test the One-Euro filter and the gates."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between, from_axis_angle
from renderer.motion.core.filters import OneEuro, OneEuroRotations
from renderer.motion.trust.gates import HOLD_S, RELAX_S, Gates

SECOND = 1_000_000_000


def run(smoother: OneEuro, values: np.ndarray, rate: float) -> np.ndarray:
    return np.array([smoother(v, int(i * SECOND / rate)).copy() for i, v in enumerate(values)])


def test_a_constant_passes_unchanged() -> None:
    out = run(OneEuro(np.zeros((3, 2)), 1.0, 0.0), np.full((20, 3, 2), 4.2), 30)
    np.testing.assert_allclose(out, 4.2)


def test_noise_shrinks_and_a_fast_move_gets_through() -> None:
    rng = np.random.default_rng(1)
    still = rng.normal(size=(300, 1, 1)) * 0.01
    smoother = OneEuro(np.zeros((1, 1)), 1.0, 2.0)
    assert run(smoother, still, 30)[50:].std() < 0.6 * still[50:].std()
    ramp = np.arange(60.0)[:, None, None] * 0.2
    slow = run(OneEuro(np.zeros((1, 1)), 1.0, 0.0), ramp, 30)
    fast = run(OneEuro(np.zeros((1, 1)), 1.0, 2.0), ramp, 30)
    assert abs(fast[-1] - ramp[-1]) < 0.2 * abs(slow[-1] - ramp[-1])


@pytest.mark.parametrize("rate", [15, 30, 60, 240])
def test_a_step_settles_in_the_same_time_at_any_frame_rate(rate: int) -> None:
    """With β = 0 it is a first-order low-pass: 1 − 1/e of a step after 1 / (2π f)."""
    step = np.ones((4 * rate, 1, 1))
    step[0] = 0.0
    out = run(OneEuro(np.zeros((1, 1)), 0.5, 0.0), step, rate)[:, 0, 0]
    reached = np.interp(1.0 - np.exp(-1.0), out, np.arange(4 * rate) / rate)
    assert reached == pytest.approx(1.0 / (2.0 * np.pi * 0.5), abs=1.2 / rate)


def test_absent_channels_hold_and_start_again_after_a_gap() -> None:
    smoother = OneEuro(np.array([[1.0], [2.0]]), 1.0, 0.0, reset_after_s=0.3)
    np.testing.assert_array_equal(smoother(np.array([[np.nan], [5.0]]), 0), [[1.0], [5.0]])
    held = smoother(np.array([[3.0], [np.nan]]), SECOND // 10)
    np.testing.assert_array_equal(held, [[3.0], [5.0]])
    back = smoother(np.array([[3.0], [9.0]]), SECOND)
    np.testing.assert_array_equal(back, [[3.0], [9.0]])


def test_time_that_stands_still_changes_nothing() -> None:
    smoother = OneEuro(np.zeros((1, 1)), 1.0, 0.0)
    smoother(np.array([[1.0]]), SECOND)
    assert smoother(np.array([[8.0]]), SECOND)[0, 0] == 1.0
    assert smoother(np.array([[8.0]]), SECOND - 1000)[0, 0] == 1.0


def test_a_noisy_component_does_not_open_the_others() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(300, 1, 2)) * (0.001, 0.1)
    deaf = run(OneEuro(np.zeros((1, 2)), 1.0, 5.0, speed_weight=(1.0, 0.0)), values, 30)
    open_ = run(OneEuro(np.zeros((1, 2)), 1.0, 5.0), values, 30)
    assert deaf[50:, 0, 0].std() < 0.7 * open_[50:, 0, 0].std()


def test_rotations_ignore_the_sign_and_stay_unit() -> None:
    angles = np.linspace(0.0, 3.0, 60)
    turns = from_axis_angle(np.array([0.0, 1.0, 0.0]), angles)[:, None]
    flipped = turns * np.where(np.arange(60) % 2, 1.0, -1.0)[:, None, None]
    one = run(OneEuroRotations(1, 1.0, 5.0), turns, 30)
    two = run(OneEuroRotations(1, 1.0, 5.0), flipped, 30)
    np.testing.assert_allclose(np.linalg.norm(one, axis=-1), 1.0)
    assert angle_between(one, two).max() < 1e-6
    assert angle_between(one[-1, 0], turns[-1, 0]) < 0.15


def test_gates_wait_then_ease_out_and_in() -> None:
    gates = Gates(2)
    both, one = np.array([0.9, 0.9]), np.array([0.9, 0.1])
    rate = 60

    def run_for(seconds: float, visibility: np.ndarray, start: float) -> np.ndarray:
        times = start + np.arange(1, round(seconds * rate) + 1) / rate
        return np.array([gates.update(visibility, int(t * SECOND)) for t in times])

    np.testing.assert_array_equal(run_for(1.0, both, 0.0)[-1], 1.0)
    lost = run_for(HOLD_S + RELAX_S + 0.1, one, 1.0)
    assert (lost[:, 0] == 1.0).all()
    assert (lost[: int(HOLD_S * rate) - 1, 1] == 1.0).all() and lost[-1, 1] == 0.0
    back = run_for(1.0, both, 3.0)
    assert back[-1, 1] == 1.0
    for path in (lost[:, 1], back[:, 1]):
        assert np.abs(np.diff(path)).max() < 0.1


def test_gates_do_not_flicker_between_their_thresholds() -> None:
    gates = Gates(1)
    for k, visibility in enumerate((0.45, 0.6, 0.45, 0.4, 0.45)):
        gates.update(np.array([visibility]), k * SECOND // 30)
        assert gates.seen[0] == (k > 0)
    gates.update(np.array([0.2]), SECOND)
    gates.update(np.array([0.45]), SECOND + SECOND // 30)
    assert not gates.seen[0]
