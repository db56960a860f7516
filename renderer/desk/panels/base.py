"""Define a panel: an id, a model without Qt, and a view. To add one, add a folder.

A folder in `renderer/desk/panels` whose `panel.py` defines `PANEL` is found by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


class PanelModel(Protocol):
    """What a panel shows, as plain data.

    Attributes:
        sections: of the status that it reads; it is updated when one of them is new.
    """

    sections: tuple[type[Section], ...]

    def update(self, status: Status) -> None:
        """Derive what is shown from a status."""
        ...


@dataclass(frozen=True, slots=True)
class PanelKind:
    """A kind of panel.

    Attributes:
        id: by which perspectives refer to it.
        title: over the panel, English; empty for none.
        model: makes the model of a desk.
        view: makes the widget of a model. It may have `title_widgets`, shown beside the title, and
            `refresh`, called at every tick while it is in front.
    """

    id: str
    title: str
    model: Callable[[DeskModel], Any]
    view: Callable[[Any, DeskModel], Any]
