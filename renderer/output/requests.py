"""What the engine asks of the media process, and what that answers."""

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
    """What the media process is started with."""

    program: ProgramFormat
    song: Path | None
    ring: RingHandle
    control: Connection


@dataclass(frozen=True, slots=True)
class Add:
    """Start an output; answered at once, while it opens.

    Attributes:
        name: of the engine's choice, new for each output.
        keep_trying: a target that cannot be opened is tried again, instead of failing the output.
        run: the output begins with the first frame of this run, however early it is open; 0 for
            the run that is being sent.
    """

    name: str
    spec: OutputSpec
    keep_trying: bool = False
    run: int = 0


@dataclass(frozen=True, slots=True)
class Remove:
    """End an output; answered at once, while it writes what waits."""

    name: str


@dataclass(frozen=True, slots=True)
class Discard:
    """End an output that never opened, and leave it out of the statuses."""

    name: str


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Answered with a MediaStatus."""


MediaRequest = Add | Remove | Discard | GetStatus


@dataclass(frozen=True, slots=True)
class Ready:
    """Event: the media process takes frames, and encodes them with `encoder`."""

    encoder: str


@dataclass(frozen=True, slots=True)
class MediaStatus:
    """How the media process is doing.

    Attributes:
        outputs: how each is, those that are over included.
        notes: faults that the show goes on in spite of, by a stable name, a sentence each without a
            full stop.
    """

    outputs: list[OutputStatus]
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class MediaReport:
    """Event: every output has ended, because no frame follows or the encoder has failed.

    Attributes:
        encoder: libav's name.
        frames: that were encoded.
        late: frames left out because their show time was not after the one before.
        outputs: how each fared.
        notes: faults that the show went on in spite of, as in a MediaStatus.
        dropped: frames for which the ring had no room, live only.
    """

    encoder: str
    frames: int
    late: int
    outputs: list[OutputStatus]
    notes: dict[str, str]
    dropped: int = 0
