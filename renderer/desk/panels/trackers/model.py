"""Derive the rows of phones, suits and voices from a status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.desk.messages import translate
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.inputs import InputsHealth, TrackerState, TrackerStatus
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

_LEVELS: Final = {
    TrackerState.WAITING: Level.IDLE,
    TrackerState.HEARD: Level.GOOD,
    TrackerState.SILENT: Level.WARN,
    TrackerState.FAILED: Level.BAD,
}


@dataclass(frozen=True, slots=True)
class TrackerRow:
    """A phone, suit or voice with its performer."""

    name: str
    performer: str
    state: str
    level: Level
    detail: str


class TrackersModel:
    """The trackers' model."""

    sections: tuple[type[Section], ...] = (InputsHealth, PerformersHealth)

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[TrackerRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the rows from a status."""
        names = {one.performer: one.name for one in status.of(PerformersHealth).performers}
        self.rows.set(
            tuple(
                TrackerRow(
                    tracker_name(one),
                    names.get(one.performer, str(one.performer + 1)),
                    tr(one.state.value),
                    _LEVELS[one.state],
                    translate(one.detail),
                )
                for one in status.of(InputsHealth).trackers
            )
        )


def tracker_name(one: TrackerStatus) -> str:
    """Return what a tracker is, with its name if it has one of its own."""
    kind = tr(one.kind.value)
    return kind if one.name == one.kind.value else f"{kind} {one.name}"
