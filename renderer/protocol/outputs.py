"""Define the status of outputs (streams and recordings) and the commands that control them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.latency import StageLatency
from renderer.protocol.pictures import VERTICAL
from renderer.protocol.schema import Command, Section


class OutputState(StrEnum):
    """State of one output."""

    WAITING = "waiting"
    """Its target is not open yet."""
    RUNNING = "running"
    STALLED = "stalled"
    """Open, but its target has accepted no data for a while."""
    RETRYING = "retrying"
    """Its target is lost or could not be opened, and is being retried."""
    ENDED = "ended"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The media process ended before the output was finished."""

    @property
    def is_over(self) -> bool:
        """Return whether nothing more will be written."""
        return self in (OutputState.ENDED, OutputState.FAILED, OutputState.INTERRUPTED)


class StateChange(msgspec.Struct, frozen=True):
    """A state that an output has entered, at `at` seconds since the Unix epoch, and why."""

    state: OutputState
    at: float
    detail: str = ""


class Drops(msgspec.Struct, frozen=True):
    """What an output lacks since it began, by cause.

    Attributes:
        render: frames that the engine did not deliver in time, replaced by the last one.
        encode: frames that the encoder refused.
        network: packets that the target did not take in time.
    """

    render: int = 0
    encode: int = 0
    network: int = 0


class RecordingPart(msgspec.Struct, frozen=True):
    """A part of a recording that went on in another file.

    Attributes:
        path: of the file.
        begins_s: time of its first picture in the program, seconds.
    """

    path: str
    begins_s: float


class OutputStatus(msgspec.Struct, frozen=True):
    """Status of one output.

    `seconds` is the time from the first picture written, at `begins_s` of the program, to the end
    of the last one. The latencies are those of the last ten seconds, from camera to sink; 0 if no
    input was live. `kbit_s` is what was written in the last two seconds, `target_kbit_s` the
    encoder's present rate. `history` has the latest changes of state. `room_s` is for how long
    the target's disk has room at the output's mean rate; None for streams, and until that is known.
    `send` is from the encoder to the target, `total` from the camera to it.
    `rendition` is its size and rate where they differ from the program's, such as `1280x720,
    2500 kbit/s`. `parts` are the files of a recording before its present one, which is on its
    second disk; `address`, `begins_s`, `seconds` and `bytes` are those of the present one.
    """

    name: str
    kind: str
    address: str
    state: OutputState
    detail: str = ""
    packets: int = 0
    dropped: int = 0
    bytes: int = 0
    latency_p50_ms: float = 0.0
    latency_p95_ms: float = 0.0
    seconds: float = 0.0
    begins_s: float = 0.0
    kbit_s: float = 0.0
    target_kbit_s: float = 0.0
    drops: Drops = Drops()
    history: list[StateChange] = msgspec.field(default_factory=list)
    room_s: float | None = None
    send: StageLatency = StageLatency()
    total: StageLatency = StageLatency()
    rendition: str = ""
    parts: list[RecordingPart] = msgspec.field(default_factory=list)

    @property
    def all_parts(self) -> list[RecordingPart]:
        """Return the files of a recording that one media process writes, the present one last."""
        path = self.address.removeprefix(f"{VERTICAL}:")
        return [*self.parts, RecordingPart(path, self.begins_s)]


class OutputsHealth(Section, frozen=True):
    """Status of the outputs, published 10 times a second.

    Attributes:
        outputs: those that have been opened, also those that have ended.
        recording: whether a recording is being written.
        planned: addresses, as displayed, of the planned outputs that have not been opened.
    """

    outputs: list[OutputStatus] = msgspec.field(default_factory=list)
    recording: bool = False
    planned: list[str] = msgspec.field(default_factory=list)


class OutputCommand(Command, frozen=True):
    """A command to the outputs."""


class GoLive(OutputCommand, frozen=True):
    """Start every planned output that is not running, and also the address given here.

    With `without_failed`, the show goes on air with the outputs that open, and the others are
    retried until they do; otherwise one output that fails to open keeps all of them off the air.
    `override` names who answers for going live in spite of the problems that the show has.
    """

    address: str = ""
    without_failed: bool = False
    override: str = ""


class StopLive(OutputCommand, frozen=True):
    """Stop the streams; a recording continues."""


class StartRecording(OutputCommand, frozen=True):
    """Record the program to a new file."""

    path: str


class StopRecording(OutputCommand, frozen=True):
    """Finish the recording."""


class StartOutput(OutputCommand, frozen=True):
    """Start one output while the show is on air; the others go on.

    Attributes:
        address: as displayed, of one that is planned or has ended; or the whole address of another.
    """

    address: str


class StopOutput(OutputCommand, frozen=True):
    """End one output, by its name; the others go on."""

    name: str


class RetryOutput(OutputCommand, frozen=True):
    """End the connection of one output, by its name, and open it again at once."""

    name: str
