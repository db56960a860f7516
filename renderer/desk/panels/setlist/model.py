"""Derive the setlist from a show's document and status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.desk.document import songs
from renderer.desk.widgets import formatting
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowHealth
from renderer.protocol.songs import SongsHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

OVER_RUN_FROM_S: Final = 5.0
"""Seconds from which an over-run is shown: the pauses between songs are shorter."""


@dataclass(frozen=True, slots=True)
class SetlistRow:
    """A song of the evening.

    Attributes:
        state: "done", "running", "next" or empty.
        left: of the one that runs, minutes and seconds, or its bar if its length is not known.
        length: minutes and seconds; empty if it is played on stage.
    """

    place: int
    name: str
    state: str = ""
    left: str = ""
    length: str = ""


class SetlistModel:
    """The setlist's model.

    Attributes:
        rows: the songs.
        over_run: by how much the evening is behind the set list, minutes and seconds; or empty.
    """

    sections: tuple[type[Section], ...] = (CuesHealth, SongsHealth, ShowHealth, DocumentContent)

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[SetlistRow, ...]] = Observable(())
        self.over_run = Observable("")

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
                    _minutes(played.lengths_s[place]) if place < len(played.lengths_s) else "",
                )
                for place, name in enumerate(names)
            )
        )
        behind = find_over_run(status.of(ShowHealth).show_seconds, played)
        self.over_run.set(_minutes(behind) if behind >= OVER_RUN_FROM_S else "")


def find_over_run(elapsed_s: float, played: SongsHealth) -> float:
    """Return by how much a show is behind its set list, seconds; 0 if that is not known.

    Args:
        elapsed_s: time of the show. The set list's songs follow each other without a pause.
        played: the song that plays; between songs, and where the length of an earlier one is not
            known, nothing is.
    """
    before = played.lengths_s[: max(played.place - 1, 0)]
    if not played.song or not played.lengths_s or not all(before):
        return 0.0
    return elapsed_s - sum(before) - max(played.position_s, 0.0)


def _minutes(seconds: float) -> str:
    """Return minutes and seconds, such as "65:00"; empty for none."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds > 0 else ""


def _state(place: int, running: int, after: int) -> str:
    if place == running:
        return "running"
    if place == after:
        return "next"
    return "done" if place < (running if running >= 0 else after) else ""
