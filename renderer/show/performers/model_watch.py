"""Show performers with learned models of their own while their consents allow it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from renderer.errors import RendererError
from renderer.motion.priors.own import SHIPPED_ONLY
from renderer.protocol.alarms import Alarms, Severity
from renderer.show.background import BackgroundTasks
from renderer.show.performers.option_binding import names_of
from renderer.show.performers.own_models import (
    ModelChoice,
    choose_models,
    gather_consents,
    load_models,
    require_models,
)
from renderer.show.performers.performer import PerformerPipeline

_EVERY_S: Final = 60.0
"""Seconds between two checks of the consents."""


class ModelWatch:
    """Loads the performers' own models, and leaves out on air what may not be used any more.

    Attributes:
        warnings: why models that were found by a performer's name are not used.
    """

    def __init__(
        self,
        performers: Sequence[PerformerPipeline],
        declared: str,
        named: Sequence[Sequence[Path]],
        consents: Sequence[Path],
        alarms: Alarms,
        *,
        on_air: bool = False,
    ) -> None:
        """Load the models.

        Args:
            declared: the performers' names, in the form that names_of parses.
            named: files by performer that the crew named.
            consents: that the crew named.
            alarms: of the show.
            on_air: the show goes on in another engine: what cannot be used is left out with an
                alarm.

        Raises:
            RendererError: a named model cannot or must not be used, before air.
        """
        self._performers, self._consents, self._alarms = performers, tuple(consents), alarms
        names = names_of(declared, len(performers))
        self._choices = choose_models(named, names)
        self.warnings: list[str] = []
        known = gather_consents(self._consents) if any(one.files for one in self._choices) else []
        for number, (one, choice) in enumerate(zip(performers, self._choices, strict=True)):
            if not choice.files:
                continue
            try:
                one.use_models(load_models(choice, known))
            except RendererError as fault:
                if on_air:
                    self._leave_out(number, str(fault))
                elif choice.is_named:
                    raise
                else:
                    self.warnings.append(f"{fault}; {self._find_name(number)} has the shipped ones")
        self._background = BackgroundTasks()
        self._next = time.monotonic() + _EVERY_S

    def describe(self) -> list[str]:
        """Return a line for each performer that says which models are used."""
        return [
            f"{self._find_name(number)}: {one.models.describe()}"
            for number, one in enumerate(self._performers)
        ]

    def poll(self, now: float) -> None:
        """Leave out models whose solver failed or whose consent has ended; never waits.

        Args:
            now: seconds of the monotonic clock.
        """
        self._background.deliver()
        for number, one in enumerate(self._performers):
            if one.models_fault:
                self._raise(number, one.models_fault)
                one.models_fault = ""
        if now < self._next or not self._background.idle:
            return
        self._next = now + _EVERY_S
        used = {
            number: self._choices[number]
            for number, one in enumerate(self._performers)
            if one.models.files
        }
        if used:
            self._background.run(lambda: self._find_ended(used), self._leave_out_all)

    def close(self) -> None:
        """End the thread."""
        self._background.close()

    def _find_ended(self, used: dict[int, ModelChoice]) -> dict[int, str]:
        """Return why models must not be used any more, by performer."""
        out = {}
        try:
            known = gather_consents(self._consents)
        except RendererError as fault:
            return dict.fromkeys(used, str(fault))
        for number, choice in used.items():
            try:
                require_models(choice, known)
            except RendererError as fault:
                out[number] = str(fault)
        return out

    def _leave_out_all(self, faults: dict[int, str]) -> None:
        for number, fault in faults.items():
            self._leave_out(number, fault)

    def _leave_out(self, number: int, fault: str) -> None:
        """Return a performer to the shipped models, with an alarm."""
        self._performers[number].use_models(SHIPPED_ONLY)
        self._performers[number].models_fault = fault

    def _raise(self, number: int, fault: str) -> None:
        self._alarms.update(
            f"models.{number + 1}",
            Severity.WARNING,
            f"{self._find_name(number)} is shown with the shipped models, not their own: {fault}",
        )

    def _find_name(self, number: int) -> str:
        return self._choices[number].performer or f"Performer {number + 1}"
