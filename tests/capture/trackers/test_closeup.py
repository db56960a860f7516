"""Test a camera close to the face: the real tracker on an enlarged crop of the demo's head."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from renderer.capture.process.messages import EndOfStream
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import CameraFrame, Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.closeup import CloseUp
from renderer.capture.trackers.crops import places
from renderer.capture.trackers.landmarks import Landmarks

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "performance.mp4"
FRAMES = 20


@pytest.fixture(scope="module")
def seen(models: Path) -> tuple[list[CameraFrame], list[Observation]]:
    with closing(open_source(str(DEMO))) as source, Landmarks(models) as landmarks:
        frames = list(islice(source.frames(), FRAMES))
        return frames, [landmarks.observe(frame) for frame in frames]


@pytest.fixture(scope="module")
def heads(seen: tuple[list[CameraFrame], list[Observation]]) -> list[CameraFrame]:
    frames, dance = seen
    first = dance[0]
    assert first.pose is not None
    assert first.visibility is not None
    crop = places(first.pose, first.visibility, first.size).face
    assert crop is not None
    return [
        CameraFrame(
            cv2.resize(crop.cut(frame.pixels), (640, 640), interpolation=cv2.INTER_CUBIC),
            frame.t_seen_ns,
            frame.index,
        )
        for frame in frames
    ]


def test_the_face_is_seen_and_nothing_else(models: Path, heads: list[CameraFrame]) -> None:
    with CloseUp(models) as closeup:
        found = [closeup.observe_all(frame) for frame in heads]
    assert all(len(each) == 1 for each in found)
    for (one,), frame in zip(found, heads, strict=True):
        assert (one.t_seen_ns, one.index, one.size) == (frame.t_seen_ns, frame.index, (640, 640))
        assert one.pose is None
        assert one.left_hand is None
        assert one.right_hand is None
    faces = [one.face for (one,) in found if one.face is not None]
    assert len(faces) >= 0.9 * FRAMES
    for face in faces:
        assert 0.2 < np.ptp(face[:, 0]) < 0.9
        assert not face.flags.writeable


def test_a_large_picture_gives_the_same_face(models: Path, heads: list[CameraFrame]) -> None:
    def points(side: int) -> list[np.ndarray]:
        with CloseUp(models) as closeup:
            return [
                one.face
                for frame in heads
                for one in closeup.observe_all(
                    CameraFrame(
                        cv2.resize(frame.pixels, (side, side)), frame.t_seen_ns, frame.index
                    )
                )
                if one.face is not None
            ]

    small, large = points(640), points(2160)
    assert len(small) == len(large)
    off = np.array([np.abs(a[:, :2] - b[:, :2]).mean() for a, b in zip(small, large, strict=True)])
    assert np.median(off) < 0.01


def test_a_process_watches_a_closeup(
    models: Path, heads: list[CameraFrame], make_video: Callable[..., Path]
) -> None:
    video = make_video([frame.pixels for frame in heads])
    with CaptureProcess(str(video), False, models=models, closeup=True) as capture:
        got: list[Observation] = []
        while isinstance(one := capture.get(30.0), Observation):
            got.append(one)
    assert isinstance(one, EndOfStream)
    assert not one.failed
    assert len(got) == FRAMES
    assert sum(one.scores is not None for one in got) >= 0.9 * FRAMES
    assert all(one.pose is None for one in got)
