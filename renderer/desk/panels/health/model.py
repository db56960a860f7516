"""Derive where the time of a frame goes. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class StageTime:
    """The duration of a stage of a frame, milliseconds, and its share of the frame interval."""

    name: str
    milliseconds: float
    share: float

    @property
    def is_late(self) -> bool:
        """Return whether the stage alone takes longer than a frame has."""
        return self.share >= 1.0


class HealthModel:
    """The model of the stages' times."""

    sections: tuple[type[Section], ...] = (ShowHealth, ShowDocument)

    def __init__(self, _desk: DeskModel) -> None:
        self.times: Observable[tuple[StageTime, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the times from a status; offline, where no frame is late, by their sum.

        The whole comes first: a small window shows few rows.
        """
        stages = status.of(ShowHealth).stage_ms
        whole, target = sum(stages.values()), status.of(ShowDocument).target_rate
        budget = 1000.0 / target if target > 0 else whole
        rows = [(stage_word(name), value) for name, value in stages.items()]
        if rows:
            rows.insert(0, (tr("in all"), whole))
        self.times.set(
            tuple(
                StageTime(name, round(value, 1), value / budget if budget > 0 else 0.0)
                for name, value in rows
            )
        )


def stage_word(stage: str) -> str:
    """Return the name of a stage of a frame for the operator."""
    words = {
        "capture": tr("capture"), "motion": tr("motion"), "pose": tr("pose"),
        "springs": tr("springs"), "draw": tr("draw"), "read": tr("read back"),
        "collect": tr("collect"), "send": tr("send"),
    }  # fmt: skip
    return words.get(stage, stage.replace("_", " "))
