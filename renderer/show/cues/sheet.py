"""Compile a document's cues: times in nanoseconds, places by number, chains of cues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import msgspec

from renderer.errors import RendererError, ShowError
from renderer.show.cues.kept import find_initial, name_kept
from renderer.show.document.command_actions import find_own_action
from renderer.show.document.cues import (
    ActionEntry,
    AvatarAction,
    CommandAction,
    CueEntry,
    CueListEntry,
    OnAuto,
    OnBeat,
    OnFollow,
    OnTime,
    PaletteAction,
    TriggerEntry,
)
from renderer.show.document.performer_names import find_performer
from renderer.show.document.schema import ShowFile
from renderer.show.songs.grid import SECOND_NS, BeatGrid, parse_position
from renderer.spelling import nearest

MOST_SHOWN: Final = 12
"""Maximum number of cues that a message lists."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue with its times in nanoseconds.

    Attributes:
        at_ns: song time of its trigger; None if it waits for something else.
        song: that it waits for; empty for the show's first one.
    """

    number: str
    name: str
    notes: str
    color: str
    trigger: TriggerEntry
    pre_ns: int
    duration_ns: int
    post_ns: int
    actions: tuple[ActionEntry, ...]
    at_ns: int | None = None
    song: str = ""

    @property
    def is_chained(self) -> bool:
        """Return whether the cue before starts it."""
        return isinstance(self.trigger, OnFollow | OnAuto)


@dataclass(frozen=True, slots=True)
class CueList:
    """A list of cues, with the place of each by its number."""

    name: str
    cues: tuple[Cue, ...]
    places: Mapping[str, int] = field(default_factory=dict)

    def find(self, number: str) -> int:
        """Return the place of a cue.

        Raises:
            ShowError: the list has none of that number.
        """
        place = self.places.get(number)
        if place is not None:
            return place
        meant = nearest(number, self.places)
        known = ", ".join(list(self.places)[:MOST_SHOWN])
        raise ShowError(
            f"Cue {number[:20]}",
            f"is not in the list {self.name}",
            f"did you mean {meant}?" if meant else f"it has {known or 'no cues'}",
        )


@dataclass(frozen=True, slots=True)
class CueSheet:
    """All cue lists of a show; the first one is the main list.

    Attributes:
        initials: by the name of what any cue sets and keeps, the command that gives it the
            document's value; None for what needs no command.
    """

    lists: tuple[CueList, ...]
    initials: Mapping[str, CommandAction | None] = field(default_factory=dict)

    def find(self, name: str) -> int:
        """Return the index of a list; of the main list for an empty name.

        Raises:
            ShowError: there is none of that name.
        """
        names = [one.name for one in self.lists]
        if not name and names:
            return 0
        if name in names:
            return names.index(name)
        raise ShowError(
            f"Cue list {name[:40]}" if name else "The show",
            "is not in the show" if name else "has no cues",
            f"name one of {', '.join(names)}" if names else "add a cue list to its document",
        )


def find_song_ends(sheet: CueSheet) -> dict[str, int]:
    """Return the song time of the last cue of each song, nanoseconds."""
    ends: dict[str, int] = {}
    for cue in (cue for one in sheet.lists for cue in one.cues):
        if cue.at_ns is not None:
            ends[cue.song] = max(ends.get(cue.song, 0), cue.at_ns + cue.pre_ns + 1)
    return ends


def compile_sheet(show: ShowFile) -> CueSheet:
    """Return the cues of a document that has no faults.

    Raises:
        ShowError: a position in a song is none, or cues of a song are not in the song's order.
    """
    grids = {song.name: BeatGrid(song.beat) for song in show.songs}
    first = next(iter(show.set_list), show.songs[0].name if show.songs else "")
    names = [one.name for one in show.performers]
    lists = tuple(_compile_list(one, grids, first, names) for one in show.cue_lists)
    initials = {
        name: find_initial(action, show)
        for one in lists
        for cue in one.cues
        for action in cue.actions
        if (name := name_kept(action))
    }
    return CueSheet(lists, initials)


def _compile_list(
    entry: CueListEntry, grids: Mapping[str, BeatGrid], first: str, names: Sequence[str]
) -> CueList:
    cues = tuple(_compile_cue(cue, grids, first, names) for cue in entry.cues)
    newest: dict[str, tuple[int, str]] = {}
    for cue in cues:
        if cue.at_ns is None:
            continue
        before, number = newest.get(cue.song, (cue.at_ns, ""))
        if cue.at_ns < before:
            raise ShowError(
                f"Cue {cue.number} of {entry.name}",
                f"comes earlier in the song than cue {number} above it",
                "put the cues of a song in its order",
            )
        newest[cue.song] = cue.at_ns, cue.number
    return CueList(entry.name, cues, {cue.number: place for place, cue in enumerate(cues)})


def _compile_cue(
    entry: CueEntry, grids: Mapping[str, BeatGrid], first: str, names: Sequence[str]
) -> Cue:
    trigger = entry.trigger
    at_ns: int | None = None
    song = ""
    if isinstance(trigger, OnTime):
        at_ns, song = _to_ns(trigger.at), trigger.song or first
    elif isinstance(trigger, OnBeat):
        song = trigger.song or first
        at_ns = max(grids[song].time_ns(parse_position(trigger.at)), 0)
    return Cue(
        entry.number, entry.name, entry.notes, entry.color, trigger,
        _to_ns(entry.pre_wait), _to_ns(entry.duration), _to_ns(entry.post_wait),
        tuple(_compile_action(action, names) for action in entry.actions), at_ns, song,
    )  # fmt: skip


def _compile_action(action: ActionEntry, names: Sequence[str]) -> ActionEntry:
    """Return an action with a performer's number for their name, and no command for an action."""
    if isinstance(action, AvatarAction | PaletteAction):
        number = find_performer(action.performer, names)
        return msgspec.structs.replace(action, performer=number)
    with suppress(RendererError):  # The check before air names it; an edit may have brought it.
        return find_own_action(action)
    return action


def _to_ns(seconds: float) -> int:
    return round(seconds * SECOND_NS)
