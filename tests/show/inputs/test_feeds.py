"""Test a show's inputs: takes that are played, cameras that die and return."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderer.capture.network.records import TrackedFace, freeze
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.sources import Entry, Event, Posed, Source
from renderer.motion.takes.write import TakeWriter
from renderer.paths import CLIP
from renderer.show.inputs.feed import CaptureFeed
from renderer.show.inputs.health import Flow
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.timing import StageTimes
from renderer.transport.latest import LatestPicture

SERVER = Path(__file__).parents[2] / "capture" / "sources" / "rtsp_server.py"
STEP = 33_333_333
START = 5_000_000_000_000


def observation(number: int, performer: int) -> Observation:
    pose = np.full((33, 3), 0.01 * number, np.float32)
    return Observation(START + number * STEP, number, (640, 480), pose=pose, performer=performer)


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """Write two performers, thirty frames, a phone and a show entry."""
    path = tmp_path / "duet.mcap"
    with TakeWriter(path, {}) as writer:
        writer.put(Source.SHOW, Event(START - 9, "source"))
        for number in range(30):
            for performer in range(2):
                writer.put(Source.CAMERA, observation(number, performer), performer)
            face = TrackedFace(
                START + number * STEP + 5, freeze(np.zeros(52)), None, freeze([0, 0])
            )
            writer.put(Source.PHONE, face, 1)
    return path


def test_offline_a_take_begins_at_zero(take: Path) -> None:
    with closing(TakeFeed(take, live=False)) as feed:
        assert feed.performers == 2
        assert feed.info.name == "duet.mcap"
        assert feed.info.rate == pytest.approx(30.0, rel=1e-3)
        first = list(feed.until(0))
        assert [(e.source, e.performer) for e in first] == [(Source.CAMERA, 0), (Source.CAMERA, 1)]
        rest = list(feed.until(100 * STEP))
        assert feed.ended
        assert not feed.lost
        assert len(first) + len(rest) == 90
        assert [e.t_ns for e in rest] == sorted(e.t_ns for e in rest)
        assert rest[-1].t_ns == 29 * STEP + 5
        assert list(feed.until(1000 * STEP)) == []


def test_live_a_take_begins_now_and_keeps_its_pace(take: Path) -> None:
    now = 77_000_000_000
    with closing(TakeFeed(take, live=True)) as feed:
        assert [e.t_ns for e in feed.until(now)] == [now, now]
        assert len(list(feed.until(now + 10 * STEP))) == 3 * 10
        assert not feed.ended


def test_what_holds_nothing_of_anybody_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.mcap"
    with TakeWriter(path, {}) as writer:
        writer.put(Source.SHOW, Event(1, "source"))
        writer.put(Source.POSED, Posed(2))
    with pytest.raises(MotionError, match="nothing of any performer"):
        TakeFeed(path, live=False)


def serve(port: int) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-u", str(SERVER), str(port)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


@pytest.fixture
def camera() -> Iterator[list[subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for process in running:
        process.kill()
        process.communicate()


def wait_for(feed: CaptureFeed, seconds: float = 40.0) -> Entry:
    """Return the next entry of a live feed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for entry in feed.until(time.monotonic_ns()):
            return entry
        time.sleep(0.02)
    raise AssertionError("the camera showed nothing")


def test_a_camera_that_is_unplugged_comes_back(camera: list[subprocess.Popen[str]]) -> None:
    """Its connection breaks and is refused for a while; then the camera is back."""
    process, port = serve(0)
    camera.append(process)
    spec = f"rtsp://stage:secret@127.0.0.1:{port}/v"
    feed = CaptureFeed(lambda: CaptureProcess(spec, live=True), StageTimes(), live=True)
    with closing(feed):
        assert feed.info.size == (128, 96)
        before = wait_for(feed)
        process.send_signal(signal.SIGKILL)
        process.wait()
        end = time.monotonic() + 40.0
        # Long enough for at least one failed attempt.
        while len(feed.warnings) < 2 and time.monotonic() < end:
            list(feed.until(time.monotonic_ns()))
            time.sleep(0.02)
        assert any("cannot be watched" in warning for warning in feed.warnings)
        assert "secret" not in " ".join(feed.warnings)
        assert not feed.info.length_ns
        again, _ = serve(port)
        camera.append(again)
        after = wait_for(feed)
        assert isinstance(after.record, Observation)
        assert after.t_ns > before.t_ns
        assert not feed.lost


def test_a_file_whose_capture_died_goes_on_at_its_time(tmp_path: Path) -> None:
    """Every picture has a grey of its own, by which the desk's preview tells which it is."""
    folder, picture = tmp_path / "pictures", tmp_path / "camera"
    folder.mkdir()
    for number in range(200):
        Image.new("RGB", (64, 48), (number, number, number)).save(folder / f"{number}.png")

    def opened() -> CaptureProcess:
        return CaptureProcess(str(folder), live=True, picture=picture, image_rate=2.0)

    with closing(CaptureFeed(opened, StageTimes(), live=True)) as feed:
        first = wait_for(feed)
        assert isinstance(first.record, Observation)
        began_ns = first.t_ns - first.record.index * 500_000_000
        os.kill(feed._capture.pid or 0, signal.SIGKILL)
        while not feed.lost:
            list(feed.until(time.monotonic_ns()))
            time.sleep(0.02)
        after = wait_for(feed)
        with LatestPicture.open(picture) as shared:
            shown = shared.read()
        assert shown is not None
        pixels, t_ns = shown
        # A first pause of two seconds, and the start of trackers.
        assert (after.t_ns - began_ns) / 500_000_000 > 4
        assert int(pixels[0, 0, 0]) == pytest.approx((t_ns - began_ns) / 500_000_000, abs=0.1)
        assert feed.dropped < 20


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Write ten empty pictures, which play for a second."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(10):
        Image.new("RGB", (64, 48), (90, 90, 90)).save(folder / f"{number}.png")
    return folder


def test_an_input_is_changed_and_changed_back_while_the_show_runs(pictures: Path) -> None:
    def clip() -> CaptureProcess:
        return CaptureProcess(str(CLIP), live=True)

    def other() -> CaptureProcess:
        return CaptureProcess(str(pictures), live=True, image_rate=10.0)

    with closing(CaptureFeed(clip, StageTimes(), live=True)) as feed:
        assert feed.health.flow is Flow.OPENING
        size = feed.info.size
        before = wait_for(feed)
        health = feed.health
        assert health.flow is Flow.FLOWING
        assert health.latency_ms > 0.0
        feed.reconnect(other)
        assert feed.health.flow is Flow.RECONNECTING
        between = wait_for(feed)
        assert feed.info.size == (64, 48)
        assert isinstance(between.record, Observation)
        assert between.record.pose is None
        feed.reconnect(clip)
        after = wait_for(feed)
        assert feed.info.size == size
        assert before.t_ns < between.t_ns < after.t_ns
        assert feed.warnings == []


def test_a_take_tells_how_it_is_doing(take: Path) -> None:
    with closing(TakeFeed(take, live=False)) as feed:
        assert feed.health.flow is Flow.FLOWING
        assert feed.health.rate == pytest.approx(30.0, rel=1e-3)
        list(feed.until(100 * STEP))
        assert feed.health.flow is Flow.ENDED


def test_an_address_where_nobody_is_stops_the_show_before_it_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Bound but not listening: connections are refused.
        spec = f"rtsp://kim:secret@127.0.0.1:{taken.getsockname()[1]}/stage"
        done = subprocess.run(
            [sys.executable, "-m", "renderer.cli", "show", "--input", spec,
             "--record", str(tmp_path / "show.mp4"), "--size", "256x144"],
            capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "ENCORE_RUNTIME": str(tmp_path / "run")},
        )  # fmt: skip
    assert done.returncode == 2
    (fault,) = [line for line in done.stderr.splitlines() if line.startswith("encore: ")]
    assert "cannot be watched" in fault
    assert "secret" not in done.stdout + done.stderr
    assert not (tmp_path / "show.mp4").exists()
