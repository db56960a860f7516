"""Derive which other machines take part in the show, and who was refused. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.messages import translate
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import NOTHING, Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.machines import MachinePart, MachinesHealth, MachineStatus
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class MachineRow:
    """A paired machine, or a stranger that was refused.

    Attributes:
        part: what it does in the show.
        word: whether it has joined.
        delay: shortest round trip to it.
        detail: its address, or why it is refused.
    """

    name: str
    part: str
    word: str
    level: Level
    delay: str
    detail: str


class MachinesModel:
    """The machines' model."""

    sections: tuple[type[Section], ...] = (MachinesHealth,)

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[MachineRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the rows from a status: those that joined, those that are awaited, strangers."""
        health = status.of(MachinesHealth)
        rows = [_row(one) for one in health.machines]
        if health.stranger:
            rows.append(
                MachineRow(
                    tr("A stranger"), "", tr("refused: {count}", count=health.refused),
                    Level.WARN, NOTHING, translate(health.stranger),
                )
            )  # fmt: skip
        if health.fault:
            rows.append(
                MachineRow(
                    tr("Unreadable messages"), "", str(health.malformed), Level.WARN, NOTHING,
                    health.fault,
                )
            )  # fmt: skip
        self.rows.set(tuple(rows))


def part_word(part: MachinePart) -> str:
    """Return what a machine does, in the operator's language."""
    return {
        MachinePart.CAPTURE: tr("cameras"),
        MachinePart.DESK: tr("desk"),
        MachinePart.STANDBY: tr("STANDBY"),
    }[part]


def _row(one: MachineStatus) -> MachineRow:
    if one.is_joined:
        word, level = tr("joined"), Level.GOOD
    elif one.detail:
        word, level = tr("refused"), Level.BAD
    else:
        word, level = tr("not here"), Level.WARN
    return MachineRow(
        one.name,
        part_word(one.part),
        word,
        level,
        formatting.milliseconds(one.round_trip_ms),
        translate(one.detail) or one.address,
    )
