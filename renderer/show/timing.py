"""Measure the time of each stage of a frame, in constant memory however long the show is."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np

_KEPT: Final = 1800
"""Number of newest frames for percentiles: a minute at 30 frames per second."""


@dataclass(frozen=True, slots=True)
class StageCost:
    """Milliseconds per frame: median and 95th percentile of the last minute, mean of all."""

    median_ms: float
    p95_ms: float
    mean_ms: float


class StageTimes:
    """Milliseconds per frame, by stage."""

    def __init__(self) -> None:
        self._newest: dict[str, deque[float]] = {}
        self._total: dict[str, float] = {}
        self._count: dict[str, int] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Time the block as one frame of `stage`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, (time.perf_counter() - began) * 1e3)

    def add(self, stage: str, milliseconds: float) -> None:
        """Add one frame's milliseconds."""
        self._newest.setdefault(stage, deque(maxlen=_KEPT)).append(milliseconds)
        self._total[stage] = self._total.get(stage, 0.0) + milliseconds
        self._count[stage] = self._count.get(stage, 0) + 1

    def newest(self, frames: int = 30) -> dict[str, float]:
        """Return each stage's mean milliseconds over the newest frames."""
        return {
            stage: sum(list(kept)[-frames:]) / min(frames, len(kept))
            for stage, kept in self._newest.items()
        }

    def costs(self) -> dict[str, StageCost]:
        """Return each stage's cost."""
        return {
            stage: StageCost(
                float(np.percentile(kept, 50)),
                float(np.percentile(kept, 95)),
                self._total[stage] / self._count[stage],
            )
            for stage, kept in self._newest.items()
        }
