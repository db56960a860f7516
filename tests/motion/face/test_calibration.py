"""Test that a face is calibrated in ten seconds if, and only if, the steps are followed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.errors import MotionError
from renderer.motion.face.calibration import LENGTH_S, STEPS, TRIES, FaceCalibration, Progress, Step
from renderer.motion.face.calibration_store import (
    list_performers,
    load_profile,
    profile_path,
    save_profile,
)
from renderer.motion.face.landmarks import (
    BROWS,
    CORNERS,
    GAP,
    MEASURES,
    ON_SURFACE,
    UPPER_LIDS,
    WIDTH,
)
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.regression import default_full_sums
from renderer.motion.face.solver import FaceSolver
from renderer.motion.face.surface import SURFACE

FRAME_NS = 33_333_333
REST = {"eyeSquintLeft": 0.4, "mouthSmileLeft": 0.2, "browInnerUp": 0.55, "eyeBlinkLeft": 0.2}


def scores(**named: float) -> np.ndarray:
    out = np.zeros(len(ARKIT), np.float32)
    for name, value in {**REST, **named}.items():
        out[ARKIT_INDEX[name]] = value
    return out


SMILED = {
    "mouth, wide": 0.12, "corners, up": 0.10, "corners, ahead": -0.10, "cheeks, apart": 0.11,
    "lips' meeting, ahead": -0.05, "lips' rims, ahead": -0.05, "lower lip over chin": 0.06,
    "nose over upper lip": -0.02, "nostrils, up": 0.02, "nostrils, apart": 0.06,
    "beside the nose, up": 0.03, "cheeks, ahead": -0.03, "cheeks, up": 0.03,
}  # fmt: skip
"""Effect of a full smile on the face's surface, mean over the training performers."""


def points(gap: float = 0.005, width: float = 0.0, brows: float = 0.0) -> np.ndarray:
    out = np.zeros(len(MEASURES) + 1)
    out[ON_SURFACE] = [10.0 * width * SMILED.get(name, 0.0) for name in SURFACE]
    out[GAP], out[WIDTH], out[BROWS], out[CORNERS] = gap, 0.6 + width, 0.35 + brows, -0.45 + width
    out[UPPER_LIDS] = 0.09
    out[-1] = 100.0
    return out


def seen(step: Step, into: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the measures of a performer who follows a step."""
    match step:
        case Step.SMILE:
            return scores(mouthSmileLeft=0.7, mouthSmileRight=0.6), points(width=0.1)
        case Step.OPEN:
            return scores(jawOpen=0.5, browInnerUp=0.9), points(gap=0.3, brows=0.03)
        case Step.CLOSE:
            return scores(eyeBlinkLeft=0.6, eyeBlinkRight=0.62), points()
        case Step.LOOK if into < 1.0:
            return scores(eyeLookOutLeft=0.8, eyeLookInRight=0.8), points()
        case Step.LOOK if into < 2.0:
            return scores(eyeLookInLeft=0.8, eyeLookOutRight=0.8), points()
        case Step.LOOK:
            down = {"eyeLookDownLeft": 0.8, "eyeLookDownRight": 0.8}
            return scores(**down, eyeBlinkLeft=0.5, eyeBlinkRight=0.4), points()
    return scores(), points()


def guided(calibration: FaceCalibration, seconds: float = 30.0, **missing: str) -> list[Progress]:
    """Return the progress for a performer who follows, except what is `missing` of each step."""
    told: list[Progress] = []
    since, step = 0.0, STEPS[0]
    for frame in range(round(seconds * 30)):
        now = frame / 30
        if calibration.progress.step is not step:
            since, step = now, calibration.progress.step
        fault = missing.get(step.word)
        if fault == "hidden":
            calibration.push(None, None, frame * FRAME_NS)
        else:
            does = Step.RELAX if fault == "still" else step
            calibration.push(*seen(does, now - since), frame * FRAME_NS)
        if not told or told[-1] != calibration.progress:
            told.append(calibration.progress)
        if calibration.progress.ended:
            break
    return told


@pytest.fixture
def profile() -> FaceProfile:
    calibration = FaceCalibration()
    guided(calibration)
    assert calibration.profile is not None
    return calibration.profile


def test_it_takes_ten_seconds_and_asks_five_things_in_order() -> None:
    assert 9.0 < LENGTH_S < 11.0
    calibration = FaceCalibration()
    told = guided(calibration)
    assert list(dict.fromkeys(each.step for each in told)) == list(STEPS)
    shares = [each.share for each in told]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert told[-1].ended and not any(each.refused for each in told)


def test_rest_and_range_are_the_performer_s(profile: FaceProfile) -> None:
    for name, value in REST.items():
        assert profile.rest[ARKIT_INDEX[name]] == pytest.approx(value)
    for name, value in (("mouthSmileRight", 0.6), ("jawOpen", 0.5), ("eyeBlinkRight", 0.62)):
        assert profile.full[ARKIT_INDEX[name]] == pytest.approx(value)
    assert profile.points_full[WIDTH] == pytest.approx(0.1, abs=1e-6)
    assert 0.2 < profile.leak < 0.8


def test_a_calibrated_face_rests_at_once_and_reaches_one(profile: FaceProfile) -> None:
    solver = FaceSolver()
    solver.set_profile(profile)
    shapes, _ = solver.solve(scores(), points(), 0, 0.0)
    assert shapes.max() < 0.02, ARKIT[int(shapes.argmax())]
    for k in range(1, 15):
        shapes, _ = solver.solve(*seen(Step.SMILE, 0.0), k * FRAME_NS, 1 / 30)
    for side in ("Left", "Right"):
        assert shapes[ARKIT_INDEX[f"mouthSmile{side}"]] > 0.85


@pytest.mark.parametrize(
    ("step", "fault", "word"),
    [
        ("relax", "hidden", "not seen"),
        ("smile", "still", "smile"),
        ("open", "still", "mouth"),
        ("close", "still", "open"),
        ("look", "still", "moved"),
        ("look", "hidden", "not seen"),
    ],
)
def test_a_step_that_was_not_done_says_why_and_gives_up_after_three_tries(
    step: str, fault: str, word: str
) -> None:
    calibration = FaceCalibration()
    told = guided(calibration, 60.0, **{step: fault})
    refusals = [each.refused for each in told if each.refused]
    assert refusals and word in refusals[0]
    assert told[-1].ended and "nothing was changed" in told[-1].refused
    assert calibration.profile is None
    starts = [each for each in told if each.refused and each.share == told[-1].share]
    assert len(starts) >= TRIES - 1


def test_a_step_that_is_done_at_the_second_try_continues() -> None:
    calibration = FaceCalibration()
    told = guided(calibration, 6.5, open="still")
    assert any(each.refused for each in told)
    for frame in range(200, 700):
        calibration.push(*seen(calibration.progress.step, frame % 80 / 30), frame * FRAME_NS)
    assert calibration.profile is not None


def test_a_face_is_kept_and_found_by_its_performer_s_name(
    profile: FaceProfile, tmp_path: Path
) -> None:
    for name in ("Ren", "Åsa ../x", "Ren."):
        save_profile(profile, name, tmp_path)
        again = load_profile(name, tmp_path)
        assert again is not None
        np.testing.assert_array_equal(again.full, profile.full)
        assert again.leak == profile.leak
    assert list_performers(tmp_path) == ["Ren", "Ren.", "Åsa ../x"]
    assert len(list(tmp_path.iterdir())) == 3
    assert load_profile("Nobody", tmp_path) is None


def test_a_face_that_was_kept_when_fewer_shapes_were_read_is_still_known(
    profile: FaceProfile, tmp_path: Path
) -> None:
    path = save_profile(profile, "Ren", tmp_path)
    record = json.loads(path.read_text())
    record["read_full"] = record["read_full"][:6]
    path.write_text(json.dumps(record))
    again = load_profile("Ren", tmp_path)
    assert again is not None
    np.testing.assert_array_equal(again.read_full[:6], profile.read_full[:6])
    np.testing.assert_array_equal(again.read_full[6:], default_full_sums()[6:])


@pytest.mark.parametrize("name", ["", "   ", "x" * 200, "名" * 60])
def test_a_name_that_makes_no_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="not a name"):
        profile_path(name, tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{", b"[]", b"{}", b"\xff\xfe", b"null", b"[" * 5000,
        b'{"version":9}',
    ],
)  # fmt: skip
def test_a_damaged_record_is_reported_in_a_sentence(damage: bytes, tmp_path: Path) -> None:
    profile_path("Ren", tmp_path).write_bytes(damage)
    with pytest.raises(MotionError, match="calibrate the face again"):
        load_profile("Ren", tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("rest", "[1.0]"), ("full", "[]"), ("leak", "1e999"), ("gaze_scale", "[0,1]")],
)
def test_a_record_of_other_numbers_is_refused(
    profile: FaceProfile, tmp_path: Path, name: str, value: str
) -> None:
    path = save_profile(profile, "Ren", tmp_path)
    record = json.loads(path.read_text())
    record[name] = None
    path.write_text(json.dumps(record).replace(f'"{name}": null', f'"{name}": {value}'))
    with pytest.raises(MotionError, match="Ren"):
        load_profile("Ren", tmp_path)


def test_a_folder_that_cannot_be_made_is_reported(profile: FaceProfile, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MotionError, match="cannot be stored"):
        save_profile(profile, "Ren", tmp_path / "file" / "performers")
