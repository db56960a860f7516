"""Detect whether the server at the other end of a TCP connection reads what it is sent.

A server that hangs keeps receiving for as long as its kernel has buffer space: at a low bit rate
these are many seconds in which every write succeeds and no viewer sees anything. The receive
window shows it: a server that reads opens the window by as many bytes as it acknowledges, one that
does not lets it shrink. Linux reports both figures; elsewhere nothing is monitored.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from renderer.platform import PLATFORM

_EVERY_S: Final = 1.0
_TAKEN: Final = 0.5
"""Least ratio of the window end's movement to the bytes acknowledged if the server reads.
Measured on loopback: 0.9 and more while it reads, 0.2 at most while it does not."""


@dataclass(frozen=True, slots=True)
class _Sample:
    acked: int
    window_end: int


class TcpProgress:
    """Monitors one connection; `still_s` must be called at least once a second."""

    def __init__(self, fd: int | None) -> None:
        self._fd = fd
        self._last = self._sample()
        self._looked_at = self._progress_at = time.monotonic()
        self._written = 0

    def wrote(self, count: int) -> None:
        """Add to the count of bytes written to the connection."""
        self._written += count

    def still_s(self) -> float:
        """Return for how many seconds the server has accepted none of the data sent."""
        now = time.monotonic()
        if now - self._looked_at >= _EVERY_S:
            sample = self._sample()
            if self._has_progressed(sample):
                self._progress_at = now
            self._last, self._looked_at, self._written = sample, now, 0
        return now - self._progress_at

    def _has_progressed(self, sample: _Sample | None) -> bool:
        if sample is None or self._last is None or not self._written:
            return True
        acked = sample.acked - self._last.acked
        opened = sample.window_end - self._last.window_end
        return acked > 0 and opened >= _TAKEN * acked

    def _sample(self) -> _Sample | None:
        told = None if self._fd is None else PLATFORM.tcp_progress(self._fd)
        return None if told is None else _Sample(told[0], sum(told))
