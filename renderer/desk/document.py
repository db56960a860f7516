"""Read a show's document as the desk shows it: cues, cameras, looks, songs. No Qt.

The document comes as plain data that the show has validated; what another version of the show
writes differently is left blank rather than refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from renderer.desk.remember import remember_newest

Data = Mapping[str, Any]

_DEFAULT_BPM: Final = 120.0
SECTIONS: Final = ("Intro", "Verse", "Chorus", "Bridge", "Break", "Talk", "Outro")
"""Words of the kinds of sections, English; a section of its own name has that."""


@dataclass(frozen=True, slots=True)
class CueRow:
    """A cue.

    Attributes:
        trigger: what starts it, in a word or two: GO, 1:04, Bar 33, Follow.
        seconds: length of its fade.
        song: whose time starts it; empty for the first one, or for another trigger.
    """

    number: str
    name: str
    trigger: str
    seconds: float
    notes: str
    color: str
    song: str = ""


@dataclass(frozen=True, slots=True)
class CameraRow:
    """A virtual camera."""

    number: int
    name: str
    framing: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A part of a song, from `begin_s` on."""

    name: str
    begin_s: float


@dataclass(frozen=True, slots=True)
class SongRow:
    """A song.

    Attributes:
        file: its recording, relative to the document.
        beat_s: length of a beat at the beginning, seconds.
        beats_per_bar: beats of a bar.
        first_s: song time of the first downbeat.
        sections: in order.
        lyrics: files of its lyrics, the larger line first.
    """

    name: str
    file: str = ""
    bpm: float = _DEFAULT_BPM
    beats_per_bar: int = 4
    first_s: float = 0.0
    sections: tuple[SectionRow, ...] = ()
    lyrics: tuple[str, ...] = ()

    @property
    def beat_s(self) -> float:
        """Return the length of a beat, seconds."""
        return 60.0 / self.bpm

    def position_s(self, position: str) -> float | None:
        """Return the song time of a bar and beat such as "12:3"; None for no position."""
        bar, _, beat = position.partition(":")
        try:
            beats = (int(bar) - 1) * self.beats_per_bar + float(beat or 1) - 1.0
        except ValueError:
            return None
        return self.first_s + beats * self.beat_s


@remember_newest
def cue_rows(data: Data, name: str = "") -> tuple[CueRow, ...]:
    """Return the cues of a list by its name; of the first one if empty."""
    for one in _tables(data, "cue_lists"):
        if name in ("", one.get("name", "")):
            return tuple(map(_cue_row, _tables(one, "cues")))
    return ()


@remember_newest
def cue_list_names(data: Data) -> tuple[str, ...]:
    """Return the names of the cue lists."""
    return tuple(_text(one, "name") for one in _tables(data, "cue_lists"))


@remember_newest
def cameras(data: Data) -> tuple[CameraRow, ...]:
    """Return the cameras in the order of the document."""
    return tuple(
        CameraRow(
            _whole(one, "number"),
            _text(one, "name") or f"Camera {_whole(one, 'number')}",
            _text(one, "framing"),
        )
        for one in _tables(data, "cameras")
    )


@remember_newest
def looks(data: Data) -> tuple[str, ...]:
    """Return the names of the looks."""
    return tuple(_text(one, "name") for one in look_tables(data))


def look_tables(data: Data) -> tuple[Data, ...]:
    """Return the looks as the document has them."""
    return _tables(data, "looks")


@remember_newest
def songs(data: Data) -> tuple[SongRow, ...]:
    """Return the songs, in the order in which they are sung."""
    return tuple(map(_song_row, _tables(data, "songs")))


def show_title(data: Data) -> str:
    """Return the show's title."""
    show = data.get("show")
    return _text(show, "title") if isinstance(show, Mapping) else ""


def _cue_row(one: Data) -> CueRow:
    trigger = one.get("trigger")
    song = _text(trigger, "song") if isinstance(trigger, Mapping) else ""
    return CueRow(
        number=str(one.get("number", "")),
        name=_text(one, "name"),
        trigger=_trigger(trigger if isinstance(trigger, Mapping) else {}),
        seconds=_number(one, "duration"),
        notes=_text(one, "notes"),
        color=_text(one, "color"),
        song=song,
    )


def _trigger(one: Data) -> str:
    kind, at = str(one.get("on", "go")), one.get("at", "")
    if kind == "beat":
        return f"Bar {str(at).removesuffix(':1').replace(':', '.')}"
    if kind == "time" and isinstance(at, int | float):
        return f"{int(at) // 60}:{int(at) % 60:02d}"
    words = {"go": "GO", "auto": "Auto", "follow": "Follow", "timecode": str(at) or "LTC",
             "osc": "OSC", "midi": "MIDI", "dmx": "DMX", "alarm": "Alarm"}  # fmt: skip
    return words.get(kind, kind)


def _song_row(one: Data) -> SongRow:
    beat = one.get("beat")
    beat = beat if isinstance(beat, Mapping) else {}
    bpm = _number(beat, "bpm") or _DEFAULT_BPM
    bar = _whole(beat, "beats_per_bar") or 4
    first = _number(beat, "first")
    sections = tuple(
        SectionRow(
            _text(part, "name") or _text(part, "kind").capitalize(),
            first + (max(_whole(part, "bar"), 1) - 1) * bar * 60.0 / bpm,
        )
        for part in _tables(one, "sections")
    )
    lyrics = tuple(_text(each, "file") for each in _tables(one, "lyrics"))
    return SongRow(_text(one, "name"), _text(one, "file"), bpm, bar, first, sections, lyrics)


def _tables(data: Data, key: str) -> tuple[Data, ...]:
    found = data.get(key, ())
    return tuple(one for one in found if isinstance(one, Mapping)) if _is_list(found) else ()


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _text(one: Data, key: str) -> str:
    value = one.get(key, "")
    return value if isinstance(value, str) else ""


def _number(one: Data, key: str) -> float:
    value = one.get(key, 0.0)
    return float(value) if isinstance(value, int | float) else 0.0


def _whole(one: Data, key: str) -> int:
    value = one.get(key, 0)
    return value if isinstance(value, int) else 0
