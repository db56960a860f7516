"""Define the engine's requests to the media process, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from renderer.output.encode.format import ProgramFormat
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputStatus
from renderer.transport.ring import RingHandle


@dataclass(frozen=True, slots=True)
class Job:
    """Start-up parameters of the media process."""

    program: ProgramFormat
    song: Path | None
    ring: RingHandle
    control: Connection


@dataclass(frozen=True, slots=True)
class Add:
    """Start an output; answered at once, while it opens.

    Attributes:
        name: chosen by the engine, unique per output.
        keep_trying: a target that cannot be opened is retried, instead of failing the output.
        run: the output begins with the first frame of this run, however early it is open; 0 for
            the current run.
    """

    name: str
    spec: OutputSpec
    keep_trying: bool = False
    run: int = 0


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


MediaRequest = Add | Remove | Discard | GetStatus


@dataclass(frozen=True, slots=True)
class Ready:
    """Event: the media process accepts frames, and encodes them with `encoder`."""

    encoder: str


@dataclass(frozen=True, slots=True)
class MediaStatus:
    """Status of the media process.

    Attributes:
        outputs: status of each output, including ended ones.
        notes: faults that do not stop the show, by a stable name, each one sentence without a full
            stop.
    """

    outputs: list[OutputStatus]
    notes: dict[str, str]


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
    """

    encoder: str
    frames: int
    late: int
    outputs: list[OutputStatus]
    notes: dict[str, str]
    dropped: int = 0
