"""Find what a document refers to and does not contain, and what cannot follow itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from renderer.errors import RendererError
from renderer.show.control.addresses import find_command
from renderer.show.document.action_references import (
    find_action_faults,
    offer_words,
    require_word,
)
from renderer.show.document.cues import (
    CueAction,
    CueListEntry,
    OnAuto,
    OnBeat,
    OnFollow,
    OnTime,
)
from renderer.show.document.entries.keys import KEY_ADDRESS
from renderer.show.document.entries.lights import find_light_references
from renderer.show.document.positions import Path
from renderer.show.document.validate import Fault

if TYPE_CHECKING:
    from renderer.show.document.entries.keys import KeyEntry
    from renderer.show.document.entries.songs import BeatEntry, SongEntry
    from renderer.show.document.schema import ShowFile

_Node = tuple[int, int]
"""A cue: its list and its place in it."""


def find_reference_faults(show: ShowFile) -> Iterator[Fault]:
    """Yield the faults of a document whose parts are all valid by themselves."""
    yield from _find_repeated("looks", "name", [one.name for one in show.looks])
    yield from _find_repeated("cameras", "number", [one.number for one in show.cameras])
    yield from _find_repeated("songs", "name", [one.name for one in show.songs])
    yield from _find_repeated("avatars", "name", [one.name for one in show.avatars])
    yield from _find_repeated("cue_lists", "name", [one.name for one in show.cue_lists])
    yield from _find_repeated("stingers", "name", [one.name for one in show.stingers])
    yield from _find_repeated("operators", "name", [one.name for one in show.operators])
    if show.operators and not any(one.role == "rights" for one in show.operators):
        yield Fault(("operators",), "gives nobody the role rights", "give it to one operator")
    yield from _find_people_faults(show)
    songs = [one.name for one in show.songs]
    for number, name in enumerate(show.set_list):
        yield from require_word(name, songs, ("set_list", number), "song")
    yield from _find_repeated("set_list", "", show.set_list)
    for number, song in enumerate(show.songs):
        yield from _find_song_faults(song, ("songs", number))
    cameras = {one.number for one in show.cameras}
    yield from _find_source_faults(show)
    yield from _find_key_faults(show.keys)
    for number, camera in enumerate(show.auto_director.cameras):
        if camera not in cameras:
            yield Fault(
                ("auto_director", "cameras", number), f"there is no camera {camera}",
                offer_words(sorted(cameras)),
            )  # fmt: skip
    for part in ("fixtures", "groups", "palettes", "fixture_effects"):
        yield from _find_repeated(part, "name", [one.name for one in getattr(show, part)])
    for path, word, what, known in find_light_references(show):
        yield from require_word(word, known, path, what)
    for number, third in enumerate(show.stage.lower_thirds):
        if third.end <= third.begin:
            yield Fault(
                ("stage", "lower_thirds", number), "ends before it begins", "give a later end"
            )
        if third.song:
            yield from require_word(
                third.song, songs, ("stage", "lower_thirds", number, "song"), "song"
            )
    yield from _find_cue_faults(show, songs)


def _find_people_faults(show: ShowFile) -> Iterator[Fault]:
    names = [one.name for one in show.performers if one.name]
    numbers = [str(number) for number in range(1, max(len(show.performers), 1) + 1)]
    # Without a list of performers, cameras or a take tell how many there are.
    if not show.performers:
        return
    for number, source in enumerate(show.sources):
        if source.performer and source.performer not in (*names, *numbers):
            path = ("sources", number, "performer")
            yield from require_word(source.performer, [*names, *numbers], path, "performer")
    for number, camera in enumerate(show.cameras):
        for place, who in enumerate(camera.who):
            known = [*names, *numbers]
            yield from require_word(str(who), known, ("cameras", number, "who", place), "performer")


def _find_key_faults(keys: Mapping[str, KeyEntry]) -> Iterator[Fault]:
    """Yield the faults of keys that call nothing, or another key."""
    for key, entry in keys.items():
        path: Path = ("keys", key, "address")
        if entry.address.startswith(KEY_ADDRESS):
            yield Fault(path, "calls a key", "name the command that it calls")
            continue
        try:
            find_command(entry.address, entry.arguments)
        except RendererError as fault:
            yield Fault(path, f"{fault.thing} {fault.fault}", fault.remedy)


def _find_source_faults(show: ShowFile) -> Iterator[Fault]:
    """Yield the faults of cameras that show a file or a performer's own camera."""
    names = [one.name for one in show.performers if one.name]
    count = max(len(show.performers), len(show.inputs) * show.tracking.performers_per_input, 1)
    known = [*names, *map(str, range(1, count + 1))]
    for number, camera in enumerate(show.cameras):
        if camera.file and camera.input:
            yield Fault(("cameras", number), "has both a file and an input", "keep one of them")
        if camera.input:
            path: Path = ("cameras", number, "input")
            yield from require_word(str(camera.input), known, path, "performer")


def _find_song_faults(song: SongEntry, path: Path) -> Iterator[Fault]:
    yield from find_beat_faults(song.beat, (*path, "beat"))
    before = 0
    for number, section in enumerate(song.sections):
        if section.bar <= before:
            yield Fault(
                (*path, "sections", number, "bar"),
                f"bar {section.bar} is not after bar {before}, where the section before begins",
                "put the sections in order",
            )
        before = section.bar


def find_beat_faults(beat: BeatEntry, path: Path) -> Iterator[Fault]:
    """Yield the faults of a beat grid: one that runs backwards, or is given twice."""
    if beat.times and beat.changes:
        yield Fault(path, "has both times and changes", "keep one of them")
    if len(beat.times) == 1:
        yield Fault((*path, "times"), "is a single beat", "give the time of every beat")
    for number, (one, after) in enumerate(zip(beat.times, beat.times[1:], strict=False), 1):
        if after <= one:
            yield Fault(
                (*path, "times", number),
                f"the beat grid runs backwards, from {one:g} s to {after:g} s",
                "give rising times",
            )
            return
    if beat.changes and beat.changes[0].beat != 0.0:
        yield Fault((*path, "changes", 0), "is not at beat 0", "begin the tempo map at beat 0")
    for number, (left, right) in enumerate(zip(beat.changes, beat.changes[1:], strict=False), 1):
        if right.beat <= left.beat:
            yield Fault(
                (*path, "changes", number),
                f"the tempo map runs backwards, from beat {left.beat:g} to beat {right.beat:g}",
                "give rising beats",
            )
            return


def _find_cue_faults(show: ShowFile, songs: Sequence[str]) -> Iterator[Fault]:
    for row, cue_list in enumerate(show.cue_lists):
        numbers = [cue.number for cue in cue_list.cues]
        yield from _find_repeated(("cue_lists", row, "cues"), "number", numbers)
        for place, cue in enumerate(cue_list.cues):
            path: Path = ("cue_lists", row, "cues", place)
            trigger = cue.trigger
            if isinstance(trigger, OnTime | OnBeat):
                if trigger.song:
                    yield from require_word(trigger.song, songs, (*path, "trigger", "song"), "song")
                elif not songs:
                    yield Fault((*path, "trigger"), "waits for a song, and there is none",
                                "add a song, or trigger it by go")  # fmt: skip
            if isinstance(trigger, OnFollow | OnAuto) and place == 0:
                yield Fault((*path, "trigger"), "follows a cue, and is the first one of its list",
                            "trigger it by go")  # fmt: skip
            for number, action in enumerate(cue.actions):
                yield from find_action_faults(show, row, action, (*path, "actions", number))
    yield from _find_circles(show.cue_lists)


def _find_circles(cue_lists: Sequence[CueListEntry]) -> Iterator[Fault]:
    """Yield a fault for every cue that starts itself, directly or through others."""
    edges = find_starts(cue_lists)
    state: dict[_Node, int] = {}
    for root in edges:
        if root in state:
            continue
        stack = [(root, iter(edges[root]))]
        state[root] = 1
        while stack:
            node, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                state[node] = 2
                stack.pop()
            elif state.get(target) == 1:
                row, place = target
                chain = [one for one, _ in stack]
                said = " → ".join(
                    cue_lists[r].cues[p].number for r, p in [*chain[chain.index(target) :], target]
                )
                yield Fault(
                    ("cue_lists", row, "cues", place),
                    f"the cues start each other in a circle: {said}",
                    "let one of them wait for go",
                )
            elif target not in state:
                state[target] = 1
                stack.append((target, iter(edges[target])))


def find_starts(cue_lists: Sequence[CueListEntry]) -> dict[_Node, list[_Node]]:
    """Return which cues each cue starts: by its actions, and the next one that follows it."""
    places = {
        (one.name, cue.number): (row, place)
        for row, one in enumerate(cue_lists)
        for place, cue in enumerate(one.cues)
    }
    edges: dict[_Node, list[_Node]] = {}
    for row, one in enumerate(cue_lists):
        for place, cue in enumerate(one.cues):
            starts = [
                places[key]
                for action in cue.actions
                if isinstance(action, CueAction) and action.act == "start"
                if (key := (action.list or one.name, action.cue)) in places
            ]
            if place + 1 < len(one.cues) and isinstance(
                one.cues[place + 1].trigger, OnFollow | OnAuto
            ):
                starts.append((row, place + 1))
            edges[row, place] = starts
    return edges


def _find_repeated(where: str | Path, field: str, values: Iterable[Hashable]) -> Iterator[Fault]:
    path: Path = (where,) if isinstance(where, str) else where
    counts: Counter[Hashable] = Counter()
    for number, value in enumerate(values):
        counts[value] += 1
        if counts[value] == 2:
            at = (*path, number, field) if field else (*path, number)
            yield Fault(at, f"{value!r} is there already", "give each its own")
