"""Define songs as a show document has them: beats, sections, lyrics."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from renderer.show.document.part import Name, Part, Text


class TempoChange(Part, frozen=True):
    """A tempo from a beat until the next change."""

    beat: Annotated[float, Meta(ge=0.0, le=1e6)]
    bpm: Annotated[float, Meta(ge=20.0, le=400.0)]


class BeatEntry(Part, frozen=True):
    """The beat grid of a song: a typed tempo, a tempo map, or the time of every beat.

    Attributes:
        bpm: tempo, beats per minute.
        first: song time of beat 0, the first downbeat, seconds.
        beats_per_bar: beats in a bar.
        changes: tempo changes, as a MIDI tempo map has them; the first at beat 0.
        times: song time of each beat, seconds, for a song without a steady tempo.
    """

    bpm: Annotated[float, Meta(ge=20.0, le=400.0)] = 120.0
    first: Annotated[float, Meta(ge=-60.0, le=3600.0)] = 0.0
    beats_per_bar: Annotated[int, Meta(ge=1, le=32)] = 4
    changes: Annotated[tuple[TempoChange, ...], Meta(max_length=5000)] = ()
    times: Annotated[
        tuple[Annotated[float, Meta(ge=-60.0, le=86_400.0)], ...], Meta(max_length=20_000)
    ] = ()


class SectionEntry(Part, frozen=True):
    """A part of a song, from a bar until the next one."""

    kind: Literal["intro", "verse", "chorus", "bridge", "break", "talk", "outro"]
    bar: Annotated[int, Meta(ge=1, le=5000)]
    name: Text = ""


class LyricsEntry(Part, frozen=True):
    """A file of lyrics.

    Attributes:
        file: LRC, enhanced LRC, TTML or ASS.
        line: the line of it that is shown.
    """

    file: Name
    line: Literal["voice 1", "voice 2", "translation", "pronunciation"] = "voice 1"


class SongEntry(Part, frozen=True):
    """A song.

    Attributes:
        name: by which cues refer to it.
        file: the mix that the audience hears; empty for a song that is played live.
        stems: further recordings by name, such as "vocals", for the beat and for voices.
        beat: its beat grid.
        sections: in order.
        lyrics: at most two lines, the larger one first.
        hour: of its timecode, whatever its place in the set list.
        follow: seconds after its end at which the next song starts by itself; if left out, the
            crew or a cue starts it.
    """

    name: Name
    file: Text = ""
    stems: dict[str, Name] = msgspec.field(default_factory=dict)
    beat: BeatEntry = BeatEntry()
    sections: tuple[SectionEntry, ...] = ()
    lyrics: Annotated[tuple[LyricsEntry, ...], Meta(max_length=2)] = ()
    hour: Annotated[int, Meta(ge=0, le=23)] | None = None
    follow: Annotated[float, Meta(ge=0.0, le=3600.0)] | None = None
