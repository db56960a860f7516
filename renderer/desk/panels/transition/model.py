"""Hold what the transition bar shows. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from renderer.desk.widgets.observable import Observable
from renderer.protocol.cues import CuesHealth, MoveTransition
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

STEPS: Final = 200
"""Steps of the T-bar's way: finer than a hand moves it."""


class TransitionModel:
    """The transition bar's model.

    Attributes:
        is_auto: whether the auto-director has the cameras.
        position: of the T-bar as the show has it, in steps of the way.
    """

    sections: tuple[type[Section], ...] = (CuesHealth,)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._wanted: int | None = None
        self.is_auto = Observable(False)
        self.position = Observable(0)

    def update(self, status: Status) -> None:
        """Derive the bar from a status."""
        cues = status.of(CuesHealth)
        self.is_auto.set(cues.auto)
        self.position.set(round(cues.tbar * STEPS))

    def move(self, position: int) -> None:
        """Move the T-bar; of several positions within a tick, the newest is sent."""
        self._wanted = position

    def send(self) -> None:
        """Send where the hand is now; called at every tick."""
        position, self._wanted = self._wanted, None
        if position is not None:
            self._desk.ask(MoveTransition(position=position / STEPS), is_quiet=True)
