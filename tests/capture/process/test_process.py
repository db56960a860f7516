"""Test capture in its own process: its results, and its behaviour under faults."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from renderer.capture.process.messages import EndOfStream
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.capture.sources.open import open_source
from renderer.errors import CaptureError
from renderer.transport.latest import LatestPicture

LONG = 60.0


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_offline_every_frame_comes_as_it_would_without_a_process(
    dance: list[Observation], dancer: Path, models: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "camera"
    with CaptureProcess(str(dancer), live=False, picture=picture, models=models) as capture:
        info = capture.info
        assert (info.name, info.size, info.rate) == ("dancer.avi", (518, 496), 25.0)
        assert info.length_ns == 62_880_000_000
        assert info.picture_size == (518, 496)
        for expected in dance[:12]:
            seen = capture.get(LONG)
            assert isinstance(seen, Observation)
            assert (seen.index, seen.t_seen_ns) == (expected.index, expected.t_seen_ns)
            assert seen.pose is not None
            assert expected.pose is not None
            assert np.array_equal(seen.pose, expected.pose)
            assert (seen.face is None) == (expected.face is None)
            if seen.face is not None and expected.face is not None:
                assert np.array_equal(seen.face, expected.face)
        assert capture.dropped == 0
        pid = capture.pid
        with LatestPicture.open(picture) as shared, closing(open_source(str(dancer))) as source:
            shown = shared.read()
            assert shown is not None
            pixels, t_ns = shown
            # Not every frame is shown, so which one it is depends on the machine's speed.
            assert t_ns in {seen.t_seen_ns for seen in dance}
            assert np.abs(pixels.astype(int) - next(source.frames()).pixels).mean() < 10
    assert not Path(f"/proc/{pid}").exists()


def test_a_file_ends_with_its_reason_and_its_warning(
    shared_data: Path, models: Path, tmp_path: Path
) -> None:
    """A large picture is shared at a smaller size; a damaged file is used, with a warning."""
    data = (shared_data / "video" / "dancer.avi").read_bytes()
    cut = tmp_path / "cut.avi"
    cut.write_bytes(data[:40_000])
    with CaptureProcess(str(cut), live=False, models=models) as capture:
        count = 0
        while isinstance(message := capture.get(LONG), Observation):
            count += 1
        assert message == capture.get(0)
    assert count >= 5
    assert isinstance(message, EndOfStream)
    assert message.reason == "cut.avi has ended"
    assert not message.failed
    assert "its end is missing" in capture.losses.warning


def test_live_the_newest_wins_and_what_was_lost_is_counted(dancer: Path, models: Path) -> None:
    with closing(open_source(str(dancer))) as source:
        times = [frame.t_seen_ns for frame in source.frames()]
    with CaptureProcess(str(dancer), live=True, models=models) as capture:
        assert capture.info.rate == 25.0
        first = capture.get(LONG)
        assert isinstance(first, Observation)
        time.sleep(2.0)
        came_back_ns = time.monotonic_ns()
        seen = [capture.get(LONG) for _ in range(6)]
        observations = [o for o in seen if isinstance(o, Observation)]
        assert len(observations) == 6
        # Played like a camera: intervals are the file's, on this machine's clock.
        for o in observations:
            assert o.t_seen_ns - first.t_seen_ns == times[o.index] - times[first.index]
            assert o.t_seen_ns < time.monotonic_ns()
        indices = [first.index, *(o.index for o in observations)]
        assert indices == sorted(set(indices))
        assert indices[1] - indices[0] > 5
        # Not a frame that would have waited in a queue.
        assert observations[0].t_seen_ns > came_back_ns - 1_000_000_000
        assert capture.dropped == indices[-1] + 1 - len(indices)


@pytest.mark.parametrize("live", [False, True])
def test_a_source_that_cannot_be_opened_is_raised_here(tmp_path: Path, live: bool) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("not a video")
    with (
        CaptureProcess(str(text), live=live) as capture,
        pytest.raises(CaptureError, match="cannot be read as a video") as caught,
    ):
        _ = capture.info
    assert caught.value.thing == str(text)


def test_missing_models_are_raised_here(dancer: Path, tmp_path: Path) -> None:
    with (
        CaptureProcess(str(dancer), live=False, models=tmp_path) as capture,
        pytest.raises(CaptureError, match="tracking model is missing"),
    ):
        capture.get(LONG)


@pytest.mark.parametrize("live", [False, True])
def test_a_killed_capture_ends_with_the_reason(dancer: Path, models: Path, live: bool) -> None:
    with CaptureProcess(str(dancer), live=live, models=models) as capture:
        assert isinstance(capture.get(LONG), Observation)
        assert capture.pid is not None
        os.kill(capture.pid, signal.SIGKILL)
        while isinstance(message := capture.get(LONG), Observation):
            pass
        assert message == EndOfStream("the capture process was killed (SIGKILL)", failed=True)
        assert capture.get(LONG) == message


@pytest.mark.parametrize("live", [False, True])
def test_a_capture_that_hangs_is_noticed_and_ends_with_the_reason(
    dancer: Path, models: Path, live: bool
) -> None:
    with CaptureProcess(str(dancer), live=live, models=models) as capture:
        assert isinstance(capture.get(LONG), Observation)
        assert capture.pid is not None
        os.kill(capture.pid, signal.SIGSTOP)
        while isinstance(message := capture.get(LONG), Observation):
            pass
        assert isinstance(message, EndOfStream)
        assert message.failed
        assert "the capture process hung: it gave no sign of life" in message.reason
        assert not Path(f"/proc/{capture.pid}").exists()


def test_what_trackers_print_goes_to_the_log_and_not_to_the_terminal(
    dancer: Path,
    models: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with (
        caplog.at_level(logging.INFO),
        CaptureProcess(str(dancer), live=False, models=models) as capture,
    ):
        assert isinstance(capture.get(LONG), Observation)
    lines = [record.getMessage() for record in caplog.records if "output" in record.name]
    assert any("TensorFlow Lite" in line or "landmark" in line for line in lines)
    assert capfd.readouterr().err == ""


def test_killed_before_it_was_ready_is_an_error(dancer: Path, models: Path) -> None:
    with CaptureProcess(str(dancer), live=True, models=models) as capture:
        assert capture.pid is not None
        os.kill(capture.pid, signal.SIGKILL)
        with pytest.raises(CaptureError, match="SIGKILL"):
            _ = capture.info


def test_a_capture_that_was_never_started_is_reported_and_closes(dancer: Path) -> None:
    capture = CaptureProcess(str(dancer), live=True)
    with pytest.raises(CaptureError, match="start the capture first"):
        capture.get(0)
    capture.close()
    assert isinstance(capture.get(0), EndOfStream)


def test_a_capture_may_be_closed_before_it_is_ready_and_twice(dancer: Path, models: Path) -> None:
    capture = CaptureProcess(str(dancer), live=True, models=models)
    capture.start()
    capture.close()
    capture.close()
    assert not Path(f"/proc/{capture.pid}").exists()


PARENT = """
import sys, time
from renderer.capture.process.process import CaptureProcess

if __name__ == "__main__":
    live = sys.argv[2] == "live"
    capture = CaptureProcess(sys.argv[1], live)
    capture.start()
    if not live:
        capture.get(60)
    print(capture._process.pid, flush=True)
    time.sleep(2.0)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("pace", ["live", "offline"])
def test_capture_dies_with_the_process_that_started_it(
    dancer: Path, models: Path, tmp_path: Path, pace: str
) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    command = [sys.executable, str(script), str(dancer), pace]
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
        deadline = time.monotonic() + 20
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not is_running(pid)
        assert "Traceback" not in parent.stderr.read()
