"""How steadily a camera's frames come, and how late."""

from __future__ import annotations

import statistics
import threading
from collections import deque
from typing import Final

SPAN_NS: Final = 2_000_000_000
"""What is told is of the last so many nanoseconds."""

_KEPT: Final = 512
"""Frames that are remembered: two seconds of the fastest camera."""


class RateMeter:
    """Counts frames as they arrive. One thread may tell of them while another asks.

    Args:
        live: frames are stamped by the clock that they are told by, so that they have a latency.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._beats: deque[tuple[int, float]] = deque(maxlen=_KEPT)
        self._first_ns = self._last_ns = 0

    @property
    def beats(self) -> bool:
        """Whether any frame has come yet."""
        return self._last_ns > 0

    def beat(self, t_seen_ns: int, now_ns: int) -> None:
        """A frame's landmarks have arrived.

        Args:
            t_seen_ns: when the light hit the camera.
            now_ns: monotonic.
        """
        with self._lock:
            self._first_ns = self._first_ns or now_ns
            self._last_ns = now_ns
            self._beats.append((now_ns, (now_ns - t_seen_ns) / 1e6))

    def rate(self, now_ns: int) -> float:
        """Frames a second; 0 where none came of late."""
        with self._lock:
            count = sum(now_ns - at_ns < SPAN_NS for at_ns, _ in self._beats)
            passed_ns = min(now_ns - self._first_ns, SPAN_NS)
        # The first frame of all ends no interval.
        return (count - (passed_ns < SPAN_NS)) * 1e9 / passed_ns if count and passed_ns > 0 else 0.0

    def latency_ms(self, now_ns: int) -> float:
        """Median from the light to the landmarks; 0 where there is none."""
        with self._lock:
            late = [ms for at_ns, ms in self._beats if now_ns - at_ns < SPAN_NS]
        return statistics.median(late) if self._live and late else 0.0

    def silent_ns(self, now_ns: int) -> int:
        """For how long nothing came; 0 before the first frame."""
        with self._lock:
            return now_ns - self._last_ns if self._last_ns else 0
