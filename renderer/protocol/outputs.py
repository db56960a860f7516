"""Outputs: streams and recordings, their states, and the commands that start and stop them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.schema import Command, Section


class OutputState(StrEnum):
    """Where one output stands."""

    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"
    ENDED = "ended"
    FAILED = "failed"


class OutputStatus(msgspec.Struct, frozen=True):
    """How one output is doing.

    The latencies are those of the last ten seconds, camera to sink; 0 where nothing was live.
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


class OutputsHealth(Section, frozen=True):
    """How the outputs are doing, 10 times a second."""

    outputs: list[OutputStatus] = msgspec.field(default_factory=list)
    recording: bool = False


class OutputCommand(Command, frozen=True):
    """Something that is asked of the outputs."""


class GoLive(OutputCommand, frozen=True):
    """Start every output that the show was given, and any address named here."""

    address: str = ""


class StopLive(OutputCommand, frozen=True):
    """Take the streams off the air; a recording goes on."""


class StartRecording(OutputCommand, frozen=True):
    """Record the program to a new file."""

    path: str


class StopRecording(OutputCommand, frozen=True):
    """Finish the recording."""
