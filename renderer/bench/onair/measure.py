"""Measure what a recording lacks, and how a show's memory grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

import av
import psutil

from renderer.closing import Closing
from renderer.errors import OutputError

_EVERY_S: Final = 2.0
"""Interval in seconds between two samples of the memory."""
_AROUND_S: Final = 1.0
"""Seconds before and after a fault that count as around it: the show's clock is read ten times per
second, and an engine's last frames are in its pipeline."""
_ROUNDING: Final = 0.05
"""Share of a frame by which the time between two pictures may seem longer than it is: containers
round times, and media fills gaps from one frame and a half on."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Times in a recording, seconds, in the order of decoding.

    Attributes:
        pictures: of the pictures.
        sound: of the packets of sound.
    """

    pictures: Sequence[float]
    sound: Sequence[float]


def read_recording(path: Path) -> Recording:
    """Return the times of a recording's pictures and sound.

    Raises:
        OutputError: it cannot be played.
    """
    pictures: list[float] = []
    sound: list[float] = []
    try:
        with av.open(str(path)) as file:
            for packet in file.demux(file.streams.video[0], file.streams.audio[0]):
                if packet.pts is None or packet.time_base is None or not packet.size:
                    continue
                begin = float(packet.pts * packet.time_base)
                (pictures if packet.stream.type == "video" else sound).append(begin)
    except (OSError, IndexError, av.FFmpegError) as fault:
        raise OutputError(
            f"the recording {path.name}", f"cannot be played ({fault})", "see the show's log"
        ) from fault
    return Recording(pictures, sound)


def count_missing(times: Sequence[float], rate: float, spans: Sequence[tuple[float, float]]) -> int:
    """Return how many frames are missing within time spans, given the times of those there are."""
    count = 0
    for early, late in pairwise(times):
        lost = round((late - early) * rate - _ROUNDING) - 1
        if lost > 0 and any(early < end and late > begin for begin, end in spans):
            count += lost
    return count


def longest_silence(times: Sequence[float], spans: Sequence[tuple[float, float]]) -> float:
    """Return the longest time without sound that overlaps one of the spans, seconds.

    The packets have one length, which is the usual step between their times: an MP4 file gives the
    last packet before a gap the length of the gap.
    """
    if len(times) < 2:
        return 0.0
    usual = median(late - early for early, late in pairwise(times))
    gaps = [
        late - early - usual
        for early, late in pairwise(times)
        if any(early < end and late > begin for begin, end in spans)
    ]
    return max(0.0, *gaps) if gaps else 0.0


def widen(begin_s: float, end_s: float) -> tuple[float, float]:
    """Return the time span around a fault."""
    return begin_s - _AROUND_S, end_s + _AROUND_S


def invert(spans: Sequence[tuple[float, float]], end_s: float) -> list[tuple[float, float]]:
    """Return the time between 0 and `end_s` outside the spans, which are in order."""
    outside, begin = [], 0.0
    for start, stop in spans:
        if start > begin:
            outside.append((begin, start))
        begin = max(begin, stop)
    if begin < end_s:
        outside.append((begin, end_s))
    return outside


class MemoryMeter(Closing):
    """Samples the memory of a process and all its descendants."""

    def __init__(self, pid: int, is_calm: Callable[[], bool]) -> None:
        """Start sampling whenever `is_calm`, since a process that starts has not its full size."""
        self._pid, self._is_calm = pid, is_calm
        self._samples: list[int] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)
        self._thread.start()

    def growth_pct(self) -> float:
        """Return the growth from the second quarter of the samples to the last, per cent."""
        samples = list(self._samples)
        quarter = len(samples) // 4
        if not quarter:
            return 0.0
        before, after = median(samples[quarter : 2 * quarter]), median(samples[-quarter:])
        return 100.0 * (after / before - 1.0)

    def close(self) -> None:
        """Stop sampling."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.wait(_EVERY_S):
            if self._is_calm():
                self._samples.append(_resident_bytes(self._pid))


def _resident_bytes(pid: int) -> int:
    total = 0
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in tree:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total


def list_shared_memory() -> set[str]:
    """Return the names of the shared memory on this machine; empty where it has no folder."""
    folder = Path("/dev/shm")
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def sleep_until(moment: float, is_over: Callable[[], bool]) -> None:
    """Sleep until a monotonic time in seconds, or until `is_over`."""
    while (left := moment - time.monotonic()) > 0 and not is_over():
        time.sleep(min(left, 0.2))
