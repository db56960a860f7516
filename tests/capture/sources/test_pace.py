"""Test that live frames are delivered when due, and only the newest."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from renderer.capture.records import CameraFrame
from renderer.capture.sources.pace import as_if_live, newest_only, one_ahead
from renderer.errors import CaptureError

PIXELS = np.zeros((2, 2, 3), np.uint8)
STEP_NS = 10_000_000


def frames(count: int) -> Iterator[CameraFrame]:
    for number in range(count):
        yield CameraFrame(PIXELS, number * STEP_NS, number)


def test_a_file_plays_at_its_own_pace() -> None:
    seen = [(time.monotonic_ns(), frame) for frame in as_if_live(frames(8), threading.Event())]
    start = seen[0][1].t_seen_ns
    for now, frame in seen:
        assert frame.t_seen_ns == start + frame.index * STEP_NS
        assert now >= frame.t_seen_ns


def test_a_file_goes_on_where_it_would_be() -> None:
    began = time.monotonic_ns() - 50 * STEP_NS
    seen = list(as_if_live(frames(60), threading.Event(), began))
    assert [frame.t_seen_ns for frame in seen] == [began + n * STEP_NS for n in range(60)]
    assert time.monotonic_ns() >= seen[-1].t_seen_ns


def test_playing_can_be_stopped_in_the_middle_of_a_wait() -> None:
    stop = threading.Event()
    far = iter([CameraFrame(PIXELS, 0, 0), CameraFrame(PIXELS, 3_600_000_000_000, 1)])
    playing = as_if_live(far, stop)
    next(playing)
    threading.Timer(0.05, stop.set).start()
    assert list(playing) == []


def test_whoever_is_slow_loses_frames_and_never_falls_behind() -> None:
    stop = threading.Event()
    taken = []
    for frame in newest_only(as_if_live(frames(40), stop), stop):
        late_ns = time.monotonic_ns() - frame.t_seen_ns
        taken.append((frame.index, late_ns))
        time.sleep(0.05)
    indices = [index for index, _ in taken]
    assert indices == sorted(set(indices))
    assert len(indices) < 20
    assert indices[-1] == 39
    # With a queue, the last frames would be later than the first by the missing 1.6 s.
    assert np.median([late for _, late in taken]) < 500e6


def test_what_goes_wrong_in_reading_is_raised_where_the_frames_are_used() -> None:
    def broken() -> Iterator[CameraFrame]:
        yield from frames(1)
        raise CaptureError("camera 0", "stopped", "check its cable")

    with pytest.raises(CaptureError, match="stopped"):
        list(newest_only(broken(), threading.Event()))
    with pytest.raises(CaptureError, match="stopped"):
        list(one_ahead(broken()))


def test_offline_loses_nothing() -> None:
    assert [frame.index for frame in one_ahead(frames(30))] == list(range(30))


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    stop = threading.Event()
    playing = newest_only(as_if_live(frames(1000), stop), stop)
    next(playing)
    playing.close()
    ahead = one_ahead(frames(1000))
    next(ahead)
    ahead.close()
    assert threading.active_count() == before
