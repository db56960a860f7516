"""Inputs: cameras and what stands in their place, trackers, and the commands to change cameras."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Command, Section


class CameraState(StrEnum):
    """What comes from a camera."""

    OPENING = "opening"
    SEEING = "seeing"
    EMPTY = "empty"
    """Pictures come, and nobody is in them."""
    SILENT = "silent"
    """It is open, and no picture comes."""
    RECONNECTING = "reconnecting"
    ENDED = "ended"


class TrackerKind(StrEnum):
    """What stands beside a camera."""

    PHONE = "phone"
    SUIT = "suit"
    VOICE = "voice"


class TrackerState(StrEnum):
    """What comes from a tracker."""

    WAITING = "waiting"
    """Nothing has come yet."""
    HEARD = "heard"
    SILENT = "silent"
    FAILED = "failed"


class CameraStatus(msgspec.Struct, frozen=True):
    """How one camera is doing, or a file or a take in its place.

    Attributes:
        detail: why the state is what it is, a sentence; or empty.
        latency_ms: median from the light to the landmarks; 0 where nothing is live.
        performers: numbers, from 0, of the performers whom it serves.
        picture: where its picture is shared.
        changeable: whether ReopenCamera and ChangeCamera are carried out.
    """

    name: str
    state: CameraState
    detail: str = ""
    frame_rate: float = 0.0
    latency_ms: float = 0.0
    dropped: int = 0
    performers: list[int] = msgspec.field(default_factory=list)
    picture: PictureStatus | None = None
    changeable: bool = False


class TrackerStatus(msgspec.Struct, frozen=True):
    """How a phone, a suit or a voice is doing. It serves one performer, a number from 0.

    Attributes:
        detail: from where it is heard, or why it is not; or empty.
    """

    kind: TrackerKind
    name: str
    performer: int
    state: TrackerState
    detail: str = ""


class InputsHealth(Section, frozen=True):
    """How cameras and trackers are doing, 10 times a second. Close-ups follow other cameras."""

    cameras: list[CameraStatus] = msgspec.field(default_factory=list)
    trackers: list[TrackerStatus] = msgspec.field(default_factory=list)


class PerformerPoints(msgspec.Struct, frozen=True):
    """A performer's landmarks as flat lists of x, y in [0, 1] of the camera's picture."""

    pose_points: list[float] = msgspec.field(default_factory=list)
    face_points: list[float] = msgspec.field(default_factory=list)
    left_hand_points: list[float] = msgspec.field(default_factory=list)
    right_hand_points: list[float] = msgspec.field(default_factory=list)


class CameraPoints(msgspec.Struct, frozen=True):
    """The landmarks of everybody whom one camera serves, in the order of its performers.

    Attributes:
        t_seen_ns: camera time of the newest of them; 0 where nobody is seen.
    """

    performers: list[PerformerPoints] = msgspec.field(default_factory=list)
    t_seen_ns: int = 0


class LandmarkPoints(Section, frozen=True):
    """Every camera's landmarks, in the order of InputsHealth.cameras, 30 times a second."""

    points: list[CameraPoints] = msgspec.field(default_factory=list)


class CameraCommand(Command, frozen=True):
    """Something that is asked of one camera, a number from 0 in the order of InputsHealth."""

    camera: int


class ReopenCamera(CameraCommand, frozen=True):
    """Close a camera and open it again."""


class ChangeCamera(CameraCommand, frozen=True):
    """Have another camera, or a file, take a camera's place; its performers stay."""

    address: str
