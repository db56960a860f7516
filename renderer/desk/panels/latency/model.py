"""Derive how long a frame takes from light to the slowest output, by stage. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.latency import STAGES, LatencyHealth, StageLatency
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

STAGE_WORDS: Final = {
    "capture": "capture",
    "solve": "solve",
    "draw": "draw",
    "encode": "encode",
    "send": "send",
    "total": "in all",
}
"""Words of the stages, English."""


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """Percentiles of a stage, whole milliseconds, and what they are shares of.

    Attributes:
        scale_ms: the longest time of any stage, by which bars are drawn.
    """

    name: str
    p50_ms: int
    p95_ms: int
    p99_ms: int
    scale_ms: int
    is_total: bool = False


class LatencyModel:
    """The latency's model: the frames of the last ten seconds."""

    sections: tuple[type[Section], ...] = (LatencyHealth,)

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[LatencyRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the rows from a status; the whole comes first: a small window shows few rows."""
        stages = status.of(LatencyHealth).stages
        scale = max((round(one.p99_ms) for one in stages.values()), default=0)
        names = ("total", *(name for name in STAGES if name != "total"))
        self.rows.set(tuple(_row(name, stages[name], scale) for name in names if name in stages))


def _row(name: str, stage: StageLatency, scale_ms: int) -> LatencyRow:
    return LatencyRow(
        tr(STAGE_WORDS[name]),
        round(stage.p50_ms),
        round(stage.p95_ms),
        round(stage.p99_ms),
        max(scale_ms, 1),
        name == "total",
    )
