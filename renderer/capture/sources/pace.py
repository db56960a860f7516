"""When frames come: live, at the pace of the world and the newest only; offline, all of them."""

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
"""How long a wait may last before it looks whether it has been stopped."""


def as_if_live(frames: Iterable[CameraFrame], stop: threading.Event) -> Iterator[CameraFrame]:
    """Give a file's frames when a camera would: frame n once t0 + its time has come.

    A frame that is due already is given at once, with the time at which it was due.

    Args:
        frames: with times from the file's start.
        stop: ends the frames, even in the middle of a wait.
    """
    start_ns: int | None = None
    for frame in frames:
        if start_ns is None:
            start_ns = time.monotonic_ns() - frame.t_seen_ns
        due_ns = start_ns + frame.t_seen_ns
        if stop.wait(max(0.0, (due_ns - time.monotonic_ns()) / 1e9)):
            return
        yield replace(frame, t_seen_ns=due_ns)


class NewestFrame:
    """A place for one frame between a thread that reads pictures and one that works on them.

    A new frame replaces one that nobody has taken: whoever is slow loses frames, never time.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: CameraFrame | None = None
        self._ended = False

    def fill(self, frames: Iterable[CameraFrame]) -> None:
        """Put every frame here as it comes, to the end; runs in the reading thread."""
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
        """The newest frame whenever there is one, until the reading ends."""
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
    """Read frames in a thread of their own, and give the newest whenever the next is asked for.

    Raises:
        CaptureError: whatever the reading raised.
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
    """Every frame, the next one being read while the last one is worked on."""
    source = iter(frames)
    with ThreadPoolExecutor(1, "read") as pool:
        reading = pool.submit(next, source, None)
        while (frame := reading.result()) is not None:
            reading = pool.submit(next, source, None)
            yield frame
