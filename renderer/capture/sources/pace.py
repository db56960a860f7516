"""Schedule frames: live, in real time and only the newest; offline, every frame."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import takewhile
from typing import Final

from renderer.capture.records import CameraFrame

_STEP_S: Final = 0.05
"""Longest wait before the stop event is checked again."""


def as_if_live(
    frames: Iterable[CameraFrame], stop: threading.Event, began_ns: int | None = None
) -> Iterator[CameraFrame]:
    """Yield a file's frames in real time, each at its presentation time after the first.

    An overdue frame is yielded at once, with the time at which it was due.

    Args:
        frames: frames with times from the file's start.
        stop: ends the iteration, also during a wait.
        began_ns: when the file's start was presented, monotonic; None presents the first frame now.
    """
    start_ns = began_ns
    for frame in frames:
        if start_ns is None:
            start_ns = time.monotonic_ns() - frame.t_seen_ns
        due_ns = start_ns + frame.t_seen_ns
        if stop.wait(max(0.0, (due_ns - time.monotonic_ns()) / 1e9)):
            return
        yield replace(frame, t_seen_ns=due_ns)


class NewestFrame:
    """A one-frame buffer between a reading and a processing thread.

    A new frame replaces one that has not been taken, so a slow consumer drops frames but adds no
    latency.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: CameraFrame | None = None
        self._ended = False

    def fill(self, frames: Iterable[CameraFrame]) -> None:
        """Store every frame as it is read, until the end; runs in the reading thread."""
        try:
            for frame in frames:
                with self._changed:
                    self._frame = frame
                    self._changed.notify()
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify()

    def frames(self, stop: threading.Event) -> Iterator[CameraFrame]:
        """Yield the newest frame as it becomes available, until the reading ends."""
        while not stop.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._frame is not None or self._ended, _STEP_S)
                frame, self._frame = self._frame, None
                ended = self._ended
            if frame is not None:
                yield frame
            elif ended:
                return


def newest_only(frames: Iterable[CameraFrame], stop: threading.Event) -> Iterator[CameraFrame]:
    """Read frames in a thread of their own and yield the newest one at each step.

    Raises:
        CaptureError: the error that ended the reading.
    """
    place = NewestFrame()
    with ThreadPoolExecutor(1, "read") as pool:
        reading = pool.submit(place.fill, takewhile(lambda _: not stop.is_set(), frames))
        try:
            yield from place.frames(stop)
        finally:
            stop.set()
        reading.result()


def one_ahead(frames: Iterable[CameraFrame]) -> Iterator[CameraFrame]:
    """Yield every frame, reading one frame ahead in a thread."""
    source = iter(frames)
    with ThreadPoolExecutor(1, "read") as pool:
        reading = pool.submit(next, source, None)
        while (frame := reading.result()) is not None:
            reading = pool.submit(next, source, None)
            yield frame
