"""Detect whether the server at the other end of a TCP connection reads what it is sent.

A server that hangs keeps receiving for as long as its kernel has buffer space: at a low bit rate
these are many seconds in which every write succeeds and no viewer sees anything. The receive
window shows it: a server that reads opens the window by as many bytes as it acknowledges, one that
does not lets it shrink. Linux reports both figures; elsewhere nothing is monitored.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from renderer.platform import PLATFORM

_WINDOW_S: Final = 1.0
"""Seconds over which the figures are compared: enough data to judge by at the lowest bit rates."""
_EVERY_S: Final = 0.2
_TAKEN: Final = 0.5
"""Least ratio of the window end's movement to the bytes acknowledged if the server reads.
Measured on loopback: 0.9 and more while it reads, 0.2 at most while it does not."""


@dataclass(frozen=True, slots=True)
class _Sample:
    at: float
    written: int
    acked: int
    window_end: int


class TcpProgress:
    """Monitors one connection; `still_s` must be called several times a second."""

    def __init__(self, fd: int | None) -> None:
        self._fd = fd
        self._written = 0
        self._samples: deque[_Sample] = deque()
        self._progress_at = time.monotonic()

    def add_written(self, count: int) -> None:
        """Add to the count of bytes written to the connection."""
        self._written += count

    def still_s(self) -> float:
        """Return for how many seconds the server has accepted none of the data sent."""
        now = time.monotonic()
        if not self._samples or now - self._samples[-1].at >= _EVERY_S:
            self._look(now)
        return now - self._progress_at

    def _look(self, now: float) -> None:
        progress = None if self._fd is None else PLATFORM.tcp_progress(self._fd)
        if progress is None:
            self._progress_at = now
            return
        self._samples.append(_Sample(now, self._written, progress[0], sum(progress)))
        while len(self._samples) > 2 and now - self._samples[1].at >= _WINDOW_S:
            self._samples.popleft()
        first, last = self._samples[0], self._samples[-1]
        acked, opened = last.acked - first.acked, last.window_end - first.window_end
        is_idle = last.written == first.written
        if is_idle or now - first.at < _WINDOW_S or (acked > 0 and opened >= _TAKEN * acked):
            self._progress_at = now
