"""Define what a show's sound consists of: channels, devices, processing. Imports no sound library.

Levels are in dB relative to full scale, loudness in LUFS (EBU R128).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

SONG: Final = "song"
CLICK: Final = "click"
COUNT_IN: Final = "count-in"
TALKBACK: Final = "talkback"
PROGRAM: Final = "program"
RETURN: Final = "return"
"""Names of the buses that every show has; stems are `stem-NAME`, microphones `mic-NUMBER`."""
NULL_DEVICE: Final = "null"
"""Name of the device that plays to nobody and hears silence, in real time."""
GUEST_DEVICE: Final = "guest:"
"""What the device of a guest's voice begins with; the guest's name follows."""
RATE: Final = 48_000
"""Samples per second of every bus."""


@dataclass(frozen=True, slots=True)
class MicrophonePlan:
    """One performer's microphone and the processing of its channel.

    Attributes:
        bus: name of its bus, such as `mic-1`.
        performer: whose it is, for messages.
        device: name of the input device, or part of one; `default` for the system's.
        channel: of the device, from 1.
        gain_db: of the channel's fader.
        high_pass_hz: corner frequency of the high-pass; 0 for none.
        gate_db: level below which the channel closes; None for no gate.
        compressor_db: level above which the channel is compressed; None for no compressor.
        ratio: of the compressor.
        reverb_db: level of the reverb send; None for none.
        delay_ms: None delays the voice as long as the picture; otherwise the delay itself.
    """

    bus: str
    performer: str
    device: str
    channel: int = 1
    gain_db: float = 0.0
    high_pass_hz: float = 90.0
    gate_db: float | None = -50.0
    compressor_db: float | None = -20.0
    ratio: float = 3.0
    reverb_db: float | None = -18.0
    delay_ms: float | None = None


@dataclass(frozen=True, slots=True)
class StemPlan:
    """One stem, of all songs that have it.

    Attributes:
        bus: name of its bus, such as `stem-vocals`.
        files: by the name of the song.
        opening: file of the song with which each run of show time begins; None for none.
    """

    bus: str
    files: dict[str, Path]
    opening: Path | None = None


@dataclass(frozen=True, slots=True)
class BeatPlan:
    """The beats of one song.

    Attributes:
        song: its name; the opening song's is empty as well.
        seconds: song times of the beats, ascending.
        per_bar: beats in a bar; the first one has a higher click.
    """

    song: str
    seconds: tuple[float, ...]
    per_bar: int = 4


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """A show's sound, besides the song itself.

    Attributes:
        microphones: one per performer who has one.
        stems: the songs' stems. They replace the songs' mixes, whose bus begins muted.
        loudness: loudness to which the program is brought, LUFS; None leaves it.
        ceiling_db: highest true peak of the program.
        duck_db: by how much the song is lowered while somebody sings; 0 for not at all.
        room: device that plays the program in the room; empty for none.
        performer_return: device that plays song, click and talkback to the performers.
        talkback: device of the crew's microphone.
        click: whether the click is heard from the start.
        beats: of the songs, for the click.
        song_delay_ms: by how much the program hears the song later than the performers; None
            measures it, which needs a device on which they hear it.
        voices: folder in which guests' voices are found; None without guests.
    """

    microphones: tuple[MicrophonePlan, ...] = ()
    stems: tuple[StemPlan, ...] = ()
    loudness: float | None = None
    ceiling_db: float = -1.0
    duck_db: float = 0.0
    room: str = ""
    performer_return: str = ""
    talkback: str = ""
    click: bool = False
    beats: tuple[BeatPlan, ...] = ()
    song_delay_ms: float | None = None
    voices: Path | None = None
