"""Outputs: streams and recordings, their states, and the commands that start and stop them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.schema import Command, Section


class OutputState(StrEnum):
    """Where one output stands."""

    WAITING = "waiting"
    """Its target is not open yet."""
    RUNNING = "running"
    STALLED = "stalled"
    """Open, but its target has taken nothing for a while."""
    RETRYING = "retrying"
    """Its target is lost, or could not be opened, and is tried again."""
    ENDED = "ended"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The media process ended before the output was finished."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be written."""
        return self in (OutputState.ENDED, OutputState.FAILED, OutputState.INTERRUPTED)


class OutputStatus(msgspec.Struct, frozen=True):
    """How one output is doing.

    `seconds` is the time from the first picture written to the end of the last one. The latencies
    are those of the last ten seconds, camera to sink; 0 where nothing was live.
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


class OutputsHealth(Section, frozen=True):
    """How the outputs are doing, 10 times a second."""

    outputs: list[OutputStatus] = msgspec.field(default_factory=list)
    recording: bool = False


class OutputCommand(Command, frozen=True):
    """Something that is asked of the outputs."""


class GoLive(OutputCommand, frozen=True):
    """Start every planned output that is not running, and the address named here beside them.

    With `without_failed` the show goes on air with the outputs that open, and the others are tried
    again until they do; otherwise one that does not open keeps all of them off the air.
    """

    address: str = ""
    without_failed: bool = False


class StopLive(OutputCommand, frozen=True):
    """Take the streams off the air; a recording goes on."""


class StartRecording(OutputCommand, frozen=True):
    """Record the program to a new file."""

    path: str


class StopRecording(OutputCommand, frozen=True):
    """Finish the recording."""
