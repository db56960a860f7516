"""What the engine asks of the media process, and what that answers."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from renderer.output.encode.format import ProgramFormat
from renderer.output.spec import OutputSpec
from renderer.protocol.messages import OutputStatus
from renderer.transport.ring import RingHandle


@dataclass(frozen=True, slots=True)
class Job:
    """What the media process is started with."""

    program: ProgramFormat
    song: Path | None
    ring: RingHandle
    control: Connection


@dataclass(frozen=True, slots=True)
class Ready:
    """The media process takes frames, and encodes them with `encoder`."""

    encoder: str


@dataclass(frozen=True, slots=True)
class Add:
    """Start an output; answered with its name."""

    spec: OutputSpec


@dataclass(frozen=True, slots=True)
class Remove:
    """End an output; answered at once, while it writes what waits."""

    name: str


@dataclass(frozen=True, slots=True)
class Forget:
    """End an output that never opened, and leave it out of the statuses."""

    name: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Answered with the status of every output."""


@dataclass(frozen=True, slots=True)
class Finish:
    """No frame follows; answered with a MediaReport when every output has ended."""


Request = Add | Remove | Forget | Ask | Finish


@dataclass(frozen=True, slots=True)
class MediaReport:
    """What became of a show.

    Attributes:
        encoder: libav's name.
        frames: that were encoded.
        late: frames left out because their show time was not after the one before.
        outputs: how each fared.
        notes: faults that the show went on in spite of.
        dropped: frames for which the ring had no room, live only.
    """

    encoder: str
    frames: int
    late: int
    outputs: list[OutputStatus]
    notes: list[str]
    dropped: int = 0
