"""Build what each song of a show brings with it: beat grid, cuts, titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from renderer.show.direction.auto import AutoDirector, Phrase, plan_cuts
from renderer.show.document.entries.songs import SectionEntry, SongEntry
from renderer.show.document.schema import ShowFile
from renderer.show.songs.grid import SECOND_NS, BeatGrid
from renderer.show.songs.plan import SongPlan
from renderer.stage.text.titles import TitlePlan

PLANNED_S: Final = 1800.0
"""Length up to which the auto-director's cuts are made without a song's file, seconds."""
_AFTER_S: Final = 30.0
"""Time after a song's file for which cuts are made, too: its cues may outlast it, seconds."""


@dataclass(frozen=True, slots=True)
class SongParts:
    """What a song brings with it; of talk, what holds between songs.

    Attributes:
        name: empty for talk.
        sections: in order.
        auto: the auto-director's cuts.
        titles: by song time.
        hour: of its timecode; None for none.
        length_ns: of its file; None without one.
    """

    name: str
    grid: BeatGrid
    sections: Sequence[SectionEntry]
    auto: AutoDirector
    titles: TitlePlan
    hour: int | None = None
    length_ns: int | None = None

    def section_at(self, seconds: float) -> str:
        """Return the section at a song time, by its name or kind; empty before the first."""
        bar = self.grid.position_at(seconds).bar
        found = ""
        for section in self.sections:
            if section.bar <= bar:
                found = section.name or section.kind
        return found

    def timecode_at(self, position_ns: int, rate: int) -> str:
        """Return the timecode of a song time, hours to frames; empty without an hour.

        Args:
            rate: frames per second.
        """
        if self.hour is None:
            return ""
        frames = (max(position_ns, 0) + self.hour * 3600 * SECOND_NS) * rate // SECOND_NS
        seconds, frame = divmod(frames, rate)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        return f"{hours % 24:02d}:{minute:02d}:{second:02d}:{frame:02d}"


class SongLibrary:
    """The songs of a document; each is built when it is first needed, and kept.

    Args:
        show: its document.
        plans: what the songs' files say.
        titles: logo and disclosure, and of a show without plans its lyrics.
    """

    def __init__(self, show: ShowFile, plans: Sequence[SongPlan], titles: TitlePlan) -> None:
        self._show, self._titles = show, titles
        self._plans: Mapping[str, SongPlan] = {one.name: one for one in plans}
        self._entries = {one.name: one for one in show.songs}
        self._built: dict[str, SongParts] = {}

    def get(self, name: str) -> SongParts:
        """Return the parts of a song; those of talk for an empty or unknown name."""
        if name not in self._built:
            self._built[name] = self._build(name)
        return self._built[name]

    def _build(self, name: str) -> SongParts:
        entry, plan = self._entries.get(name), self._plans.get(name)
        titles = replace(self._titles, lyrics=(), lower_thirds=(), scene=name)
        if entry is not None:
            titles = replace(self._titles, scene=name)
            if plan is not None:
                titles = replace(titles, lyrics=plan.lyrics, lower_thirds=plan.lower_thirds)
        length_ns = None if plan is None else plan.length_ns
        until_s = PLANNED_S if length_ns is None else length_ns / SECOND_NS + _AFTER_S
        phrases = find_phrases(entry, titles)
        return SongParts(
            name,
            BeatGrid((entry or SongEntry(name="talk")).beat),
            () if entry is None else entry.sections,
            plan_cuts(self._show, entry, phrases, until_s),
            titles,
            None if entry is None else entry.hour,
            length_ns,
        )


def find_phrases(song: SongEntry | None, titles: TitlePlan) -> list[Phrase]:
    """Return the sung lines of a song, sorted by start."""
    if song is None:
        return []
    found = [
        Phrase(line.begin_s, line.end_s, 1 if entry.line == "voice 2" else 0)
        for entry, lyrics in zip(song.lyrics, titles.lyrics, strict=False)
        if entry.line.startswith("voice")
        for line in lyrics.lines
    ]
    return sorted(found, key=lambda one: one.begin_s)
