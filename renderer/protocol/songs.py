"""Define the commands to the songs of a show, and their status."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from renderer.protocol.schema import Command, Section

MOST_COUNT_IN = 8
"""Longest count-in, bars."""


class SongState(StrEnum):
    """State of the song transport."""

    STOPPED = "stopped"
    COUNT_IN = "count-in"
    PLAYING = "playing"
    PAUSED = "paused"


class SongCommand(Command, frozen=True):
    """A command to the song transport."""


class StartSong(SongCommand, frozen=True):
    """Start a song, from its beginning or from a bar and beat.

    Attributes:
        song: its name; empty for the one that is next.
        at: bar and beat such as "9:1"; empty for the beginning.
        count_in: bars that are counted before it.
    """

    ADDRESS: ClassVar[str] = "/song/start"
    song: str = ""
    at: str = ""
    count_in: int = 0


class StopSong(SongCommand, frozen=True):
    """End the song: talk follows. The one after it is next."""

    ADDRESS: ClassVar[str] = "/song/stop"


class PauseSong(SongCommand, frozen=True):
    """Hold the song where it is."""

    ADDRESS: ClassVar[str] = "/song/pause"


class ResumeSong(SongCommand, frozen=True):
    """Go on with the paused song.

    Attributes:
        count_in: bars that are counted before it.
    """

    ADDRESS: ClassVar[str] = "/song/resume"
    count_in: int = 0


class SeekSong(SongCommand, frozen=True):
    """Go to another place in the song; its cues leave the state of that place.

    Attributes:
        at: bar and beat such as "9:1"; empty if a cue is named.
        cue: number of a cue that waits for a time of a song; the song is started if necessary.
        list: of the cue; the main list if empty.
    """

    ADDRESS: ClassVar[str] = "/song/seek"
    at: str = ""
    cue: str = ""
    list: str = ""


class NextSong(SongCommand, frozen=True):
    """Start the next song of the set list."""

    ADDRESS: ClassVar[str] = "/song/next"
    count_in: int = 0


class PreviousSong(SongCommand, frozen=True):
    """Start the song before the current one in the set list."""

    ADDRESS: ClassVar[str] = "/song/previous"
    count_in: int = 0


class SongsHealth(Section, frozen=True):
    """Status of the song transport, published 10 times a second.

    Attributes:
        song: that plays, is counted in or paused; empty for none.
        next: that follows in the set list; empty after the last one.
        place: of the song in the set list, from 1; 0 for none.
        songs: names of the set list, in order.
        lengths_s: of each of them, seconds; 0 if it is played on stage.
        position_s: time of the song, seconds; negative while it is counted in.
        length_s: of the song, seconds; 0 if it is played on stage.
        position: bar and beat, such as "12:3"; empty for none.
        section: kind of the section, or its name if it has one.
        timecode: hours, minutes, seconds and frames of the song's timecode hour; empty for none.
    """

    state: SongState = SongState.STOPPED
    song: str = ""
    next: str = ""
    place: int = 0
    songs: list[str] = msgspec.field(default_factory=list)
    position_s: float = 0.0
    length_s: float = 0.0
    position: str = ""
    section: str = ""
    timecode: str = ""
    lengths_s: list[float] = msgspec.field(default_factory=list)
