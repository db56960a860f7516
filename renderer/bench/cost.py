"""What work costs: time by the clock, and processor time of this process and its children."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Final

_SHORTEST_S: Final = 1e-3
"""Seconds that work takes at least: on a busy machine its start may seem longer than the whole."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of the processor in all processes."""

    clock_s: float
    processor_s: float

    def less(self, start: Cost) -> Cost:
        """Return the cost of the work alone, where `start` is that of its start and end."""
        return Cost(
            max(self.clock_s - start.clock_s, _SHORTEST_S),
            max(self.processor_s - start.processor_s, _SHORTEST_S),
        )


class Stopwatch:
    """Measures from its making to `read`; processes that ended meanwhile are counted."""

    def __init__(self) -> None:
        self._clock_s, self._processor_s = time.perf_counter(), sum(os.times()[:4])

    def read(self) -> Cost:
        """Return what was spent."""
        clock_s, processor_s = time.perf_counter(), sum(os.times()[:4])
        return Cost(clock_s - self._clock_s, processor_s - self._processor_s)
