"""Hold the time of each stage of a frame, and derive it from a status."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status


@dataclass(frozen=True, slots=True)
class StageTimes:
    """The duration of each stage of a frame and the budget of a frame, in milliseconds."""

    stages: tuple[tuple[str, float], ...] = ()
    budget_ms: float = 0.0


def stage_times_of(status: Status) -> StageTimes:
    """Return each stage's duration, and the frame interval as the budget."""
    target = status.of(ShowDocument).target_rate
    budget = 1000.0 / target if target > 0 else 0.0
    return StageTimes(tuple(status.of(ShowHealth).stage_ms.items()), budget)
