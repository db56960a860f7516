"""`encore song beats`: keep a song's beat grid in a show's document."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.cli.command import Command
from renderer.cli.values import number, whole_number
from renderer.errors import RendererError, ShowError, UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file

if TYPE_CHECKING:
    from renderer.show.document.entries.songs import BeatEntry, SongEntry
    from renderer.show.document.read import ReadShow

WAYS: Final = ("tempo", "taps", "midi", "detect")


@dataclass(frozen=True, slots=True)
class BeatsRequest:
    """The checked arguments of `encore song beats`.

    Attributes:
        read: the document; None if it has faults.
        row: of the song in it.
        way: how its beats are found, one of WAYS.
    """

    read: ReadShow | None
    row: int
    way: str
    arguments: Namespace


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore song beats`."""
    parser.add_argument("file", type=Path, metavar="SHOW.toml", help="document of the show")
    parser.add_argument("--song", default="", metavar="NAME", help="the first one if left out")
    parser.add_argument(
        "--tempo",
        type=number("Tempo", 20.0, 400.0, 120.0),
        metavar="BPM",
        help="a steady tempo, beats per minute",
    )
    parser.add_argument(
        "--taps",
        metavar="FILE|-",
        help="seconds of the song at which somebody tapped, one a line; - takes Enter at every "
        "beat, the first one at the first downbeat, and Ctrl-D at the end",
    )
    parser.add_argument("--midi", type=Path, metavar="FILE.mid", help="a MIDI tempo map")
    parser.add_argument(
        "--detect", action="store_true", help="listen to the song, with librosa (the extra beats)"
    )
    parser.add_argument(
        "--first",
        type=number("First", -60.0, 3600.0, 0.25),
        metavar="SECONDS",
        help="song time of the first downbeat; 0 by default, as found with --taps and --detect",
    )
    parser.add_argument(
        "--bar",
        type=whole_number("Bar", 1, 32, "beats"),
        metavar="BEATS",
        help="beats in a bar, 4 by default",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> BeatsRequest:
    """Check the document, the song and the way."""
    from renderer.show.document.read import read_show

    chosen = [way for way in WAYS if getattr(arguments, way) not in (None, False)]
    if len(chosen) != 1:
        faults.add(
            UsageError(
                "Beats",
                "are found in one way at a time" if chosen else "need a way to be found",
                "give one of --tempo, --taps, --midi and --detect",
            )
        )
    if arguments.midi is not None:
        faults.attempt(lambda path: require_file(path, "MIDI file", "name a .mid"), arguments.midi)
    if arguments.taps not in (None, "-"):
        faults.attempt(
            lambda path: require_file(path, "taps", "name a text file"), Path(arguments.taps)
        )
    read = None if arguments.file is None else read_show(arguments.file, faults)
    row = 0
    if read is not None:
        row = _find_song(read.show.songs, arguments.song, faults)
    return BeatsRequest(read, row, chosen[0] if chosen else "", arguments)


def _find_song(songs: tuple[SongEntry, ...], name: str, faults: FaultCollector) -> int:
    from renderer.spelling import nearest

    names = [song.name for song in songs]
    if name in names:
        return names.index(name)
    if name or not names:
        meant = nearest(name, names)
        remedy = f"did you mean {meant!r}?" if meant else f"name one of {', '.join(names)}"
        faults.add(
            UsageError(
                f"Song {name}", "is not in the show", remedy if names else "add a song to it"
            )
        )
    return 0


def run(request: BeatsRequest) -> int:
    """Find the beats, write them into the document, and say what they are."""
    import msgspec

    from renderer.protocol.document import SetValue
    from renderer.show.document.editor import DocumentEditor

    assert request.read is not None  # A command with faults is not run.
    song = request.read.show.songs[request.row]
    beat = _find_beats(request, song)
    editor = DocumentEditor(request.read)
    value = msgspec.to_builtins(beat)
    editor.edit([SetValue(["songs", request.row, "beat"], value)], "song beats")
    path = editor.save()
    kind = "times of its own" if beat.times else f"{beat.bpm:g} beats per minute"
    if beat.changes:
        kind = f"{len(beat.changes)} tempos"
    print(f"{song.name}: {kind}, bars of {beat.beats_per_bar}; kept in {path}")
    return 0


def _find_beats(request: BeatsRequest, song: SongEntry) -> BeatEntry:
    """Return the song's grid, found as was asked.

    Raises:
        RendererError: it cannot be found.
    """
    import msgspec

    from renderer.show.document.entries.songs import BeatEntry

    arguments, bar = request.arguments, request.arguments.bar or 4
    first = arguments.first
    if request.way == "tempo":
        return BeatEntry(bpm=arguments.tempo, first=first or 0.0, beats_per_bar=bar)
    if request.way == "midi":
        from renderer.show.songs.midi import grid_from_midi

        return grid_from_midi(arguments.midi, first or 0.0)
    if request.way == "taps":
        from renderer.show.songs.taps import grid_from_taps

        taps = _tap_along(first or 0.0) if arguments.taps == "-" else _read_taps(arguments.taps)
        return grid_from_taps(taps, bar)
    from renderer.show.songs.detect import detect_grid

    if not song.file:
        raise ShowError(f"Song {song.name}", "has no file to listen to", "type its tempo")
    assert request.read is not None
    beat = detect_grid(request.read.folder / song.file, bar)
    return beat if first is None else msgspec.structs.replace(beat, first=first)


def _read_taps(word: str) -> list[float]:
    path = Path(word)
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as fault:
        raise RendererError(f"Taps {path}", "cannot be read", "name a text file") from fault
    taps = []
    for row, line in enumerate(lines, 1):
        try:
            taps.append(float(line))
        except ValueError as fault:
            raise ShowError(
                f"Taps {path}:{row}:1", f"{line[:20]!r} is no time", "write seconds, one a line"
            ) from fault
    return taps


def _tap_along(first: float) -> list[float]:
    """Return the song times of the presses of Enter; the first one is at `first`."""
    print("Press Enter on every beat, the first one on a downbeat, and Ctrl-D at the end.")
    return time_presses(sys.stdin, first)


def time_presses(lines: Iterable[str], first: float) -> list[float]:
    """Return the song times at which lines arrive; the first one is at `first`."""
    began: float | None = None
    taps: list[float] = []
    for _ in lines:
        now = time.monotonic()
        began = now if began is None else began
        taps.append(first + now - began)
    return taps


COMMAND = Command(
    "beats",
    "keep a song's beats in a show's document",
    prepare,
    run,
    add_options,
    (
        "encore song beats show.toml --tempo 117 --first 0.35",
        "encore song beats show.toml --song Ballad --midi ballad.mid",
        "encore song beats show.toml --song Ballad --taps -",
        "encore song beats show.toml --detect",
    ),
)
