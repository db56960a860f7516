"""Where the time of a frame goes, and how a status becomes it."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status


@dataclass(frozen=True, slots=True)
class StageTimes:
    """How long each stage of a frame takes, in milliseconds, of a budget."""

    stages: tuple[tuple[str, float], ...] = ()
    budget_ms: float = 0.0


def stage_times_of(status: Status) -> StageTimes:
    """Each stage's share of the time between two frames."""
    target = status.of(ShowDocument).target_rate
    budget = 1000.0 / target if target > 0 else 0.0
    return StageTimes(tuple(status.of(ShowHealth).stage_ms.items()), budget)
