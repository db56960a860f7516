"""Test a video of one picture per second: each is shown for its whole duration, even the last."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fractions import Fraction
from pathlib import Path

import av
import pytest

from renderer.capture.process.process import CaptureProcess
from renderer.paths import CLIP
from renderer.show.inputs.feed import CaptureFeed
from renderer.show.timing import StageTimes

SECOND = 1_000_000_000


def pictures(path: Path, count: int, leap_s: int = 0) -> Path:
    """Write pictures of the demo's performer, one per second; with a gap before the last."""
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        given = source.streams.video[0]
        stream = target.add_stream("libx264", rate=Fraction(1), options={"bf": "0"})
        stream.width, stream.height, stream.pix_fmt = given.width, given.height, "yuv420p"
        for number, frame in zip(range(count), source.decode(given), strict=False):
            frame.pts = number + (leap_s if number == count - 1 else 0)
            frame.time_base = Fraction(1)
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return path


@contextmanager
def opened(path: Path) -> Iterator[CaptureFeed]:
    capture = CaptureProcess(str(path), live=False)
    with closing(CaptureFeed(lambda: capture, StageTimes(), live=False)) as feed:
        yield feed


def test_the_last_picture_is_shown_for_its_duration(tmp_path: Path) -> None:
    path = pictures(tmp_path / "slow.mp4", 3)
    with opened(path) as feed:
        assert feed.end_ns == 0
        seen = [entry.record.t_seen_ns for entry in feed.until(10 * SECOND)]
        assert seen == [0, SECOND, 2 * SECOND]
        assert feed.ended and feed.end_ns == pytest.approx(3 * SECOND, abs=1e6)
        assert feed.warnings == [] and feed.broken_off == ""


def test_a_leap_is_a_warning_and_no_lost_end(tmp_path: Path) -> None:
    path = pictures(tmp_path / "leap.mkv", 4, leap_s=3600)
    with opened(path) as feed:
        seen = [entry.record.t_seen_ns for entry in feed.until(10 * SECOND)]
        assert seen == [0, SECOND, 2 * SECOND, 3 * SECOND]
        (warning,) = feed.warnings
        assert warning.startswith("the timestamps of leap.mkv leap once by 3601.0 s")
        assert feed.broken_off == ""


def test_a_show_of_a_slow_video_is_as_long_as_it_and_moves_to_its_end(tmp_path: Path) -> None:
    path, out = pictures(tmp_path / "slow.mp4", 3), tmp_path / "show.mp4"
    words = ["show", "--input", str(path), "--record", str(out), "--size", "256x144"]
    subprocess.run([sys.executable, "-m", "renderer.cli", *words], check=True, timeout=120)
    with av.open(str(out)) as file:
        assert sum(1 for _ in file.decode(video=0)) == 72
