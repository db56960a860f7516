"""Choose cameras by the music: cuts on bars, by section and voice, seeded, never mid-phrase."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

from renderer.show.document.entries.songs import SectionEntry, SongEntry
from renderer.show.document.schema import ShowFile
from renderer.show.songs.grid import BeatGrid

LONGEST_BARS: Final[Mapping[str, int]] = {
    "intro": 4, "verse": 4, "chorus": 2, "bridge": 4, "break": 2, "talk": 8, "outro": 4,
}  # fmt: skip
"""Longest shot by kind of section, bars, where the document says nothing: choruses are cut twice as
fast as verses, as in broadcast concerts."""

_BY_FRAMING: Final[Mapping[str, Mapping[str, float]]] = {
    "intro": {"wide": 4, "crowd": 2, "full": 2, "reverse": 1},
    "verse": {"bust": 3, "cowboy": 3, "full": 2, "close-up": 2, "over shoulder": 1, "wide": 0.7},
    "chorus": {"full": 3, "wide": 3, "crowd": 2, "cowboy": 2, "reverse": 1.5, "bust": 1},
    "bridge": {"close-up": 3, "bust": 3, "full": 1.5, "wide": 1, "reverse": 1},
    "break": {"crowd": 3, "wide": 3, "reverse": 2, "full": 2},
    "talk": {"bust": 4, "cowboy": 3, "close-up": 2},
    "outro": {"wide": 3, "full": 3, "reverse": 2, "crowd": 1},
}
"""How well a framing suits a section; framings that are left out have _OTHERWISE."""
_OTHERWISE: Final = 0.4
_SINGS: Final = 2.5
"""Factor for a camera that shows the singer at the cut."""
_AGAIN: Final = 0.35
"""Factor for a camera that was on air before the last one."""
PHRASE_S: Final = 0.25
"""Time at both ends of a line of lyrics in which a cut does not tear it, seconds."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line that is sung.

    Attributes:
        begin_s, end_s: song time, seconds.
        performer: index of the singer.
    """

    begin_s: float
    end_s: float
    performer: int = 0


@dataclass(frozen=True, slots=True)
class AutoCut:
    """A cut of the auto-director, at a beat of the song, to a camera.

    Attributes:
        is_sung: somebody sings there, whom the camera was chosen for.
    """

    beat: float
    camera: int
    is_sung: bool = False


@dataclass(frozen=True, slots=True)
class _Choice:
    number: int
    framing: str
    who: frozenset[int]


class AutoDirector:
    """The cuts of a song, made once: the same document and seed give the same cuts.

    Args:
        cuts: in order, the first at or before the song's start.
        alike: for every camera of one performer, those of the same framing with one performer,
            and their performers' indices.
    """

    def __init__(
        self, cuts: Sequence[AutoCut], alike: Mapping[int, Mapping[int, int]] | None = None
    ) -> None:
        self.cuts = tuple(cuts)
        self.alike = alike or {}
        self._beats = [cut.beat for cut in self.cuts]

    def at(self, beat: float) -> tuple[int, AutoCut] | None:
        """Return the number and the cut that holds at a beat; None without cameras."""
        if not self.cuts:
            return None
        number = max(bisect_right(self._beats, beat + 1e-6) - 1, 0)
        return number, self.cuts[number]


def plan_cuts(
    show: ShowFile, song: SongEntry | None, phrases: Sequence[Phrase], length_s: float
) -> AutoDirector:
    """Return the cuts for a song.

    Args:
        show: its document.
        song: that plays; None for cuts at 120 beats per minute.
        phrases: lines of lyrics, sorted by start.
        length_s: of the song, seconds.
    """
    entry = show.auto_director
    names = [one.name for one in show.performers]
    choices = [
        _Choice(one.number, one.framing, frozenset(_indices(one.who, names)))
        for one in show.cameras
        if one.number in (entry.cameras or [each.number for each in show.cameras])
        # Files and performers' own cameras are cut to where the document names them alone.
        and (entry.cameras or not one.is_picture)
    ]
    if not choices:
        return AutoDirector(())
    song = song or SongEntry(name="none")
    grid = BeatGrid(song.beat)
    rng = Random(entry.seed)
    last_bar = max(grid.position_at(length_s).bar, 1)
    sections = song.sections or (SectionEntry(kind="verse", bar=1),)
    cuts: list[AutoCut] = []
    recent: list[int] = []
    bar = 1
    while bar <= last_bar:
        kind, ends = _section_at(sections, bar, last_bar)
        at_s = grid.seconds_at(grid.bar_beat(bar))
        singers = {p.performer for p in phrases if p.begin_s < at_s + 1.0 and p.end_s > at_s + 0.5}
        camera = _choose(choices, kind, singers, recent, entry.variety, rng)
        cuts.append(AutoCut(grid.bar_beat(bar), camera, bool(singers)))
        recent = [camera, *recent][:2]
        longest = entry.longest_bars.get(kind, LONGEST_BARS[kind])
        bar = _choose_end(grid, bar, min(bar + longest, ends), phrases, entry.shortest, rng)
    return AutoDirector(cuts, _find_alike(choices))


def _find_alike(choices: Sequence[_Choice]) -> dict[int, dict[int, int]]:
    """Return by camera of one performer the cameras of its framing, and their performers."""
    alone = {one.number: (one.framing, next(iter(one.who))) for one in choices if len(one.who) == 1}
    return {
        number: {other: row for other, (kind, row) in alone.items() if kind == framing}
        for number, (framing, _) in alone.items()
    }


def _indices(who: Sequence[str | int], names: Sequence[str]) -> list[int]:
    found = []
    for one in who:
        if isinstance(one, str) and one in names:
            found.append(names.index(one))
        elif str(one).isdecimal():
            found.append(int(one) - 1)
    return found


def _section_at(sections: Sequence[SectionEntry], bar: int, last_bar: int) -> tuple[str, int]:
    """Return the kind of the section at a bar, and the bar at which the next one begins."""
    kind, ends = sections[0].kind, last_bar + 1
    for section, after in pairwise([*sections, None]):
        if section is not None and section.bar <= bar:
            kind = section.kind
            ends = after.bar if after is not None else last_bar + 1
    return kind, max(ends, bar + 1)


def _choose(
    choices: Sequence[_Choice],
    kind: str,
    singers: set[int],
    recent: Sequence[int],
    variety: float,
    rng: Random,
) -> int:
    """Return a camera, not the one on air if there is another."""
    others = [one for one in choices if not recent or one.number != recent[0]] or list(choices)
    weights = []
    for one in others:
        suits = _BY_FRAMING[kind].get(one.framing, _OTHERWISE)
        weight = (1.0 - variety) * suits * suits + variety
        if singers and one.who and one.who <= singers:
            weight *= _SINGS
        if len(recent) > 1 and one.number == recent[1]:
            weight *= _AGAIN
        weights.append(weight)
    return rng.choices(others, weights)[0].number


def _choose_end(
    grid: BeatGrid, bar: int, latest: int, phrases: Sequence[Phrase], shortest: float, rng: Random
) -> int:
    """Return the bar of the next cut: not before the shortest shot ends, not within a phrase.

    Args:
        latest: bar at which the section or the longest shot ends.
    """
    begin_s = grid.seconds_at(grid.bar_beat(bar))
    allowed = [
        end
        for end in range(bar + 1, latest + 1)
        if grid.seconds_at(grid.bar_beat(end)) - begin_s >= shortest - 1e-6
    ]
    if not allowed:
        # The shortest shot is longer than what is left: it wins, on the first bar that it allows.
        end = latest + 1
        while grid.seconds_at(grid.bar_beat(end)) - begin_s < shortest - 1e-6:
            end += 1
        return end
    free = [end for end in allowed if not _is_torn(grid.seconds_at(grid.bar_beat(end)), phrases)]
    return rng.choice(free) if free else allowed[-1]


def _is_torn(at_s: float, phrases: Sequence[Phrase]) -> bool:
    return any(p.begin_s + PHRASE_S < at_s < p.end_s - PHRASE_S for p in phrases)
