"""Step the clock of the day that a process reads, as a time server does to a machine's clock."""

from __future__ import annotations

import time
from typing import Final

CLOCK: Final = "the clock"
"""Name of the fault in requests, behind the seconds by which the clock is stepped."""


def step_clock(seconds: float) -> None:
    """Add seconds, which may be negative, to what `time.time` and `time.time_ns` return here."""
    read, read_ns, step_ns = time.time, time.time_ns, round(seconds * 1_000_000_000)
    time.time = lambda: read() + seconds
    time.time_ns = lambda: read_ns() + step_ns
