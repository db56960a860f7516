"""Derive what the prompt screen tells the performer. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.messages import translate
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.performers import CalibrationStatus, PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the performer reads.

    Attributes:
        name: whom it is for.
        text: what to do now, large.
        note: why a step is repeated, or how it ended; or empty.
        step, steps: how far the walk is; 0 while none runs.
        share: progress of the whole, hundredths.
    """

    name: str = ""
    text: str = ""
    note: str = ""
    step: int = 0
    steps: int = 0
    share: int = 0


class PromptModel:
    """The prompt screen's model: it follows the performer who is calibrated, else the chosen one.

    Attributes:
        prompt: the current instruction.
    """

    sections: tuple[type[Section], ...] = (PerformersHealth,)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.prompt = Observable(Prompt())

    def update(self, status: Status) -> None:
        """Derive the prompt from a status."""
        performers = status.of(PerformersHealth).performers
        running = next(
            (one for one in performers if one.calibration and not one.calibration.ended), None
        )
        chosen = self._desk.selected_performer.value
        shown = running or (performers[chosen] if chosen < len(performers) else None)
        if shown is None:
            self.prompt.set(Prompt(text=tr("One moment, please")))
            return
        self.prompt.set(prompt_of(shown.name, shown.calibration, is_known=shown.calibrated))


def prompt_of(name: str, calibration: CalibrationStatus | None, *, is_known: bool) -> Prompt:
    """Return what a performer reads.

    Args:
        name: of the performer.
        calibration: running, or the last one.
        is_known: whether their face is calibrated.
    """
    if calibration is None:
        return Prompt(name, tr("One moment, please"))
    if not calibration.ended:
        return Prompt(
            name, translate(calibration.prompt), translate(calibration.refused), calibration.step,
            calibration.steps, round(100 * calibration.share),
        )  # fmt: skip
    if calibration.refused:
        return Prompt(name, tr("That did not work yet"), translate(calibration.refused))
    return Prompt(name, tr("Thank you, that is all") if is_known else tr("One moment, please"))
