"""Hold what the transition bar shows. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderer.desk.widgets.observable import Observable
from renderer.protocol.cues import CuesHealth, TakePreview
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


class TransitionModel:
    """The transition bar's model.

    Attributes:
        is_auto: whether the auto-director has the cameras.
    """

    sections: tuple[type[Section], ...] = (CuesHealth,)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.is_auto = Observable(False)

    def update(self, status: Status) -> None:
        """Derive the bar from a status."""
        self.is_auto.set(status.of(CuesHealth).auto)

    def throw(self, seconds: float) -> None:
        """Take preview to program as the T-bar was thrown: slowly dissolves, at once cuts.

        The T-bar's own time is the transition's: the show mixes, and no desk can leave half a
        picture on air by dying.
        """
        if not self._desk.board.find("cameras.dissolve").refusal(self._desk):
            self._desk.ask(TakePreview(0.0 if seconds < 0.1 else min(seconds, 10.0)))
