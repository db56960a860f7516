"""Measure the latency of the newest frames, in constant memory however long a show is."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np

from renderer.protocol.latency import StageLatency

WINDOW_NS: Final = 10_000_000_000
_MOST: Final = 1200
"""Samples kept: ten seconds at 120 frames per second."""


class LatencyWindow:
    """Latencies of the last ten seconds. One thread notes them, any thread reads them.

    Args:
        clock: returns monotonic nanoseconds.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock = clock
        self._samples: deque[tuple[int, int]] = deque(maxlen=_MOST)

    def note(self, latency_ns: int) -> None:
        """Add the latency of a frame that has just passed."""
        self._samples.append((self._clock(), latency_ns))

    def read(self) -> StageLatency:
        """Return the percentiles of the last ten seconds."""
        since = self._clock() - WINDOW_NS
        recent = [latency for at, latency in tuple(self._samples) if at >= since]
        if not recent:
            return StageLatency()
        p50, p95, p99 = (np.percentile(recent, (50, 95, 99)) / 1e6).tolist()
        return StageLatency(p50, p95, p99, len(recent))


class FirstShown:
    """Recognises the frames that are the first to show an observation."""

    def __init__(self) -> None:
        self._newest_ns = 0

    def is_first(self, t_seen_ns: int) -> bool:
        """Return whether a frame's observation is newer than any before; not if it has none."""
        if t_seen_ns <= self._newest_ns:
            return False
        self._newest_ns = t_seen_ns
        return True
