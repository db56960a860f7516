"""Measure capture: each tracker alone, all together, and the whole pipeline.

Run with `pytest tests/benchmarks/test_capture.py -s`. The figures are printed, not asserted,
because they depend on the machine as much as on the program.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from renderer.capture.process.messages import pack, unpack
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import CameraFrame, Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.crops import Places, places
from renderer.capture.trackers.landmarks import Landmarks
from renderer.capture.trackers.mediapipe import FaceTask, HandTask, PoseTask
from renderer.capture.trackers.models import load_model, models_folder, read_manifest

FRAMES = 60


def notify(what: str, seconds: list[float], processor_s: float | None = None) -> None:
    p50, p95 = np.percentile(seconds, [50, 95]) * 1e3
    line = f"\n{what:28} p50 {p50:7.2f} ms   p95 {p95:7.2f} ms"
    if processor_s is not None:
        line += f"   processor {processor_s / len(seconds) * 1e3:6.1f} ms"
    sys.stdout.write(line)


@pytest.fixture(scope="module")
def footage(shared_data: Path) -> list[CameraFrame]:
    if not all((models_folder() / model.file).is_file() for model in read_manifest().models):
        pytest.skip("the tracking models are not fetched")
    with closing(open_source(str(shared_data / "video" / "dancer.avi"))) as source:
        return list(islice(source.frames(), FRAMES))


def measure(what: str, frames: list[CameraFrame], work: Callable[[CameraFrame], object]) -> None:
    seconds = []
    processor = time.process_time()
    for frame in frames:
        start = time.perf_counter()
        work(frame)
        seconds.append(time.perf_counter() - start)
    notify(what, seconds, time.process_time() - processor)


def where(frame: CameraFrame) -> Places:
    height, width = frame.pixels.shape[:2]
    with PoseTask(load_model("pose")) as task:
        seen = task.find(frame.pixels, 0)
    assert seen is not None
    return places(seen.points, seen.visibility, (width, height))


def test_each_tracker_alone(footage: list[CameraFrame]) -> None:
    found = where(footage[0])
    assert found.face is not None
    assert found.right_hand is not None
    face_crop, hand_crop = found.face, found.right_hand
    with PoseTask(load_model("pose")) as pose:
        measure("body", footage, lambda f: pose.find(f.pixels, f.t_seen_ns // 10**6))
    with FaceTask(load_model("face")) as face:
        measure(
            "face in its crop",
            footage,
            lambda f: face.find(face_crop.cut(f.pixels), f.t_seen_ns // 10**6),
        )
    with HandTask(load_model("hand"), 1) as hand:
        measure(
            "one hand in its crop",
            footage,
            lambda f: hand.find(hand_crop.cut(f.pixels), f.t_seen_ns // 10**6),
        )


def test_all_trackers_together(footage: list[CameraFrame]) -> None:
    with Landmarks() as landmarks:
        measure("all together", footage, landmarks.observe)


def test_the_way_through_the_pipe(footage: list[CameraFrame]) -> None:
    with Landmarks() as landmarks:
        seen = [landmarks.observe(frame) for frame in footage[:5]]
    receiver, sender = multiprocessing.Pipe(duplex=False)
    seconds = []
    with receiver, sender:
        for _ in range(500):
            start = time.perf_counter()
            sender.send_bytes(pack((seen[-1],)))
            assert isinstance(unpack(receiver.recv_bytes()), tuple)
            seconds.append(time.perf_counter() - start)
    notify(f"pipe, {len(pack((seen[-1],)))} bytes", seconds)


@pytest.mark.slow
def test_a_file_offline_and_live(footage: list[CameraFrame], shared_data: Path) -> None:
    for live in (False, True):
        found = dict.fromkeys(("pose", "face", "left_hand", "right_hand"), 0)
        late = []
        count = 4 * FRAMES
        with CaptureProcess(str(shared_data / "video" / "dancer.avi"), live) as capture:
            assert capture.info
            start = time.perf_counter()
            for _ in range(count):
                seen = capture.get(30.0)
                assert isinstance(seen, Observation)
                late.append((time.monotonic_ns() - seen.t_seen_ns) / 1e9)
                for name in found:
                    found[name] += getattr(seen, name) is not None
            rate = count / (time.perf_counter() - start)
            rates = ", ".join(f"{name} {100 * n / count:.0f} %" for name, n in found.items())
            way = "live" if live else "offline"
            sys.stdout.write(f"\n{way}: {rate:.1f} frames/s, {capture.dropped} lost; seen: {rates}")
        if live:
            notify("from frame to here", late)
