"""Test the judge of limbs: live scores equal those of training, distrust is limited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from renderer.bench.motion.detector import observe
from renderer.bench.priors.faults import Solved, deviations, solve_points, true_points
from renderer.bench.priors.recordings import Recording
from renderer.errors import MotionError
from renderer.motion.core.records import LIMBS
from renderer.motion.priors.limb_state import body_state, views
from renderer.motion.priors.live import LivePriors, NoPriors, default_priors
from renderer.motion.priors.naturalness import Naturalness
from renderer.motion.solver import MotionSolver

SEEN = np.ones(4, np.bool_)
FRAME_NS = 33_333_333


@pytest.fixture(scope="module")
def solved(short: Recording) -> Solved:
    """Two seconds of the dance, and what the solver makes of them."""
    return solve_points(true_points(short)[:60], 0)


def judge(judge: Naturalness, solved: Solved, k: int, seen: np.ndarray = SEEN) -> None:
    judge.update(views(solved.states[k]), solved.points[k], solved.lengths[k], seen, k * FRAME_NS)


def test_live_scores_equal_those_of_training(solved: Solved) -> None:
    live = Naturalness()
    features = solved.features()
    for k in range(len(solved.states)):
        judge(live, solved, k)
        if k < 17:
            assert (live.score == -np.inf).all()
        else:
            wanted = live.score_windows(features[k - 17]) - np.repeat(live.thresholds, 2)
            # Frames are 33.333333 ms apart, training's a thirtieth of a second.
            np.testing.assert_allclose(live.score, wanted, atol=1e-3)


def test_an_arm_that_jitters_is_distrusted_for_a_limited_time_and_the_others_are_not(
    solved: Solved,
) -> None:
    live, rng = Naturalness(), np.random.default_rng(2)
    distrusted = np.zeros((160, 4), np.bool_)
    for k in range(160):
        # The dance forwards and backwards.
        row = abs((k + 59) % 118 - 59)
        points = solved.points[row].copy()
        if k >= 30:
            points[[13, 15]] += rng.normal(size=(2, 3)) * (0.15, 0.15, 0.3)
        live.update(views(solved.states[row]), points, solved.lengths[row], SEEN, k * FRAME_NS)
        distrusted[k] = ~live.trusted
    assert not distrusted[:30].any()
    assert distrusted[30:, 0].any()
    assert distrusted[:, 2:].mean() < 0.2
    runs = np.diff(np.flatnonzero(np.diff(distrusted[:, 0].astype(int))))
    assert not len(runs) or runs[::2].max() <= 17, "half a second at most"


def test_a_limb_that_was_not_seen_and_a_gap_begin_the_window_again(solved: Solved) -> None:
    live = Naturalness()
    for k in range(30):
        judge(live, solved, k)
    assert np.isfinite(live.score).all()
    judge(live, solved, 30, np.array([False, True, True, True]))
    assert live.score[0] == -np.inf and np.isfinite(live.score[1:]).all()
    judge(live, solved, 40)
    assert (live.score == -np.inf).all()
    live.reset()
    assert live.trusted.all()


def test_points_of_any_kind_are_survived(solved: Solved) -> None:
    live, rng = Naturalness(), np.random.default_rng(1)
    for k in range(60):
        points = rng.normal(size=(33, 3)) * 10.0 ** rng.integers(-3, 30)
        points[rng.random((33, 3)) < 0.1] = rng.choice([np.nan, np.inf, -np.inf])
        live.update(views(solved.states[k]), points, solved.lengths[k], SEEN, k * FRAME_NS)
        assert not np.isnan(live.score).any()


def test_a_distrusted_limb_counts_as_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    priors = LivePriors(naturalness=Naturalness())
    monkeypatch.setattr(
        Naturalness, "trusted", property(lambda _: np.array([False, True, True, True]))
    )
    parts = np.full(len(LIMBS) + 1, 0.9)
    weighed = priors.weigh(parts)
    assert weighed[LIMBS.index("leftArm")] == 0.0
    assert np.delete(weighed, LIMBS.index("leftArm")).min() == 0.9 and parts.min() == 0.9


def test_the_setting_chooses_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_PRIORS", "off")
    assert isinstance(default_priors(), NoPriors)
    monkeypatch.setenv("ENCORE_PRIORS", "judge")
    assert isinstance(default_priors(), LivePriors)
    monkeypatch.setenv("ENCORE_PRIORS", "sometimes")
    with pytest.raises(MotionError, match="is none of on, off, judge"):
        MotionSolver()


def test_a_limb_that_is_lost_goes_on_in_the_solver(short: Recording) -> None:
    """A hidden arm begins where it was, and is shown nearer to where it is than a held one."""
    points, truth = true_points(short)[:65], body_state(short.rotations[:65])
    errors, shown = [], []
    for priors in (NoPriors(), LivePriors()):
        solver, poses = MotionSolver(priors=priors), []
        for k, seen in enumerate(observe(points)):
            if k >= 55:
                visibility = np.ones(33, np.float32)
                visibility[[13, 15, 17, 19, 21]] = 0.05
                seen = replace(seen, visibility=visibility)
            poses.append(solver.solve(seen).rotations)
        shown.append(body_state(np.array(poses, np.float64)))
        errors.append(deviations(shown[-1], truth)[58:, 0].mean())
    np.testing.assert_array_equal(shown[0][:55], shown[1][:55])
    assert deviations(shown[0][:56], shown[1][:56])[55, 0] < 10.0
    assert errors[1] < errors[0]
