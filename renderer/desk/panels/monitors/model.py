"""Derive what stands over the preview and program monitors. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.connection import Contact
from renderer.desk.document import cameras
from renderer.desk.panels.direction.model import LIMB_WORDS
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.performers import LimbState, PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class MonitorsState:
    """What stands over the monitors.

    Attributes:
        preview, program: number and name of the cameras; empty for none.
        held: the limbs that are held, in a phrase; empty for none.
        cover: what covers the program: slate or black; empty for nothing.
        is_stale: whether the pictures are no longer current.
        has_preview: whether the show has a preview at all.
        has_program: whether the show draws a program now.
    """

    preview: str = ""
    program: str = ""
    held: str = ""
    cover: str = ""
    is_on_air: bool = False
    is_stale: bool = False
    has_preview: bool = False
    has_program: bool = False


class MonitorsModel:
    """The monitors' model."""

    sections: tuple[type[Section], ...] = (
        ShowHealth, CuesHealth, DocumentContent, PerformersHealth,
    )  # fmt: skip

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.state = Observable(MonitorsState())
        desk.banner.watch(lambda _: self.update(desk.status))

    def update(self, status: Status) -> None:
        """Derive the monitors' words from a status."""
        names = {
            one.number: f"{one.number} {one.name}"
            for one in cameras(status.of(DocumentContent).data)
        }
        cues = status.of(CuesHealth)
        contact = self._desk.connection.situation.contact
        self.state.set(
            MonitorsState(
                preview=names.get(cues.preview, ""),
                program=names.get(cues.camera, ""),
                held=held_limbs(status.of(PerformersHealth)),
                cover=tr("SLATE") if cues.slate else tr("BLACK") if cues.black else "",
                is_on_air=status.of(ShowHealth).state is ShowState.ON_AIR,
                is_stale=contact is not Contact.GOOD and status.has(ShowHealth),
                has_preview=status.has(CuesHealth),
                has_program=contact is Contact.GOOD,
            )
        )


def held_limbs(performers: PerformersHealth) -> str:
    """Return which limbs are frozen: "LEFT ARM HELD", "ALL HELD", "5 HELD"; empty for none."""
    words = [tr(word) for word in LIMB_WORDS.values()]
    frozen = [
        words[row] if row < len(words) else ""
        for one in performers.performers
        for row, limb in enumerate(one.limbs)
        if limb is LimbState.FROZEN
    ]
    if not frozen:
        return ""
    if len(frozen) == sum(len(one.limbs) for one in performers.performers):
        return tr("ALL HELD")
    if len(frozen) == 1:
        return tr("{limb} HELD", limb=frozen[0].upper())
    return tr("{count} HELD", count=len(frozen))
