"""Define the parts of a show document. Every field but a name has a default.

Times are in seconds and angles in degrees, as people write them; files are relative to the
document's folder.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from renderer.show.document.cues import CueListEntry
from renderer.show.document.entries.control import ControlEntry
from renderer.show.document.entries.fans import FansEntry
from renderer.show.document.entries.keys import KeyEntry
from renderer.show.document.entries.lights import (
    FixtureEffectEntry,
    FixtureEntry,
    GroupEntry,
    LightRigEntry,
    PaletteEntry,
)
from renderer.show.document.entries.songs import SongEntry
from renderer.show.document.entries.sound import MicrophoneEntry, SoundEntry
from renderer.show.document.entries.stage import (
    AutoDirectorEntry,
    CameraEntry,
    LookEntry,
    StageEntry,
    StingerEntry,
)
from renderer.show.document.part import Name, Part, Text

SCHEMA: Final = 1
"""Version of the document's schema; `migrate.py` updates older ones."""


class Settings(Part, frozen=True):
    """The show as a whole.

    Attributes:
        title: for the crew.
        live: play files at their own pace and drop what comes too late, as a camera always does.
        opening: what begins with the show: the first song of the set list, or talk, until the
            crew or a cue starts a song.
        on_air: go live at the start; otherwise on a command.
        start_without_failed: start with the outputs that open, and retry the others.
        standby: keep a second engine ready, which takes over if the first one dies.
        standby_machine: paired machine whose engine takes over if this machine's is lost; empty for
            none.
        overwrite: recordings may replace files.
        alpha: draw the idols alone over transparency, for recordings with alpha.
        size: of the picture, such as "1280x720"; empty for a default.
        rate: frames per second; 0 for the input's own.
        watch: address of this machine, with a port or without, on which HLS outputs can be watched;
            only this machine's own if empty.
        metrics: port of this machine's loopback at which Prometheus reads the show's health; 0 for
            none.
        guests: address of this machine at which guests join, with a port or without; only this
            machine's own if empty.
        machines: address of this machine, with a port or without, at which other machines join; all
            its addresses if an input or the standby is on one, none otherwise.
    """

    title: Text = ""
    live: bool = False
    opening: Literal["song", "talk"] = "song"
    on_air: bool = True
    start_without_failed: bool = False
    standby: bool = False
    standby_machine: Annotated[str, Meta(max_length=40)] = ""
    overwrite: bool = False
    alpha: bool = False
    size: Annotated[str, Meta(max_length=20)] = ""
    rate: Annotated[int, Meta(ge=0, le=120)] = 0
    watch: Annotated[str, Meta(max_length=80)] = ""
    metrics: Annotated[int, Meta(ge=0, le=65_535)] = 0
    guests: Annotated[str, Meta(max_length=80)] = ""
    machines: Annotated[str, Meta(max_length=80)] = ""


class Rights(Part, frozen=True):
    """What the avatars' licences are held against.

    Attributes:
        usage: for whose profit the show is given.
        content: kinds of content that the licences must allow.
        permission: who gave a permission that an avatar's file does not give.
        without_disclosure: who answers for showing no disclosure label; empty to show one.
        show: name of the show, by which licences and consents know it.
        territories: codes of the countries to which it is streamed, such as "KR".
        licences: signed licences, besides those next to the avatars' files.
        consents: signed consents of performers.
    """

    usage: Literal["personalNonProfit", "personalProfit", "corporation"] = "personalNonProfit"
    content: tuple[Literal["violent", "sexual", "political", "hate"], ...] = ()
    permission: Text = ""
    without_disclosure: Text = ""
    show: Text = ""
    territories: tuple[Name, ...] = ()
    licences: tuple[Name, ...] = ()
    consents: tuple[Name, ...] = ()


class AvatarEntry(Part, frozen=True):
    """An avatar under a name by which performers refer to it.

    Attributes:
        palettes: files of the same avatar in other colours, by the palette's name.
    """

    name: Name
    file: Name
    palettes: dict[Name, Name] = msgspec.field(default_factory=dict)


class PerformerEntry(Part, frozen=True):
    """A performer, in the order in which cameras show them from the left.

    Attributes:
        name: calibrated faces go by it.
        avatar: name of an avatar of this document, or a VRM file; empty for the default idol.
        models: files of learned models of the performer's own (encore train), one of a kind; empty
            for what is kept under the name, or the shipped ones.
        microphone: that the audience hears.
    """

    name: Text = ""
    avatar: Text = ""
    models: Annotated[tuple[Name, ...], Meta(max_length=3)] = ()
    microphone: MicrophoneEntry | None = None


class InputEntry(Part, frozen=True):
    """A camera, or a file in its place.

    Attributes:
        address: camera:0, rtsp://…, a video, images, a take or an animation.
        lens: degrees across the picture's longer side, or such as "26mm"; empty for a webcam's.
    """

    address: Name
    lens: Annotated[str, Meta(max_length=20)] = ""


class SourceEntry(Part, frozen=True):
    """A source or a receiver of one performer beside the cameras.

    Attributes:
        kind: face (a phone), body (a suit), closeup (a camera), voice, or vmc_out (a receiver).
        address: such as livelink:11111, camera:1 or mic.
        performer: name or number from 1; empty for the first one.
    """

    kind: Literal["face", "body", "closeup", "voice", "vmc_out"]
    address: Name
    performer: Text = ""


class Tracking(Part, frozen=True):
    """What holds for all inputs.

    Attributes:
        performers_per_input: how many performers each camera shows.
        allow: further addresses or networks that may send tracking.
        cameras: calibration files of the inputs with several cameras on one performer, in order.
        expressiveness: how strongly faces are shown, 0 as they were seen; of the performers in
            turn, or one for all; empty for the avatars' own.
        take: file that keeps everything that is seen and heard; empty for none.
    """

    performers_per_input: Annotated[int, Meta(ge=1, le=4)] = 1
    allow: tuple[Name, ...] = ()
    cameras: tuple[Name, ...] = ()
    expressiveness: tuple[Annotated[float, Meta(ge=0, le=1)], ...] = ()
    take: Text = ""


class OperatorEntry(Part, frozen=True):
    """Somebody of the crew, and what they may do: each role includes those before it."""

    name: Name
    role: Literal["view", "control", "edit", "rights"] = "control"


class OutputEntry(Part, frozen=True):
    """Where the program goes live: rtmp://…, srt://…, hls:FOLDER; vertical: for that view.

    Attributes:
        address: see `renderer.output.spec.parse_output`; frames:FOLDER for images.
        size: such as 1280x720, if it is not the show's; of an hls: output also several, such as
            1920x1080+1280x720+vertical.
        kbit_s: bit rate of the picture; 0 for a default.
    """

    address: Name
    size: Annotated[str, Meta(max_length=100)] = ""
    kbit_s: Annotated[int, Meta(ge=0, le=400_000)] = 0


class RecordingEntry(Part, frozen=True):
    """A file that the program is written to: FILE.mp4; vertical: before it for that view.

    Attributes:
        file: or frames:FOLDER for images.
        size, kbit_s: as of an output.
        fallback: folder on another disk, where the recording goes on if the first one fails.
    """

    file: Name
    size: Annotated[str, Meta(max_length=100)] = ""
    kbit_s: Annotated[int, Meta(ge=0, le=400_000)] = 0
    fallback: str = ""


class ShowFile(Part, frozen=True):
    """A whole show.

    Attributes:
        operators: who may do what; if it is empty, everybody may do everything.
        set_list: names of the songs in the order in which they are played; empty for the order of
            `songs`.
        keys: what keys of this show's own call, by Qt's portable name such as "F5" or "Ctrl+1".
        fans: an endpoint at which fans move the audience; None for none.
    """

    schema: int = SCHEMA
    show: Settings = Settings()
    rights: Rights = Rights()
    avatars: tuple[AvatarEntry, ...] = ()
    performers: Annotated[tuple[PerformerEntry, ...], Meta(max_length=16)] = ()
    inputs: tuple[InputEntry, ...] = ()
    tracking: Tracking = Tracking()
    sources: tuple[SourceEntry, ...] = ()
    songs: Annotated[tuple[SongEntry, ...], Meta(max_length=200)] = ()
    set_list: tuple[Name, ...] = ()
    sound: SoundEntry | None = None
    stage: StageEntry = StageEntry()
    fixtures: Annotated[tuple[FixtureEntry, ...], Meta(max_length=2000)] = ()
    rigs: tuple[LightRigEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    palettes: tuple[PaletteEntry, ...] = ()
    fixture_effects: tuple[FixtureEffectEntry, ...] = ()
    looks: tuple[LookEntry, ...] = ()
    cameras: tuple[CameraEntry, ...] = ()
    stingers: Annotated[tuple[StingerEntry, ...], Meta(max_length=16)] = ()
    auto_director: AutoDirectorEntry = AutoDirectorEntry()
    cue_lists: Annotated[tuple[CueListEntry, ...], Meta(max_length=32)] = ()
    operators: Annotated[tuple[OperatorEntry, ...], Meta(max_length=100)] = ()
    control: ControlEntry = ControlEntry()
    keys: dict[str, KeyEntry] = msgspec.field(default_factory=dict)
    outputs: tuple[OutputEntry, ...] = ()
    recordings: tuple[RecordingEntry, ...] = ()
    fans: FansEntry | None = None

    @property
    def is_directed(self) -> bool:
        """Return whether cues, looks, cameras, fixtures or a set list direct the show."""
        lights = self.fixtures or self.rigs
        songs = len(self.songs) > 1
        return bool(self.cue_lists or self.looks or self.cameras or lights or songs)
