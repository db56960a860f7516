"""Define what a show plan knows of each song: its file, its length, what is sung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from renderer.show.document.schema import ShowFile
    from renderer.stage.text.lyrics import Lyrics
    from renderer.stage.text.titles import LowerThirdCue


@dataclass(frozen=True, slots=True)
class SongPlan:
    """A song of the set list, with what its files say.

    Attributes:
        name: by which cues and crew refer to it.
        file: the mix that the audience hears; None for a song that is played on stage.
        length_ns: of the file; None without one.
        follow_ns: time after its end at which the next song starts by itself; None: the crew
            or a cue starts it.
        lyrics: at most two lines, the larger one first.
        lower_thirds: name titles by its time, sorted by start.
    """

    name: str
    file: Path | None = None
    length_ns: int | None = None
    follow_ns: int | None = None
    lyrics: tuple[Lyrics, ...] = ()
    lower_thirds: Sequence[LowerThirdCue] = ()


def order_plans(show: ShowFile, plans: Sequence[SongPlan]) -> tuple[SongPlan, ...]:
    """Return the set list of a document; a song that was just added has no file yet."""
    known = {one.name: one for one in plans}
    entries = {one.name: one for one in show.songs}
    return tuple(
        replace(
            known.get(name, SongPlan(name)),
            follow_ns=None if (follow := entries[name].follow) is None else round(follow * 1e9),
        )
        for name in show.set_list or tuple(entries)
    )
