"""Derive the setlist from a show's document and status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.document import songs
from renderer.desk.widgets import formatting
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Section
from renderer.protocol.songs import SongsHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class SetlistRow:
    """A song of the evening.

    Attributes:
        state: "done", "running", "next" or empty.
        left: of the one that runs, minutes and seconds, or its bar if its length is not known.
    """

    place: int
    name: str
    state: str = ""
    left: str = ""


class SetlistModel:
    """The setlist's model."""

    sections: tuple[type[Section], ...] = (CuesHealth, SongsHealth, DocumentContent)

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[SetlistRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the rows from a status."""
        cues, played = status.of(CuesHealth), status.of(SongsHealth)
        names = list(played.songs) or [one.name for one in songs(status.of(DocumentContent).data)]
        now = played.song if status.has(SongsHealth) else cues.song
        running = names.index(now) if now in names else -1
        after = names.index(played.next) if played.next in names else running + 1
        left = played.position or cues.position
        if played.length_s > 0:
            seconds = max(played.length_s - max(played.position_s, 0.0), 0.0)
            left = tr("{time} left", time=formatting.time_code(seconds)[3:])
        self.rows.set(
            tuple(
                SetlistRow(
                    place + 1,
                    name,
                    _state(place, running, after),
                    left if place == running else "",
                )
                for place, name in enumerate(names)
            )
        )


def _state(place: int, running: int, after: int) -> str:
    if place == running:
        return "running"
    if place == after:
        return "next"
    return "done" if place < (running if running >= 0 else after) else ""
