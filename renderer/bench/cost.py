"""Measure cost: wall-clock time, and processor time of this process and its children."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Final

_SHORTEST_S: Final = 1e-3
"""Lower bound in seconds: on a busy machine the start alone can seem longer than the whole run."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall-clock seconds, and processor seconds over all processes."""

    clock_s: float
    processor_s: float

    def less(self, start: Cost) -> Cost:
        """Return this cost without `start`, the cost of starting and ending."""
        return Cost(
            max(self.clock_s - start.clock_s, _SHORTEST_S),
            max(self.processor_s - start.processor_s, _SHORTEST_S),
        )


class Stopwatch:
    """Measures from its creation to `read`, including child processes that ended meanwhile."""

    def __init__(self) -> None:
        self._clock_s, self._processor_s = time.perf_counter(), sum(os.times()[:4])

    def read(self) -> Cost:
        """Return the cost since creation."""
        clock_s, processor_s = time.perf_counter(), sum(os.times()[:4])
        return Cost(clock_s - self._clock_s, processor_s - self._processor_s)
