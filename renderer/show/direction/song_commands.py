"""Execute commands and cues to the songs, and publish the status of the song transport."""

from __future__ import annotations

from renderer.errors import ShowError
from renderer.protocol.schema import Reply
from renderer.protocol.songs import (
    MOST_COUNT_IN,
    NextSong,
    PauseSong,
    PreviousSong,
    ResumeSong,
    SeekSong,
    SongCommand,
    SongsHealth,
    StartSong,
    StopSong,
)
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.direction.director import StageDirector
from renderer.show.document.cues import SongAction
from renderer.show.songs.grid import SECOND_NS, parse_position

TIMECODE_RATE = 30
"""Frames per second of the timecode that the status shows."""


class SongCommands:
    """The crew's hands on the songs. Belongs to the tick's thread.

    Args:
        director: of the stage, which has the songs.
    """

    def __init__(self, director: StageDirector) -> None:
        self._director = director
        director.perform_song = self.perform

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the crew's commands to songs, and publish their section."""
        for kind in (
            StartSong, StopSong, PauseSong, ResumeSong, SeekSong, NextSong, PreviousSong,
        ):  # fmt: skip
            desk.commands.register(kind, self.handle)
        desk.sections.add(SongsHealth, Rate.HEALTH, self.health)

    def handle(self, command: SongCommand, answer: Answer) -> None:
        """Execute a command to the songs.

        Raises:
            ShowError: it cannot be done; the registry answers with the reason.
        """
        songs = self._director.songs
        match command:
            case StartSong(song=song, at=at, count_in=bars):
                text = f"{self._start(song, at, bars)} starts."
            case StopSong():
                songs.stop()
                text = "The song ends."
            case PauseSong():
                text = f"{songs.pause()} is paused."
            case ResumeSong(count_in=bars):
                playing = songs.current
                name = "" if playing is None else playing.song
                text = f"{songs.resume(self._count_in(name, bars))} goes on."
            case SeekSong(at=at, cue=cue, list=name):
                text = self._seek(at, cue, name)
            case NextSong(count_in=bars):
                text = f"{self._start('', '', bars)} starts."
            case PreviousSong(count_in=bars):
                place = songs.place - 2 if songs.place else -1
                name = songs.songs[place].name if place >= 0 else ""
                text = f"{songs.previous(self._count_in(name, bars))} starts."
            case _:
                raise ShowError(
                    type(command).__name__, "is no command to songs", "see encore commands"
                )
        answer(Reply(True, text))

    def perform(self, action: SongAction) -> None:
        """Do what a cue asks for.

        Raises:
            ShowError: it cannot be done.
        """
        songs = self._director.songs
        match action.act:
            case "start":
                self._start(action.song, action.at, action.count_in)
            case "stop":
                songs.stop()
            case "pause":
                songs.pause()
            case "resume":
                songs.resume(self._count_in(action.song, action.count_in))
            case "seek":
                self._seek(action.at or "1:1", "", "")
            case "next":
                self._start("", "", action.count_in)
            case "previous":
                songs.previous(self._count_in("", action.count_in))

    def health(self) -> SongsHealth:
        """Return the status of the song transport."""
        songs, playing = self._director.songs, self._director.songs.current
        names = [one.name for one in songs.songs]
        lengths = [(one.length_ns or 0) / SECOND_NS for one in songs.songs]
        if playing is None:
            following = songs.next_song
            after = "" if following is None else following.name
            return SongsHealth(songs.state, next=after, songs=names, lengths_s=lengths)
        after = "".join(names[songs.place : songs.place + 1])
        parts = self._director.library.get(playing.song)
        seconds = playing.position_ns / SECOND_NS
        place = parts.grid.position_at(seconds)
        return SongsHealth(
            songs.state, playing.song, after, songs.place, names, seconds,
            (parts.length_ns or 0) / SECOND_NS, f"{place.bar}:{int(place.beat)}",
            parts.section_at(seconds), parts.timecode_at(playing.position_ns, TIMECODE_RATE),
            lengths,
        )  # fmt: skip

    def _start(self, name: str, at: str, bars: int) -> str:
        """Start a song, the next one if none is named, and return its name."""
        songs = self._director.songs
        following = songs.next_song
        known = name or ("" if following is None else following.name)
        return songs.start(known, self._time_of(known, at), self._count_in(known, bars))

    def _seek(self, at: str, cue: str, list_name: str) -> str:
        """Go to a bar and beat, or to a cue, and return the answer.

        Raises:
            ShowError: there is no such place, or the cue waits for no time of a song.
        """
        songs, playing = self._director.songs, self._director.songs.current
        if at:
            name = "" if playing is None else playing.song
            songs.seek(self._time_of(name, at))
            return f"{name} at {at}."
        sheet = self._director.runner.sheet
        one = sheet.lists[sheet.find(list_name)]
        found = one.cues[one.find(cue)]
        if found.at_ns is None:
            raise ShowError(
                f"Cue {cue[:20]}", "waits for no time of a song", "name a bar and beat by at"
            )
        if playing is not None and playing.song == found.song:
            songs.seek(found.at_ns)
        else:
            songs.start(found.song, found.at_ns)
        return f"{found.song} at cue {found.number}."

    def _time_of(self, name: str, at: str) -> int:
        if not at:
            return 0
        return max(self._director.library.get(name).grid.time_ns(parse_position(at)), 0)

    def _count_in(self, name: str, bars: int) -> int:
        """Return the length of a count-in at a song's first tempo, nanoseconds.

        Raises:
            ShowError: it is longer than MOST_COUNT_IN.
        """
        if not 0 <= bars <= MOST_COUNT_IN:
            raise ShowError(
                f"A count-in of {bars} bars", "is out of range", f"give 0 to {MOST_COUNT_IN}"
            )
        grid = self._director.library.get(name).grid
        return round(bars * grid.beats_per_bar / grid.rate_at(0.0) * SECOND_NS)
