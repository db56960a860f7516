"""Derive the looks from a show's document and status. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renderer.desk.actions.stage_actions import LOOK_KEYS
from renderer.desk.document import look_tables
from renderer.desk.panels.look_colors.model import Rgb, role_rows
from renderer.desk.remember import remember_newest
from renderer.desk.widgets.observable import Observable
from renderer.protocol.cues import ChooseLook, CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class LookRow:
    """A look with its key.

    Attributes:
        is_live: whether it is on while the show is on air.
        colors: of its lights, sRGB, 0 to 1, the key light's first.
    """

    name: str
    key: str
    is_on: bool = False
    is_live: bool = False
    colors: tuple[Rgb, ...] = ()


class LooksModel:
    """The looks' model."""

    sections: tuple[type[Section], ...] = (CuesHealth, DocumentContent, ShowHealth)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.rows: Observable[tuple[LookRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the looks from a status."""
        on = status.of(CuesHealth).look
        is_air = status.of(ShowHealth).state is ShowState.ON_AIR
        data = status.of(DocumentContent).data
        self.rows.set(
            tuple(
                LookRow(
                    name,
                    LOOK_KEYS[place] if place < len(LOOK_KEYS) else "",
                    name == on,
                    is_air and name == on,
                    colors,
                )
                for place, (name, colors) in enumerate(named_colors(data))
            )
        )

    def choose(self, place: int) -> None:
        """Fade to a look."""
        if place < len(LOOK_KEYS):
            self._desk.press(f"lights.look{place + 1}")
        elif place < len(self.rows.value):
            self._desk.ask(ChooseLook(self.rows.value[place].name))


@remember_newest
def named_colors(data: Mapping[str, Any]) -> tuple[tuple[str, tuple[Rgb, ...]], ...]:
    """Return the name of each look with the colours that it sets, each once."""
    found = []
    for look in look_tables(data):
        colors = [row.color for row in role_rows(look) if row.color is not None]
        name = look.get("name", "")
        found.append((name if isinstance(name, str) else "", tuple(dict.fromkeys(colors))))
    return tuple(found)
