"""How long each stage of a frame takes, kept in fixed memory however long the show is."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np

_KEPT: Final = 1800
"""Newest frames that percentiles are taken over: a minute at 30 a second."""


@dataclass(frozen=True, slots=True)
class StageCost:
    """Milliseconds a frame: median and 95th percentile of the newest minute, mean of all."""

    median_ms: float
    p95_ms: float
    mean_ms: float


class StageTimes:
    """Milliseconds a frame, by stage."""

    def __init__(self) -> None:
        self._newest: dict[str, deque[float]] = {}
        self._total: dict[str, float] = {}
        self._count: dict[str, int] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Time the block as one frame's share of `stage`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, (time.perf_counter() - began) * 1e3)

    def add(self, stage: str, milliseconds: float) -> None:
        """Count one frame's milliseconds."""
        self._newest.setdefault(stage, deque(maxlen=_KEPT)).append(milliseconds)
        self._total[stage] = self._total.get(stage, 0.0) + milliseconds
        self._count[stage] = self._count.get(stage, 0) + 1

    def newest(self, frames: int = 30) -> dict[str, float]:
        """Mean milliseconds of each stage over the newest frames."""
        return {
            stage: sum(list(kept)[-frames:]) / min(frames, len(kept))
            for stage, kept in self._newest.items()
        }

    def costs(self) -> dict[str, StageCost]:
        """Return what each stage cost."""
        return {
            stage: StageCost(
                float(np.percentile(kept, 50)),
                float(np.percentile(kept, 95)),
                self._total[stage] / self._count[stage],
            )
            for stage, kept in self._newest.items()
        }
