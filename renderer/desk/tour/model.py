"""Guide somebody new from an empty desk to First Light on air, on this machine alone. No Qt.

A step is over when the show says so, not when a button was pressed: who does what the step says by
another way is understood as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.outputs import GoLive
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

CLOSED: Final = -1


@dataclass(frozen=True, slots=True)
class TourCard:
    """What the tour says now.

    Attributes:
        step, steps: how far it is, from 1; 0 while it is closed.
        button: what its button does; empty for no button.
    """

    step: int = 0
    steps: int = 0
    title: str = ""
    text: str = ""
    button: str = ""


class TourModel:
    """The tour's model.

    Args:
        desk: of the window.
        start: starts First Light off air, as a process that outlives the desk.
        folder: for the local stream.

    Attributes:
        card: what is said now.
    """

    def __init__(self, desk: DeskModel, start: Callable[[], None], folder: Path) -> None:
        self._desk, self._start, self._folder = desk, start, folder
        self._step = CLOSED
        self._before = CuesHealth()
        self.card = Observable(TourCard())

    def offer(self) -> None:
        """Begin the tour if nobody of this studio has seen it."""
        if not self._desk.files.studio.has_toured:
            self.begin()

    def begin(self) -> None:
        """Begin from the first step."""
        self._go_to(0)

    def leave(self) -> None:
        """Close the tour; it is not offered again by itself."""
        self._desk.files.keep_studio(
            msgspec.structs.replace(self._desk.files.studio, has_toured=True)
        )
        self._go_to(CLOSED)

    def go_on(self) -> None:
        """Skip the step."""
        if self._step + 1 < len(_DONE):
            self._go_to(self._step + 1)
        else:
            self.leave()

    def press(self) -> None:
        """Do what the step's button says."""
        if self._step == _START:
            self._start()
            # Without its button: a second press would start a second show.
            words = tr("The show is starting; the desk follows it when it answers.")
            self.card.set(replace(self.card.value, text=words, button=""))
        elif self._step == _AIR:
            self._desk.ask(GoLive(f"hls:{self._folder}", without_failed=True))
        else:
            self.go_on()

    def look(self) -> None:
        """Go on if the show says that the step is done; called at every tick."""
        if self._step == CLOSED:
            return
        if self._step > _START and not self._desk.in_contact.value:
            return
        is_done = _DONE[self._step]
        if is_done is not None and is_done(self._desk.status, self._before):
            self.go_on()

    def _go_to(self, step: int) -> None:
        self._step = step
        self._before = self._desk.status.of(CuesHealth)
        if step == CLOSED:
            self.card.set(TourCard())
            return
        title, text, button = self._words(step)
        self.card.set(TourCard(step + 1, len(_DONE), title, text, button))

    def _words(self, step: int) -> tuple[str, str, str]:
        """Return title, text and button of a step."""
        words = (
            (
                tr("Welcome"),
                tr(
                    "The desk shows a concert and calls it; the show runs beside it, and goes on "
                    "if this window closes. The tour takes two minutes."
                ),
                tr("Begin"),
            ),
            (
                tr("A show to learn from"),
                tr("First Light has songs, five cameras and 40 cues. Nothing goes out yet."),
                tr("Start First Light"),
            ),
            (
                tr("Choose a shot"),
                tr("At the right is what an audience sees. Press 3: a camera comes to preview."),
                "",
            ),
            (tr("Cut"), tr("Press Return: preview and program change places."), ""),
            (tr("Call a cue"), tr("Space is GO: it runs the next cue of the list."), ""),
            (
                tr("On air, here alone"),
                tr("The stream goes to a folder of this machine: {folder}", folder=self._folder),
                tr("Go on air"),
            ),
            (
                tr("You are on air"),
                tr(
                    "Watch it with “encore watch”. End pressed twice stops the show; Ctrl+K finds "
                    "every command, F9 the shows."
                ),
                tr("Finish"),
            ),
        )
        return words[step]


def _has_show(status: Status, _before: CuesHealth) -> bool:
    return status.has(CuesHealth) and status.of(ShowHealth).state in (
        ShowState.PREVIEW, ShowState.ON_AIR,
    )  # fmt: skip


def _has_previewed(status: Status, before: CuesHealth) -> bool:
    return status.of(CuesHealth).preview not in (0, before.preview)


def _has_cut(status: Status, before: CuesHealth) -> bool:
    return status.of(CuesHealth).camera not in (0, before.camera)


def _has_called(status: Status, before: CuesHealth) -> bool:
    now = [one.standby for one in status.of(CuesHealth).lists]
    return now != [one.standby for one in before.lists]


def _is_on_air(status: Status, _before: CuesHealth) -> bool:
    return status.of(ShowHealth).state is ShowState.ON_AIR


_DONE: Final[tuple[Callable[[Status, CuesHealth], bool] | None, ...]] = (
    None, _has_show, _has_previewed, _has_cut, _has_called, _is_on_air, None,
)  # fmt: skip
"""When each step is over by itself; None for one that is read."""
_START: Final = 1
_AIR: Final = 5
