"""Derive where the song is, what comes, and what is sung. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.desk.document import SongRow, cue_rows, songs
from renderer.desk.widgets.observable import Observable
from renderer.errors import RendererError
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent, DocumentHealth
from renderer.protocol.schema import Section
from renderer.protocol.songs import SongsHealth
from renderer.protocol.status import Status
from renderer.stage.text.lyric_sheet import load_lyrics
from renderer.stage.text.lyrics import Lyrics

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class Flag:
    """A cue on the song's time."""

    number: str
    at_s: float


@dataclass(frozen=True, slots=True)
class SongState:
    """The song that plays, or that will.

    Attributes:
        seconds: song time; negative while it does not play.
        file: its recording; None if there is none on this machine.
        line, next_line: what is sung, and what comes.
        length_s: as the show tells it, seconds; 0 if it does not.
    """

    song: SongRow | None = None
    seconds: float = -1.0
    position: str = ""
    section: str = ""
    flags: tuple[Flag, ...] = ()
    file: Path | None = None
    line: str = ""
    next_line: str = ""
    length_s: float = 0.0


class SongModel:
    """The song's model."""

    sections: tuple[type[Section], ...] = (
        CuesHealth, SongsHealth, DocumentContent, DocumentHealth,
    )  # fmt: skip

    def __init__(self, _desk: DeskModel) -> None:
        self.state = Observable(SongState())
        self._content: DocumentContent | None = None
        self._songs: tuple[SongRow, ...] = ()
        self._flags: dict[str, tuple[Flag, ...]] = {}
        self._lyrics: dict[Path, Lyrics | None] = {}

    def update(self, status: Status) -> None:
        """Derive the state of the song from a status."""
        content, cues = status.of(DocumentContent), status.of(CuesHealth)
        if content is not self._content:
            self._content, self._songs = content, songs(content.data)
            self._flags = {song.name: _flags(song, content) for song in self._songs}
        songs_now = status.of(SongsHealth)
        name = songs_now.song or songs_now.next or cues.song or self._first(content)
        song = next((one for one in self._songs if one.name == name), None)
        if song is None:
            self.state.set(SongState())
            return
        now, position = -1.0, songs_now.position
        if songs_now.song:
            now = songs_now.position_s
        elif not status.has(SongsHealth):
            seconds = song.position_s(cues.position)
            now, position = -1.0 if seconds is None else seconds, cues.position
        folder = Path(status.of(DocumentHealth).file).parent
        file = folder / song.file if song.file else None
        passed = [part for part in song.sections if part.begin_s <= now + 1e-6]
        line, after = self._sung(folder, song, now)
        self.state.set(
            SongState(
                song, now, position, passed[-1].name if passed else "",
                self._flags.get(song.name, ()),
                file if file is not None and file.is_file() else None, line, after,
                songs_now.length_s if songs_now.song == song.name else 0.0,
            )
        )  # fmt: skip

    def _first(self, content: DocumentContent) -> str:
        """Return the name of the song with which the show begins: it is seen before the show."""
        order = content.data.get("set_list", ())
        if isinstance(order, list | tuple) and order:
            return str(order[0])
        return self._songs[0].name if self._songs else ""

    def _sung(self, folder: Path, song: SongRow, now: float) -> tuple[str, str]:
        """Return the lines that are sung now and next."""
        if not song.lyrics:
            return "", ""
        path = folder / song.lyrics[0]
        if path not in self._lyrics:
            try:
                self._lyrics[path] = load_lyrics(path)
            except (RendererError, OSError):
                self._lyrics[path] = None  # The show itself has told what is wrong with it.
        lyrics = self._lyrics[path]
        if lyrics is None or not lyrics.lines:
            return "", ""
        place = bisect_right([one.begin_s for one in lyrics.lines], now) - 1
        line = lyrics.lines[place].text if place >= 0 and lyrics.lines[place].end_s >= now else ""
        after = lyrics.lines[place + 1].text if place + 1 < len(lyrics.lines) else ""
        return line, after


def _flags(song: SongRow, content: DocumentContent) -> tuple[Flag, ...]:
    """Return the cues that the song's time starts; a cue that names no song waits for the first."""
    first = next((one.name for one in songs(content.data)), "")
    found = []
    for row in cue_rows(content.data):
        if (row.song or first) != song.name:
            continue
        word = row.trigger
        if word.startswith("Bar "):
            at = song.position_s(word.removeprefix("Bar ").replace(".", ":"))
        elif ":" in word:
            minutes, _, rest = word.partition(":")
            at = int(minutes) * 60.0 + int(rest) if (minutes + rest).isdecimal() else None
        else:
            at = None
        if at is not None:
            found.append(Flag(row.number, at))
    return tuple(found)
