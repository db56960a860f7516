"""Define the engine's requests to the media process, and its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from renderer.output.encode.format import ProgramFormat
from renderer.output.pacing import ShowClock
from renderer.output.sound.settings import SoundPlan
from renderer.output.spec import OutputSpec
from renderer.protocol.latency import StageLatency
from renderer.protocol.outputs import OutputStatus
from renderer.protocol.sound import SoundCommand, SoundHealth
from renderer.transport.pixel_layout import PixelLayout


@dataclass(frozen=True, slots=True)
class Job:
    """Start-up parameters of the media process.

    Attributes:
        program: format of the program.
        song: with which each run of show time begins; None for silence.
        links: brings the ends of links to engines, one after another.
        slate: picture that replaces a missing program; None for the house's.
        avoided: names of hardware encoders that have failed in this show.
        sound: what is mixed with the song; None for the song alone.
    """

    program: ProgramFormat
    song: Path | None
    links: Connection
    slate: Path | None = None
    avoided: frozenset[str] = frozenset()
    sound: SoundPlan | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """Start an output; answered at once, while it opens.

    Attributes:
        name: chosen by the engine, unique per output.
        keep_trying: a target that cannot be opened is retried, instead of failing the output.
        run: the output begins with the first frame of this run, however early it is open; 0 for
            the current run.
        continues_s: time of the program, seconds, at which the output began whose media process
            has died, if this one goes on with what that has left, as in an HLS folder; else None.
    """

    name: str
    spec: OutputSpec
    keep_trying: bool = False
    run: int = 0
    continues_s: float | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """End an output; answered at once, while its queue is written."""

    name: str


@dataclass(frozen=True, slots=True)
class Discard:
    """End an output that never opened, and remove it from the statuses."""

    name: str


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Request a MediaStatus."""


@dataclass(frozen=True, slots=True)
class SongSegment:
    """What plays from a moment of show time on, until the next segment.

    Attributes:
        run: number of the run of show time.
        at_ns: show time at which it begins.
        song: name of the song in its show; empty for silence.
        file: of the song; None for silence, or for a song that is played on stage.
        from_ns: time of the song at that moment.
        moves: whether its time runs; a paused song is silent.
    """

    run: int
    at_ns: int
    song: str = ""
    file: Path | None = None
    from_ns: int = 0
    moves: bool = True


@dataclass(frozen=True, slots=True)
class PlaySong:
    """Play a segment from its time on; answered once its file is open."""

    segment: SongSegment


@dataclass(frozen=True, slots=True)
class ControlSound:
    """Execute a command to the sound; answered with what was done."""

    command: SoundCommand


@dataclass(frozen=True, slots=True)
class RestoreSound:
    """Set the sound's controls as they were in a media process that has died."""

    health: SoundHealth


@dataclass(frozen=True, slots=True)
class ChooseSlate:
    """Send the house's slate instead of the crew's from now on, or the crew's again."""

    is_house: bool


MediaRequest = (
    Add | Remove | Discard | GetStatus | PlaySong | ControlSound | RestoreSound | ChooseSlate
)


@dataclass(frozen=True, slots=True)
class Ready:
    """Event: the media process accepts frames over a link; the first message on it.

    Attributes:
        encoder: libav's name.
        layout: that the encoder takes without conversion; it accepts the other YUV layout too.
        clock: the clock of the show that an earlier engine began; None if none did.
        outputs: specifications of the outputs that are open, by name.
        segments: that play and are planned in this run; empty if the opening song plays.
    """

    encoder: str
    layout: PixelLayout
    clock: ShowClock | None = None
    outputs: dict[str, OutputSpec] = field(default_factory=dict)
    segments: tuple[SongSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaStatus:
    """Status of the media process.

    Attributes:
        outputs: status of each output, including ended ones.
        notes: faults that do not stop the show, by a stable name, each one sentence without a full
            stop.
        held: number of frames that were missing and replaced by the last one or the slate.
        sound: of the mixer; None if the song alone is heard.
        encode: latency from the engine's end of a frame to its packets.
    """

    outputs: list[OutputStatus]
    notes: dict[str, str]
    held: int = 0
    sound: SoundHealth | None = None
    encode: StageLatency = field(default_factory=StageLatency)


@dataclass(frozen=True, slots=True)
class MediaReport:
    """Event: every output has ended, because the frames ended or the encoder failed.

    Attributes:
        encoder: libav's name.
        frames: number of frames encoded.
        late: frames dropped because their show time was not after the previous frame's.
        outputs: final status of each output.
        notes: faults that did not stop the show, as in a MediaStatus.
        dropped: frames dropped because the ring was full, live only.
        held: as in a MediaStatus.
    """

    encoder: str
    frames: int
    late: int
    outputs: list[OutputStatus]
    notes: dict[str, str]
    dropped: int = 0
    held: int = 0
