"""Measure the rate and the latency of a camera's frames."""

from __future__ import annotations

import statistics
import threading
from collections import deque
from typing import Final

SPAN_NS: Final = 2_000_000_000
"""Length of the measurement window, nanoseconds."""

_KEPT: Final = 512
"""Number of frames kept: two seconds of the fastest camera."""


class RateMeter:
    """Measures frames as they arrive. Thread-safe.

    Args:
        live: frame times are on this machine's monotonic clock, so that latency can be measured.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._beats: deque[tuple[int, float]] = deque(maxlen=_KEPT)
        self._first_ns = self._last_ns = 0

    @property
    def beats(self) -> bool:
        """Return whether any frame has arrived yet."""
        return self._last_ns > 0

    def beat(self, t_seen_ns: int, now_ns: int) -> None:
        """Record the arrival of a frame's landmarks.

        Args:
            t_seen_ns: capture time of the frame, nanoseconds.
            now_ns: monotonic time, nanoseconds.
        """
        with self._lock:
            self._first_ns = self._first_ns or now_ns
            self._last_ns = now_ns
            self._beats.append((now_ns, (now_ns - t_seen_ns) / 1e6))

    def rate(self, now_ns: int) -> float:
        """Return the frames per second in the last SPAN_NS; 0 if there were none."""
        with self._lock:
            count = sum(now_ns - at_ns < SPAN_NS for at_ns, _ in self._beats)
            passed_ns = min(now_ns - self._first_ns, SPAN_NS)
        # The very first frame does not complete an interval.
        return (count - (passed_ns < SPAN_NS)) * 1e9 / passed_ns if count and passed_ns > 0 else 0.0

    def latency_ms(self, now_ns: int) -> float:
        """Return the median time from capture to landmarks, milliseconds; 0 if unknown."""
        with self._lock:
            late = [ms for at_ns, ms in self._beats if now_ns - at_ns < SPAN_NS]
        return statistics.median(late) if self._live and late else 0.0

    def silent_ns(self, now_ns: int) -> int:
        """Return the time since the last frame, nanoseconds; 0 before the first one."""
        with self._lock:
            return now_ns - self._last_ns if self._last_ns else 0
