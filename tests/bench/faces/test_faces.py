"""Test the benchmark of labelled faces."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.bench.faces import find_clips, read_labels, run_faces_bench
from renderer.bench.faces.labels import WORDS
from renderer.bench.faces.tasks import TASKS, Shown, balanced_accuracy, gaze_of_scores
from renderer.capture.records import Observation
from renderer.cli import main
from renderer.errors import MotionError

HEADER = ",".join(("clip", "frame", *WORDS, "unsure"))
PLAIN = "open,open,0,0,neutral,neutral,0,neutral,no,no,"


def write_labels(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "labels.csv"
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


def observe(frames: int, **scores: float) -> list[Observation]:
    """Return observations of a face without landmarks and with constant scores."""
    values = np.zeros(len(ARKIT), np.float32)
    for name, value in scores.items():
        values[ARKIT_INDEX[name]] = value
    head = np.eye(4, dtype=np.float32)
    return [
        Observation(k * 33_333_333, k, (640, 480), scores=values, head=head) for k in range(frames)
    ]


def shown(**shapes: float) -> Shown:
    values = np.zeros((1, len(ARKIT)))
    for name, value in shapes.items():
        values[0, ARKIT_INDEX[name]] = value
    return Shown(values, np.zeros((1, 2)))


def test_labels_are_read_with_the_columns_that_are_unsure(tmp_path: Path) -> None:
    path = write_labels(
        tmp_path,
        f"a,7,{PLAIN}gaze_yaw brow_left",
        "b,0,closed,closed,,,raised,worried,3,grin+left,no,no,",
    )
    first, second = read_labels(path)
    assert (first.clip, first.frame) == ("a", 7)
    assert first.unsure == {"gaze_yaw", "brow_left"}
    assert second.words["mouth_shape"] == "grin+left"


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (f",7,{PLAIN}", "names no clip"),
        (f"a,-1,{PLAIN}", "is no number"),
        (f"a,99999999999,{PLAIN}", "is no number"),
        (f"a,1,{PLAIN.replace('neutral', 'furious', 1)}", "brow_left 'furious'"),
        (f"a,1,{PLAIN}temper", "no column"),
        ("a,1", "eye_left ''"),
    ],
)
def test_a_row_that_means_nothing_is_refused(tmp_path: Path, row: str, word: str) -> None:
    with pytest.raises(MotionError, match=word):
        read_labels(write_labels(tmp_path, row))


@pytest.mark.parametrize("text", ["", HEADER, "clip,frame\na,1\n", "\x00\x00", "\xff\xfe"])
def test_a_file_that_holds_no_labels_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(MotionError):
        read_labels(path)


def test_clips_are_found_by_their_names_and_missing_ones_are_named(tmp_path: Path) -> None:
    labels = read_labels(write_labels(tmp_path, f"a,0,{PLAIN}", f"b,0,{PLAIN}"))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.MP4").touch()
    with pytest.raises(MotionError, match="no video of b"):
        find_clips(labels, tmp_path)
    (tmp_path / "b.avi").touch()
    assert list(find_clips(labels, tmp_path)) == ["a", "b"]


def test_the_picture_s_left_is_the_performer_s_right() -> None:
    seen = shown(eyeBlinkRight=1.0, mouthLeft=1.0, mouthSmileRight=0.9)
    assert TASKS["eye"].evidence(seen, "eye_left") == 1.0
    assert TASKS["eye"].evidence(seen, "eye_right") == 0.0
    aside, one_sided = TASKS["aside"], TASKS["one_sided"]
    (said,) = aside.classify(aside.evidence(seen, "mouth_shape"))
    assert said == aside.truth("right") == 1
    (said,) = one_sided.classify(one_sided.evidence(seen, "mouth_shape"))
    assert said == one_sided.truth("smile+left") == -1
    assert one_sided.truth("left") is None and aside.truth("smile+left") is None
    assert seen.lateral == pytest.approx(1.9)


def test_raw_scores_of_a_look_have_its_direction() -> None:
    scores = np.zeros((1, len(ARKIT)))
    for name in ("eyeLookOutLeft", "eyeLookInRight", "eyeLookUpLeft", "eyeLookUpRight"):
        scores[0, ARKIT_INDEX[name]] = 0.7
    yaw, pitch = gaze_of_scores(scores)[0]
    assert 15.0 < yaw < 35.0 and 15.0 < pitch < 35.0


def test_every_class_has_the_same_weight() -> None:
    truth = np.array([0, 0, 0, 1])
    assert balanced_accuracy(truth, np.array([0, 0, 0, 0])) == 0.5
    assert balanced_accuracy(truth, np.array([0, 0, 3, 1])) == pytest.approx(5 / 6)


def test_ours_and_the_raw_scores_are_judged_on_the_same_labels(tmp_path: Path) -> None:
    shut = "closed,closed,,,neutral,neutral,0,neutral,no,no,"
    labels = read_labels(
        write_labels(tmp_path, f"a,40,{shut}", f"a,60,{shut}eye_left", f"b,30,{PLAIN}")
    )
    clips = {
        "a": observe(61, eyeBlinkLeft=0.9, eyeBlinkRight=0.9),
        "b": observe(31, eyeBlinkLeft=0.1, eyeBlinkRight=0.1),
    }
    report = run_faces_bench(labels, clips, True, lambda _: None)
    found = report.labels["shut"]
    assert (found.ours, found.raw, found.ours_any_start, found.n) == (1.0, 1.0, 1.0, 5)
    assert "gaze_yaw" in report.labels and report.labels["gaze_yaw"].n == 1
    assert report.frames == 92 and report.unseen == 0 and report.lateral_over_1_share == 0.0
    plain = json.loads(json.dumps(report.as_dict()))
    assert plain["labels"]["shut"] == {"ours": 1.0, "raw": 1.0, "ours_any_start": 1.0, "n": 5}
    assert "shut" in report.text()
    alone = run_faces_bench(labels, clips, False, lambda _: None)
    assert alone.labels["shut"].ours_any_start is None


def test_a_frame_without_a_face_is_counted_and_one_that_is_not_there_is_refused(
    tmp_path: Path,
) -> None:
    labels = read_labels(write_labels(tmp_path, f"a,1,{PLAIN}", f"a,2,{PLAIN}"))
    frames = observe(3)
    frames[2] = replace(frames[2], scores=None, head=None)
    report = run_faces_bench(labels, {"a": frames}, False, lambda _: None)
    assert report.unseen == 1 and report.labels["mouth_open"].n == 1
    with pytest.raises(MotionError, match="beyond"):
        run_faces_bench(labels, {"a": frames[:2]}, False, lambda _: None)


def test_the_command_names_every_missing_argument(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--labels", str(tmp_path / "no.csv"), "--clips", str(tmp_path / "nowhere")]
    assert main(["bench", "faces", *words]) == 2
    told = capsys.readouterr().err
    assert "no.csv" in told and "nowhere" in told
