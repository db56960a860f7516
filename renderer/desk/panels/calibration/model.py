"""Derive how far the calibration of the chosen performer's face is. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.messages import translate
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.performers import PerformersHealth, PerformerStatus
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a performer's calibration is.

    Attributes:
        who: name of the performer.
        word: of the state, with its level.
        text: what the performer does now, or what the operator does next.
        note: why a step is repeated, or how it ended; or empty.
        step, steps: of a running calibration, from 1; 0 while none runs.
        share: progress of the whole, 0 to 1.
    """

    who: str = ""
    word: str = ""
    level: Level = Level.IDLE
    text: str = ""
    note: str = ""
    step: int = 0
    steps: int = 0
    share: float = 0.0


class CalibrationModel:
    """The walk's model: of the performer who is calibrated, else of the chosen one."""

    sections: tuple[type[Section], ...] = (PerformersHealth,)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.walk = Observable(Walk())
        desk.selected_performer.watch(lambda _: self.update(desk.status))

    def update(self, status: Status) -> None:
        """Derive the walk from a status."""
        performers = status.of(PerformersHealth).performers
        running = (one for one in performers if one.calibration and not one.calibration.ended)
        chosen = self._desk.selected_performer.value
        shown = next(running, None) or (performers[chosen] if chosen < len(performers) else None)
        self.walk.set(Walk() if shown is None else walk_of(shown))


def walk_of(one: PerformerStatus) -> Walk:
    """Return how far a performer's calibration is."""
    who = one.name or str(one.performer + 1)
    word, level = tr("not calibrated"), Level.WARN
    if one.calibrated:
        word, level = tr("calibrated"), Level.GOOD
    advice = tr("Put the prompt screen where the performer reads it, then calibrate.")
    calibration = one.calibration
    if calibration is None:
        return Walk(who, word, level, advice)
    if calibration.ended:
        if calibration.refused:
            return Walk(who, word, level, advice, f"{translate(calibration.refused)}.")
        return Walk(who, word, level, tr("The face was calibrated. Repeat it after a change."))
    return Walk(
        who,
        tr("{step} of {steps}", step=calibration.step, steps=calibration.steps),
        Level.WARN,
        translate(calibration.prompt),
        translate(calibration.refused),
        calibration.step,
        calibration.steps,
        calibration.share,
    )
