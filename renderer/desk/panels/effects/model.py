"""Hold nothing: effects and audience are actions alone. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


class EffectsModel:
    """The model of effects and audience."""

    sections: tuple[type[Section], ...] = ()

    def __init__(self, _desk: DeskModel) -> None:
        pass

    def update(self, _status: Status) -> None:
        """Do nothing: the buttons follow the registry of actions."""
