"""Define what an engine and its supervisor say to each other, over numbered requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from renderer.capture.process.worker import Job
from renderer.output.encode.format import ProgramFormat
from renderer.output.sound.settings import SoundPlan
from renderer.protocol.alarms import Alarm
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import RecordingPart
from renderer.protocol.schema import Command, Reply, Section
from renderer.show.host.resume import ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.progress import Progress
from renderer.show.report import ShowReport


class StandbyLevel(Enum):
    """How far a second engine is prepared before it is needed."""

    LOADED = "loaded"
    """Libraries and avatars are in memory."""
    PREPARED = "prepared"
    """The picture is open too: set, OpenGL context, shaders."""


@dataclass(frozen=True, slots=True)
class EngineJob:
    """Start-up parameters of an engine process.

    Attributes:
        plan: of the show.
        requests: carries the messages of this module.
        links: brings the engine's ends of links to media processes.
        captures: brings the pipes from which capture processes are read.
        resumed: the state from which it goes on; None at the start of the show.
        standby: how far it prepares itself for a show in this state before it waits for TakeOver;
            None to begin, or go on, at once.
    """

    plan: ShowPlan
    requests: Connection
    links: Connection
    captures: Connection
    resumed: ResumeState | None
    standby: StandbyLevel | None = None


@dataclass(frozen=True, slots=True)
class OpenBus:
    """Announce the show under a title; answered with the session's folder."""

    title: str


@dataclass(frozen=True, slots=True)
class OpenMedia:
    """Start a view's media process, or link to the running one; a Link comes separately."""

    view: str
    program: ProgramFormat
    song: Path | None
    slate: Path | None
    sound: SoundPlan | None = None


@dataclass(frozen=True, slots=True)
class OpenCapture:
    """Start a capture process, or take over a running one; answered with its number.

    Its pipe comes separately.
    """

    name: str
    job: Job


@dataclass(frozen=True, slots=True)
class GetCapture:
    """Request a CaptureFate."""

    number: int


@dataclass(frozen=True, slots=True)
class StopCapture:
    """End a capture process; answered at once."""

    number: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish a section to the desks."""

    section: Section


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to a PassedCommand of this number."""

    number: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class AddEvent:
    """Append an event to the show's log; see EventLog.add."""

    kind: EventKind
    text: str
    data: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class AddAlarm:
    """An alarm of the engine was raised or cleared."""

    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Started:
    """The outputs are open."""


@dataclass(frozen=True, slots=True)
class Progressed:
    """Progress for the terminal."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Saved:
    """The state from which another engine could go on."""

    state: ResumeState


@dataclass(frozen=True, slots=True)
class Finished:
    """The show has ended in order.

    Attributes:
        report: of the show.
        parts: of every recording that has several, in order; to be joined.
    """

    report: ShowReport
    parts: list[list[RecordingPart]]


FromEngine = (
    OpenBus
    | OpenMedia
    | OpenCapture
    | GetCapture
    | StopCapture
    | Publish
    | Answered
    | AddEvent
    | AddAlarm
    | Started
    | Progressed
    | Saved
    | Finished
)


@dataclass(frozen=True, slots=True)
class PassedCommand:
    """Event for the engine: a desk's command."""

    number: int
    command: Command


@dataclass(frozen=True, slots=True)
class BusFault:
    """Event for the engine: a desk's message could not be read."""

    text: str


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Event for a standby engine: the other one has died; go on with the show from this state.

    Attributes:
        state: of the show.
        environment: variables to set, from which the GPU may not be used.
    """

    state: ResumeState
    environment: Mapping[str, str] = field(default_factory=dict)


FromSupervisor = PassedCommand | BusFault | TakeOver
