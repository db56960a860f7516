"""Derive the grand master from a status, and set it. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderer.desk.widgets.observable import Observable
from renderer.protocol.cues import CuesHealth, SetMaster
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


class FadersModel:
    """The grand master's model.

    Attributes:
        master: level in hundredths; -1 without a directed show.
    """

    sections: tuple[type[Section], ...] = (CuesHealth,)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.master = Observable(-1)

    def update(self, status: Status) -> None:
        """Derive the level from a status."""
        has = status.has(CuesHealth)
        self.master.set(round(status.of(CuesHealth).master * 100) if has else -1)

    def set_master(self, hundredths: int) -> None:
        """Set the grand master."""
        self._desk.ask(SetMaster(min(max(hundredths, 0), 100) / 100.0), is_quiet=True)
