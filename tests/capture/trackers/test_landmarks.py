"""Test the real trackers on a real dancer."""

from __future__ import annotations

import time
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from avatars.names import ARKIT_INDEX
from renderer.capture.records import CameraFrame, Hand, Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks
from renderer.capture.trackers.mediapipe import FaceTask, HandTask
from renderer.capture.trackers.models import load_model
from renderer.errors import CaptureError

LEFT_WRIST, RIGHT_WRIST = 15, 16


def first_frames(path: Path, count: int) -> list[CameraFrame]:
    with closing(open_source(str(path))) as source:
        return list(islice(source.frames(), count))


def test_the_body_is_seen_in_nearly_every_frame(dance: list[Observation]) -> None:
    seen = [o for o in dance if o.pose is not None]
    assert len(seen) >= 0.95 * len(dance)
    for o in seen:
        assert o.pose is not None
        assert o.pose_world is not None
        assert o.visibility is not None
        assert (o.pose.shape, o.pose_world.shape, o.visibility.shape) == ((33, 3), (33, 3), (33,))
        # From head to foot in the picture, and no torso is shorter than 0.3 m.
        assert 0 < o.pose[0, 1] < o.pose[27, 1] < 1
        assert np.linalg.norm(o.pose_world[11] - o.pose_world[23]) > 0.3


def test_left_is_the_performers_left(dance: list[Observation]) -> None:
    """Facing the camera, the performer's left is on the picture's right."""
    for o in dance:
        assert o.pose is not None
        assert o.pose_world is not None
        assert o.pose[LEFT_WRIST, 0] > o.pose[RIGHT_WRIST, 0]
        assert o.pose_world[LEFT_WRIST, 0] > o.pose_world[RIGHT_WRIST, 0]
        for hand, wrist in ((o.left_hand, LEFT_WRIST), (o.right_hand, RIGHT_WRIST)):
            if hand is not None:
                assert np.abs(hand.image[0, :2] - o.pose[wrist, :2]).max() < 0.05


def test_the_face_of_a_whole_body_is_seen_thanks_to_its_crop(
    dance: list[Observation], dancer: Path, models: Path
) -> None:
    seen = [o for o in dance if o.face is not None]
    assert len(seen) >= 0.9 * len(dance)
    with FaceTask(load_model("face", models)) as task:
        frames = first_frames(dancer, 20)
        assert not any(task.find(f.pixels, f.t_seen_ns // 1_000_000) for f in frames)
    for o in seen:
        assert o.face is not None
        assert o.pose is not None
        assert o.face.shape == (478, 3)
        # The mesh's nose tip is at the body's nose, and the mesh is about as wide as the head.
        assert np.abs(o.face[1, :2] - o.pose[0, :2]).max() * o.size[0] < 6
        assert 12 < np.ptp(o.face[:, 0]) * o.size[0] < 40


def test_scores_and_head_are_those_of_a_face_at_rest_far_away(dance: list[Observation]) -> None:
    seen = [o for o in dance if o.scores is not None and o.head is not None]
    scores = np.array([o.scores for o in seen])
    assert scores.shape[1:] == (52,)
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert np.median(scores[:, ARKIT_INDEX["jawOpen"]]) < 0.2
    for o in seen:
        assert o.head is not None
        rotation, (x, y, z) = o.head[:3, :3], o.head[:3, 3]
        assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=0.02)
        assert rotation[2, 2] > 0.7
        # Metres away, above the picture's middle and near its middle column.
        assert -800 < z < -150
        assert abs(x) < 40
        assert 0 < y < 200


def test_hands_are_found_by_their_wrists(
    dance: list[Observation], dancer: Path, models: Path
) -> None:
    """The white glove is found, more often than without the crop; the red one is hard."""
    seen = [o.right_hand for o in dance if o.right_hand is not None]
    assert len(seen) >= 0.5 * len(dance)
    for hand in seen:
        assert (hand.image.shape, hand.world.shape) == ((21, 3), (21, 3))
        assert 0 <= hand.score <= 1
        # From the wrist to the middle finger's tip: a hand's length, fist or not.
        assert 0.03 < np.linalg.norm(hand.world[0] - hand.world[12]) < 0.25
    # The tracker's handedness, too, is the performer's own.
    assert np.median([hand.score for hand in seen]) > 0.5
    with HandTask(load_model("hand", models), 2) as task:
        frames = first_frames(dancer, len(dance))
        whole = sum(bool(task.find(f.pixels, f.t_seen_ns // 1_000_000)) for f in frames)
    assert len(seen) >= whole


def test_the_same_frames_give_the_same_observations(
    dance: list[Observation], dancer: Path, models: Path
) -> None:
    with Landmarks(models) as landmarks:
        again = [landmarks.observe(frame) for frame in first_frames(dancer, 15)]
    for before, after in zip(dance, again, strict=False):
        assert_same(before, after)


def assert_same(before: Observation, after: Observation) -> None:
    for name in Observation.__dataclass_fields__:
        first, second = getattr(before, name), getattr(after, name)
        if isinstance(first, np.ndarray):
            assert np.array_equal(first, second), name
        elif isinstance(first, Hand):
            assert np.array_equal(first.image, second.image)
            assert np.array_equal(first.world, second.world)
        else:
            assert first == second


def test_hands_that_come_late_go_along_with_their_wrists(
    dance: list[Observation], dancer: Path, models: Path
) -> None:
    late: list[Observation] = []
    found: list[Observation] = []
    least = 0.5 * sum(o.right_hand is not None for o in dance)
    # Hands get the remaining time of a frame: without a pause, none; beside other work, a longer.
    for pause_s in (0.1, 0.6):
        with Landmarks(models, hurried=True) as landmarks:
            late = []
            for frame in first_frames(dancer, len(dance)):
                late.append(landmarks.observe(frame))
                time.sleep(pause_s)
        found = [o for o in late if o.right_hand is not None]
        if len(found) >= least:
            break
    assert len(found) >= least
    for o in found:
        assert o.pose is not None
        assert o.right_hand is not None
        assert np.abs(o.right_hand.image[0, :2] - o.pose[RIGHT_WRIST, :2]).max() < 0.05
    for every, other in zip(dance, late, strict=True):
        assert every.pose is not None
        assert other.pose is not None
        assert np.array_equal(every.pose, other.pose)


def test_what_was_seen_cannot_be_changed(dance: list[Observation]) -> None:
    o = next(o for o in dance if o.right_hand is not None and o.face is not None)
    assert o.right_hand is not None
    for array in (
        o.face, o.scores, o.head, o.pose, o.pose_world, o.visibility,
        o.right_hand.image, o.right_hand.world,
    ):  # fmt: skip
        assert array is not None
        assert array.dtype == np.float32
        assert not array.flags.writeable


def test_an_empty_stage_shows_nobody_and_a_performer_is_found_again(
    dancer: Path, models: Path
) -> None:
    frames = first_frames(dancer, 8)
    height, width = frames[0].pixels.shape[:2]
    black = np.zeros((height, width, 3), np.uint8)
    empty = [CameraFrame(black, (100 + n) * 40_000_000, 100 + n) for n in range(4)]
    back = [CameraFrame(f.pixels, (200 + f.index) * 40_000_000, 200 + f.index) for f in frames]
    with Landmarks(models) as landmarks:
        seen = [landmarks.observe(frame) for frame in [*frames, *empty, *back]]
    assert seen[7].pose is not None
    last = seen[11]
    assert last.pose is last.face is last.left_hand is last.right_hand is None
    assert seen[-1].pose is not None
    assert seen[-1].face is not None


def test_frames_of_one_time_or_none_are_survived(models: Path) -> None:
    """A camera may repeat a timestamp; the smallest picture is empty, but must not fail."""
    with Landmarks(models) as landmarks:
        for index in range(3):
            tiny = CameraFrame(np.zeros((2, 3, 3), np.uint8), 0, index)
            assert landmarks.observe(tiny).pose is None


def test_missing_models_are_reported(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="tracking model is missing"):
        Landmarks(tmp_path)
