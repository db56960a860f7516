"""Load the titles of a show's document: lyrics, lower thirds, logo, disclosure label."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from renderer.errors import RendererError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file
from renderer.show.document.entries.songs import LyricsEntry, SongEntry
from renderer.show.document.entries.stage import StageEntry
from renderer.show.document.positions import Path as Keys
from renderer.show.document.read import ReadShow, place_fault
from renderer.show.songs.plan import SongPlan
from renderer.stage.text.logo import load_logo
from renderer.stage.text.lyric_sheet import LyricPart, load_lyrics
from renderer.stage.text.lyrics import Lyrics
from renderer.stage.text.titles import Logo, LowerThirdCue, TitlePlan


def build_songs(read: ReadShow, faults: FaultCollector) -> tuple[SongPlan, ...]:
    """Return the set list of a show, and record the faults of its files."""
    by_name = {one.name: one for one in read.show.songs}
    order = read.show.set_list or tuple(by_name)
    return tuple(build_song(read, by_name[name], faults) for name in order)


def build_song(read: ReadShow, song: SongEntry, faults: FaultCollector) -> SongPlan:
    """Return the plan of a song of a show, and record the faults of its files."""
    order = read.show.set_list or tuple(one.name for one in read.show.songs)
    file = read.folder / Path(song.file).expanduser() if song.file else None
    return SongPlan(
        song.name,
        file,
        None if file is None or not read.show.is_directed else _measure(read, song, file, faults),
        None if song.follow is None else round(song.follow * 1e9),
        find_lyrics(read, song, faults),
        tuple(find_thirds(read.show.stage, song.name, song.name == order[0])),
    )


def _measure(read: ReadShow, song: SongEntry, file: Path, faults: FaultCollector) -> int | None:
    """Return the length of a song's file; a file that cannot be played is a fault."""
    if not file.is_file():  # Reported where all files are checked.
        return None
    from renderer.output.audio.length import read_length_ns  # Only a show loads FFmpeg.

    path = ("songs", read.show.songs.index(song), "file")

    def measure(file: Path) -> int:
        try:
            return read_length_ns(file)
        except RendererError as fault:
            raise place_fault(read, path, fault) from fault

    return faults.attempt(measure, file)


def find_thirds(stage: StageEntry, song: str, is_first: bool) -> list[LowerThirdCue]:
    """Return the name titles of a song, sorted by start.

    Args:
        stage: of a document.
        song: name of the song.
        is_first: whether titles that name no song are of this one.
    """
    return sorted(
        (
            LowerThirdCue(one.begin, one.end, one.name, one.role)
            for one in stage.lower_thirds
            if one.song == song or (is_first and not one.song)
        ),
        key=lambda cue: cue.begin_s,
    )


def build_titles(read: ReadShow, songs: Sequence[SongPlan], faults: FaultCollector) -> TitlePlan:
    """Return the titles of a show's first song, and record the faults of their files."""
    stage = read.show.stage
    return TitlePlan(
        songs[0].lyrics if songs else (),
        songs[0].lower_thirds if songs else find_thirds(stage, "", True),
        faults.attempt(partial(_load_logo, read), stage.logo or None),
        stage.disclosure,
    )


def find_lyrics(read: ReadShow, song: SongEntry, faults: FaultCollector) -> tuple[Lyrics, ...]:
    """Return the lines of lyrics of a song, and record the faults of their files."""
    row = read.show.songs.index(song)
    lines = (
        faults.attempt(partial(_load_line, read, ("songs", row, "lyrics", number)), entry)
        for number, entry in enumerate(song.lyrics)
    )
    return tuple(one for one in lines if one is not None)


def _load_line(read: ReadShow, path: Keys, entry: LyricsEntry) -> Lyrics:
    file = read.folder / Path(entry.file).expanduser()
    try:
        require_file(file, "lyrics", "name a file of lyrics")
        return load_lyrics(file, LyricPart(entry.line))
    except RendererError as fault:
        raise place_fault(read, path, fault) from fault


def _load_logo(read: ReadShow, word: str) -> Logo:
    file = read.folder / Path(word).expanduser()
    try:
        require_file(file, "logo", "name a PNG")
        return load_logo(file)
    except RendererError as fault:
        raise place_fault(read, ("stage", "logo"), fault) from fault
