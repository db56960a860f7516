"""Define the status of the whole show, its constant data, and the command to end it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.alarms import Alarm
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Command, Section


class ShowState(StrEnum):
    """State of a show."""

    STARTING = "starting"
    PREVIEW = "preview"
    ON_AIR = "on air"
    STOPPING = "stopping"
    ENDED = "ended"


class ShowHealth(Section, frozen=True):
    """Status of the show, published 10 times a second.

    Attributes:
        show_seconds: length of the program so far; in preview, of what was previewed.
        frame_rate: program frames a second, over the last second.
        latency_ms: median from light to encoder; 0 if no input is live.
        dropped: input and program frames that were late or exceeded a queue.
        stage_ms: mean milliseconds of each stage of a frame.
        warnings: faults of avatars, inputs and faces, sentences.
        alarms: the active ones, the most severe first.
    """

    state: ShowState = ShowState.STARTING
    show_seconds: float = 0.0
    frames: int = 0
    frame_rate: float = 0.0
    latency_ms: float = 0.0
    dropped: int = 0
    stage_ms: dict[str, float] = msgspec.field(default_factory=dict)
    warnings: list[str] = msgspec.field(default_factory=list)
    alarms: list[Alarm] = msgspec.field(default_factory=list)


class ShowDocument(Section, frozen=True):
    """The show's constant data; published when it changes.

    Attributes:
        revision: number of changes.
        length_seconds: of the inputs; 0 if one is endless.
        target_rate: program frames a second of a live show; 0 offline, which has no deadline.
        usage: the commercial use of the show.
        licence: the terms of the avatars' licences, line by line.
        program: where the program picture is shared.
        log: the show's log file; empty if there is none.
    """

    revision: int = 0
    performer: str = ""
    avatar: str = ""
    song: str = ""
    usage: str = ""
    licence: list[str] = msgspec.field(default_factory=list)
    length_seconds: float = 0.0
    target_rate: float = 0.0
    program: PictureStatus | None = None
    log: str = ""


class EndShow(Command, frozen=True):
    """End the show: finish every output and exit."""
