"""Derive the tiles of the multiview from a status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.actions.camera_actions import SHOTS
from renderer.desk.document import cameras
from renderer.desk.widgets.observable import Observable
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class Tile:
    """A camera of the multiview.

    Attributes:
        key: that puts it on preview.
        is_live: whether it is on program while the show is on air.
    """

    number: int
    key: str
    name: str
    is_program: bool = False
    is_preview: bool = False
    is_live: bool = False


class ShotsModel:
    """The multiview's model."""

    sections: tuple[type[Section], ...] = (CuesHealth, DocumentContent, ShowHealth)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.tiles: Observable[tuple[Tile, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the tiles from a status."""
        cues = status.of(CuesHealth)
        is_on_air = status.of(ShowHealth).state is ShowState.ON_AIR
        self.tiles.set(
            tuple(
                Tile(
                    one.number,
                    str((place + 1) % 10),
                    one.name,
                    one.number == cues.camera,
                    one.number == cues.preview,
                    is_on_air and one.number == cues.camera,
                )
                for place, one in enumerate(cameras(status.of(DocumentContent).data)[:SHOTS])
            )
        )

    def preview(self, place: int) -> None:
        """Put the camera of a tile on preview."""
        self._desk.press(f"cameras.preview{place + 1}")

    def cut(self, place: int) -> None:
        """Put the camera of a tile on air."""
        self._desk.press(f"cameras.cut{place + 1}")
