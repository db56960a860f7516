"""Derive what a show declares and discloses from its document and log. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import NOTHING
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class Declared:
    """A point that the show declares."""

    name: str
    text: str


class DisclosureModel:
    """The model of what was declared."""

    sections: tuple[type[Section], ...] = (ShowDocument, DocumentContent)

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[Declared, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the rows from a status."""
        if not status.has(ShowDocument):
            self.rows.set(())
            return
        data = status.of(DocumentContent).data
        rights, stage = data.get("rights", {}), data.get("stage", {})
        rights = rights if isinstance(rights, dict) else {}
        stage = stage if isinstance(stage, dict) else {}
        without = str(rights.get("without_disclosure", ""))
        label = str(stage.get("disclosure", "")) or tr("the house's own label")
        places = rights.get("territories", [])
        self.rows.set(
            (
                Declared(tr("Use"), formatting.usage(status.of(ShowDocument).usage)),
                Declared(
                    tr("Label in the picture"),
                    tr("switched off by {who}", who=without) if without else label,
                ),
                Declared(tr("Territories"), ", ".join(map(str, places)) or tr("everywhere")),
                Declared(tr("Show"), str(rights.get("show", "")) or NOTHING),
                Declared(tr("Permission by"), str(rights.get("permission", "")) or NOTHING),
                Declared(tr("Camera pictures"), _say_pictures(data.get("cameras", []))),
            )
        )


def _say_pictures(cameras: object) -> str:
    """Return what becomes of the performers' own pictures, by the document's cameras."""
    entries = [one for one in cameras if isinstance(one, dict)] if isinstance(cameras, list) else []
    shown = [str(one.get("number", "")) for one in entries if one.get("input")]
    if not shown:
        return tr("are seen by the crew alone")
    return tr("are in the program while camera {numbers} is", numbers=", ".join(shown))
