"""Define the status of the sound (meters, devices) and the commands to the mixer.

Levels are in dB relative to full scale, loudness in LUFS (EBU R128); SILENCE_DB stands for none.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

import msgspec

from renderer.protocol.schema import Command, Section

SILENCE_DB: Final = -120.0
"""Level that stands for silence, dB."""


class DeviceState(StrEnum):
    """State of a sound device."""

    RUNNING = "running"
    LOST = "lost"
    """It cannot be opened, or gives no sound; it is tried again."""


class BusStatus(msgspec.Struct, frozen=True):
    """Meters and controls of one bus.

    Attributes:
        name: such as `song`, `stem-vocals`, `mic-1`, `click`, `talkback`, `program`, `return`.
        gain_db: of its fader.
        peak_db: largest sample since the last status.
        rms_db: over the last 300 ms.
        momentary: loudness of the last 400 ms.
        short_term: loudness of the last 3 s.
        performer: whose microphone it is, or empty.
    """

    name: str
    gain_db: float = 0.0
    is_muted: bool = False
    peak_db: float = SILENCE_DB
    rms_db: float = SILENCE_DB
    momentary: float = SILENCE_DB
    short_term: float = SILENCE_DB
    performer: str = ""


class SoundDeviceStatus(msgspec.Struct, frozen=True):
    """Status of one sound device.

    Attributes:
        name: what it is for: `mic-1`, `talkback`, `room` or `return`.
        device: its name in the document.
        detail: why it is lost, a clause.
        drift_ppm: by how much its clock runs faster than the show's, parts per million.
        delay_ms: delay of a microphone against its capture.
        starved: number of blocks for which its samples came too late.
        fixed_delay_ms: of a microphone whose delay was set; below 0 it follows the picture's.
    """

    name: str
    device: str
    state: DeviceState
    detail: str = ""
    drift_ppm: float = 0.0
    delay_ms: float = 0.0
    starved: int = 0
    fixed_delay_ms: float = -1.0


class SoundHealth(Section, frozen=True):
    """Status of the sound, published 10 times a second.

    Attributes:
        integrated: loudness of the program since the show's start.
        true_peak_db: highest true peak of the program since the show's start.
        limiter_db: by how much the limiter reduces at most since the last status.
        loudness_gain_db: gain by which the program is brought to its loudness.
        ducking_db: by how much the song is lowered now.
        duck_db: by how much it is lowered while somebody sings.
        voice_delay_ms: measured delay of the picture, which voices get.
        song_delay_ms: by how much the program hears the song later than the performers.
        is_song_delay_fixed: whether it was set; otherwise it is measured where the performers have
            a return.
    """

    buses: list[BusStatus] = msgspec.field(default_factory=list)
    devices: list[SoundDeviceStatus] = msgspec.field(default_factory=list)
    integrated: float = SILENCE_DB
    true_peak_db: float = SILENCE_DB
    limiter_db: float = 0.0
    loudness_gain_db: float = 0.0
    ducking_db: float = 0.0
    duck_db: float = 0.0
    voice_delay_ms: float = 0.0
    song_delay_ms: float = 0.0
    is_song_delay_fixed: bool = False


class SoundCommand(Command, frozen=True):
    """A command to the mixer."""


class SetBusGain(SoundCommand, frozen=True):
    """Set the gain of a bus, dB from -120 (off) to 20."""

    ADDRESS: ClassVar[str] = "/sound/bus/{bus}/gain"
    SETS: ClassVar[str] = "bus/{bus}/gain"
    bus: str
    db: float


class MuteBus(SoundCommand, frozen=True):
    """Mute a bus, or open it again."""

    ADDRESS: ClassVar[str] = "/sound/bus/{bus}/mute"
    SETS: ClassVar[str] = "bus/{bus}/mute"
    bus: str
    is_muted: bool = True


class SwitchTalkback(SoundCommand, frozen=True):
    """Let the performers hear the crew's talkback microphone, or not; never the program."""

    ADDRESS: ClassVar[str] = "/sound/talkback"
    SETS: ClassVar[str] = "talkback"
    on: bool = True


class SwitchClick(SoundCommand, frozen=True):
    """Let the performers hear the click, or not; never the program."""

    ADDRESS: ClassVar[str] = "/sound/click"
    SETS: ClassVar[str] = "click"
    on: bool = True


class SetDucking(SoundCommand, frozen=True):
    """Set by how much the song is lowered while somebody sings, dB from 0 to 40."""

    ADDRESS: ClassVar[str] = "/sound/duck"
    SETS: ClassVar[str] = "duck"
    db: float


class SetVoiceDelay(SoundCommand, frozen=True):
    """Set the delay of a microphone, 0 to 2000 ms; below 0 it follows the picture's."""

    ADDRESS: ClassVar[str] = "/sound/bus/{bus}/delay"
    SETS: ClassVar[str] = "bus/{bus}/delay"
    bus: str
    ms: float = -1.0


class SetGuestWay(SoundCommand, frozen=True):
    """Set how long the song takes to a guest's ears and their motion back, ms; 0 if it is unknown.

    Program and performers here hear the song later by as much, and by the picture's delay.
    """

    ADDRESS: ClassVar[str] = "/sound/guest/{guest}/way"
    guest: str
    ms: float = 0.0


class SetSongDelay(SoundCommand, frozen=True):
    """Set by how much the program hears the song later than the performers, 0 to 1000 ms; below 0
    it is measured.
    """

    ADDRESS: ClassVar[str] = "/sound/song_delay"
    SETS: ClassVar[str] = "song_delay"
    ms: float = -1.0
