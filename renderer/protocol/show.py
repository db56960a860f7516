"""The show as a whole: its state and figures, what does not change, and the command to end it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.alarms import Alarm
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Command, Section


class ShowState(StrEnum):
    """Where a show stands."""

    STARTING = "starting"
    PREVIEW = "preview"
    ON_AIR = "on air"
    STOPPING = "stopping"
    ENDED = "ended"


class ShowHealth(Section, frozen=True):
    """How the show is doing, 10 times a second.

    Attributes:
        show_seconds: length of the program so far; in preview, of what the crew has seen.
        frame_rate: program frames a second, of the last second.
        latency_ms: median from light to encoder; 0 where nothing is live.
        dropped: input frames and program frames that came too late or found no room.
        stage_ms: mean milliseconds of each stage of a frame.
        warnings: what is wrong with avatars, inputs and faces, sentences.
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
    """What does not change from frame to frame; published when it changes.

    Attributes:
        revision: counts the changes.
        length_seconds: of the inputs; 0 where one is endless.
        target_rate: program frames a second.
        usage: for whose profit the show is given.
        licence: what the avatars' licences say, line by line.
        program: where the program picture is shared.
        log: the show's log file; empty where it writes none.
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
    """End the show: finish every output and leave."""
