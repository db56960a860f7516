"""What the desk and the show say to each other. Plain data, as msgpack on the bus."""

from __future__ import annotations

from enum import Enum

import msgspec


class ShowState(Enum):
    """Where a show stands."""

    STARTING = "starting"
    PREVIEW = "preview"
    ON_AIR = "on air"
    STOPPING = "stopping"
    ENDED = "ended"


class OutputStatus(msgspec.Struct, frozen=True):
    """How one output is doing. `state`: waiting, running, retrying, ended or failed.

    The latencies are those of the last ten seconds, camera to sink; 0 where nothing was live.
    """

    name: str
    kind: str
    address: str
    state: str
    detail: str = ""
    packets: int = 0
    dropped: int = 0
    bytes: int = 0
    latency_p50_ms: float = 0.0
    latency_p95_ms: float = 0.0


class PictureStatus(msgspec.Struct, frozen=True):
    """Where the desk finds a picture: a LatestPicture file and its size in pixels."""

    path: str
    width: int
    height: int


class PerformerPoints(msgspec.Struct, frozen=True):
    """A further performer's landmarks, as in Status."""

    pose_points: list[float] = []
    face_points: list[float] = []
    left_hand_points: list[float] = []
    right_hand_points: list[float] = []


class Status(msgspec.Struct, frozen=True):
    """What the show tells every desk, several times a second.

    Landmarks come as flat lists of x, y in [0, 1] of the camera picture: the first performer's, and
    in `others` those of everybody else in that camera.
    """

    state: ShowState
    show_seconds: float
    length_seconds: float
    frames: int
    frame_rate: float
    target_rate: float
    latency_ms: float
    dropped: int
    performer: str
    avatar: str
    input: str
    song: str
    usage: str
    licence: list[str]
    outputs: list[OutputStatus]
    recording: bool
    stage_ms: dict[str, float]
    warnings: list[str]
    program: PictureStatus | None = None
    camera: PictureStatus | None = None
    pose_points: list[float] = []
    face_points: list[float] = []
    left_hand_points: list[float] = []
    right_hand_points: list[float] = []
    others: list[PerformerPoints] = []


class GoLive(msgspec.Struct, frozen=True, tag=True):
    """Start every output that the show was given, and any address named here."""

    address: str = ""


class StopLive(msgspec.Struct, frozen=True, tag=True):
    """Take the streams off the air; a recording goes on."""


class StartRecording(msgspec.Struct, frozen=True, tag=True):
    """Record the program to a new file."""

    path: str


class StopRecording(msgspec.Struct, frozen=True, tag=True):
    """Finish the recording."""


class EndShow(msgspec.Struct, frozen=True, tag=True):
    """End the show: finish every output and leave."""


Command = GoLive | StopLive | StartRecording | StopRecording | EndShow


class Reply(msgspec.Struct, frozen=True):
    """The show's answer to a command; `text` says what happened or why not."""

    ok: bool
    text: str
