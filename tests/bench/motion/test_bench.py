"""Test what the motion benchmark measures."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars.maths.quaternions import from_axis_angle, multiply
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.bench.motion import (
    MotionReport,
    Performance,
    kalidokit,
    load_clip,
    measures,
    run_motion_bench,
    staged,
)
from renderer.bench.motion.track import Track, solve
from renderer.errors import MotionError

SEEN = np.ones(150, np.bool_)


def truthful(stage: staged.Staged) -> Track:
    """Return a track equal to the truth."""
    frames = len(stage.observations)
    return Track(
        t_ns=np.array([o.t_seen_ns for o in stage.observations], np.int64),
        limbs=stage.truth.limbs,
        hips=stage.truth.hips,
        head=stage.truth.head,
        balls=np.zeros((frames, 2, 3)),
        root=np.zeros((frames, 3)),
        expressions=None,
    )


def test_the_truth_has_no_error() -> None:
    still, step, turn = staged.stage_still(), staged.stage_step(), staged.stage_turn()
    assert measures.limb_errors(truthful(still), still.truth, SEEN).max() < 1e-3
    assert measures.head_errors(truthful(still), still.truth, SEEN).max() < 1e-3
    assert measures.jitter(truthful(still)).max() < 1e-3
    assert measures.step_lag(truthful(step), step.truth) == pytest.approx(0.0, abs=1e-6)
    assert measures.turn_lag(truthful(turn), turn.truth) == pytest.approx(0.0, abs=1e-6)
    assert measures.wrong_way(truthful(turn), turn.truth) == 0


@pytest.mark.parametrize("frames", [1, 3])
def test_a_delay_is_measured_in_ms(frames: int) -> None:
    for stage, lag in (
        (staged.stage_step(), measures.step_lag),
        (staged.stage_turn(), measures.turn_lag),
    ):
        truth = truthful(stage)
        late = replace(
            truth,
            limbs=np.concatenate((truth.limbs[:1].repeat(frames, 0), truth.limbs[:-frames])),
            hips=np.concatenate((truth.hips[:1].repeat(frames, 0), truth.hips[:-frames])),
        )
        assert lag(late, stage.truth) == pytest.approx(frames * 1000 / 30, rel=0.02)


def test_errors_are_the_angles_they_are() -> None:
    still = staged.stage_still()
    turned = truthful(still)
    tilt = from_axis_angle(np.array([0.0, 0.0, 1.0]), np.radians(12.0))
    tilted = replace(turned, head=multiply(turned.head, tilt))
    assert measures.head_errors(tilted, still.truth, SEEN) == pytest.approx(12.0, abs=1e-6)


def test_sliding_counts_only_where_the_foot_stands() -> None:
    still = staged.stage_still()
    balls = np.zeros((150, 2, 3))
    balls[:, :, 0] = np.arange(150)[:, None] * 0.002
    standing = np.zeros((150, 2), np.bool_)
    standing[20:50, 0] = True
    slid = measures.foot_slide(
        replace(truthful(still), balls=balls), replace(still.truth, standing=standing), SEEN
    )
    assert slid.size == 29 and slid == pytest.approx(2.0)


def test_winks_and_closures_are_counted() -> None:
    still = staged.stage_still()
    true, found = np.zeros((150, len(ARKIT))), np.zeros((150, len(ARKIT)))
    jaw, left = ARKIT_INDEX["jawOpen"], ARKIT_INDEX["eyeBlinkLeft"]
    true[10:140, jaw] = 0.4
    true[[40, 41, 80, 81], jaw] = 0.0
    found[:, jaw] = 0.4
    found[40, jaw] = found[140:, jaw] = 0.05
    true[20:30, left] = true[60:70, left] = 1.0
    found[22:25, left] = 0.8
    track = replace(truthful(still), expressions=found)
    truth = replace(still.truth, expressions=true)
    assert measures.closures(track, truth, SEEN).mean() == pytest.approx(2 / 3)
    assert measures.winks(track, truth, SEEN).mean() == pytest.approx(1 / 2)
    assert set(measures.correlations(track, truth, SEEN)) == {"jawOpen", "eyeBlinkLeft"}


def staged_performance() -> Performance:
    step = staged.stage_step()
    return Performance("step", step.observations, step.truth)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> MotionReport:
    """Return the report of a performance and a still picture on a machine without Node."""
    folder = tmp_path_factory.mktemp("bench")
    still = Performance("picture", staged.stage_still().observations, still=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder))
        return run_motion_bench([staged_performance(), still], lambda _: None, folder)


def test_a_report_states_that_kalidokit_is_missing(report: MotionReport) -> None:
    plain = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert plain["kalidokit"] is None and "Node" in plain["kalidokit_missing"]
    assert {"median", "p90", "leftUpperArm"} <= set(plain["ours"]["limb_error_deg"])
    assert plain["ours"]["limb_error_deg"]["median"] < 3.0
    assert plain["ours"]["identity_swaps"] is None
    assert {"solve", "body", "fit", "hands"} <= set(plain["ours"]["stage_ms"])
    for number in ("jitter_deg", "lag_ms", "foot_slide_mm", "recovery_ms"):
        assert isinstance(plain["ours"][number], float)
    assert "Kalidokit was left out" in report.text()


def test_a_still_picture_s_jitter_is_reported_by_the_time_it_was_shown(
    report: MotionReport,
) -> None:
    found = json.loads(json.dumps(report.as_dict()))["still_pictures"]
    # It was shown for five seconds.
    assert set(found) == {"picture"} and set(found["picture"]["ours"]) == {"3", "5"}
    assert found["picture"]["ours"]["5"]["jitter_deg"] == pytest.approx(report.ours.jitter_deg)
    assert "picture" not in report.follow_by_clip and "3 s" in report.text()


def test_kalidokit_poses_what_it_can_as_the_performer_does() -> None:
    """The conversion is fair: raised arms and spread legs point as the performer's do."""
    package = kalidokit.cache_folder() / "node_modules" / "kalidokit"
    if shutil.which("node") is None or not package.is_dir():
        pytest.skip("Node or Kalidokit is not there; `encore bench motion` fetches Kalidokit")
    step = staged.stage_step()
    track = kalidokit.solve(step.observations, package)
    errors = measures.angles(track.limbs, step.truth.limbs)[-1]
    assert errors.max() < 35.0
    assert measures.jitter(kalidokit.solve(staged.stage_still().observations, package)).max() > 0.5


def test_the_bench_needs_a_truth() -> None:
    with pytest.raises(MotionError, match="truth"):
        run_motion_bench([Performance("clip", [])], lambda _: None)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not an archive", None])
def test_a_truth_that_cannot_be_read_is_reported(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "truth.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MotionError, match=r"truth\.npz"):
        load_clip("demo", [], path)


def test_our_solver_s_staged_figures_hold() -> None:
    """Test the jitter and the lag stated in the documentation."""
    still, step, turn, swapped = (
        stage()
        for stage in (
            staged.stage_still,
            staged.stage_step,
            staged.stage_turn,
            staged.stage_swapped_turn,
        )
    )
    assert np.median(measures.jitter(solve(still.observations)[0])) < 1.0
    assert measures.step_lag(solve(step.observations)[0], step.truth) < 34.0
    assert measures.turn_lag(solve(turn.observations)[0], turn.truth) < 34.0
    assert measures.wrong_way(solve(swapped.observations)[0], swapped.truth) == 0
    for loss in (staged.stage_hidden_arm(), staged.stage_absence()):
        found = solve(loss.observations)[0]
        assert measures.recovery(found, loss.truth, loss.back) < 500.0
