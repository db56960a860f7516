"""Define the status of inputs (cameras or their substitutes, trackers) and camera commands."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Command, Section


class CameraState(StrEnum):
    """State of a camera."""

    OPENING = "opening"
    SEEING = "seeing"
    EMPTY = "empty"
    """Frames arrive, but no performer is visible."""
    SILENT = "silent"
    """It is open, and no frames arrive."""
    RECONNECTING = "reconnecting"
    ENDED = "ended"


class TrackerKind(StrEnum):
    """Kind of an additional tracker."""

    PHONE = "phone"
    SUIT = "suit"
    VOICE = "voice"


class TrackerState(StrEnum):
    """State of a tracker."""

    WAITING = "waiting"
    """No data has arrived yet."""
    HEARD = "heard"
    SILENT = "silent"
    FAILED = "failed"


class CameraStatus(msgspec.Struct, frozen=True):
    """Status of one camera, or of a file or take in its place.

    Attributes:
        detail: reason for the state, a sentence; or empty.
        latency_ms: median from light to landmarks; 0 if the input is not live.
        performers: numbers, from 0, of the performers whom it tracks.
        picture: where its picture is shared.
        changeable: whether it accepts ReopenCamera, ChangeCamera and TryCamera.
        before: name of the camera that it has replaced, to which RestoreCamera goes back; or empty.
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
    before: str = ""


class CameraTrial(msgspec.Struct, frozen=True):
    """Status of a camera that is tried before it replaces another one.

    Attributes:
        camera: number, from 0, of the one that it may replace.
        name: its address, without a password.
        detail: reason for the state, a sentence; or empty.
        picture: where its picture is shared; None until it is open.
    """

    camera: int
    name: str
    state: CameraState
    detail: str = ""
    frame_rate: float = 0.0
    latency_ms: float = 0.0
    picture: PictureStatus | None = None


class TrackerStatus(msgspec.Struct, frozen=True):
    """Status of a phone, a motion capture suit or a voice, for one performer, a number from 0.

    Attributes:
        detail: the source of its data, or why there is none; or empty.
    """

    kind: TrackerKind
    name: str
    performer: int
    state: TrackerState
    detail: str = ""


class InputsHealth(Section, frozen=True):
    """Status of cameras and trackers, published at 10 Hz. Close-ups follow other cameras.

    Attributes:
        trial: the camera that is tried; None if none is.
    """

    cameras: list[CameraStatus] = msgspec.field(default_factory=list)
    trackers: list[TrackerStatus] = msgspec.field(default_factory=list)
    trial: CameraTrial | None = None


class PerformerPoints(msgspec.Struct, frozen=True):
    """A performer's landmarks as flat lists of x, y in [0, 1] of the camera's picture."""

    pose_points: list[float] = msgspec.field(default_factory=list)
    face_points: list[float] = msgspec.field(default_factory=list)
    left_hand_points: list[float] = msgspec.field(default_factory=list)
    right_hand_points: list[float] = msgspec.field(default_factory=list)


class CameraPoints(msgspec.Struct, frozen=True):
    """The landmarks of all performers that one camera tracks, in the order of its performers.

    Attributes:
        t_seen_ns: camera time of the newest of them; 0 if no performer is visible.
    """

    performers: list[PerformerPoints] = msgspec.field(default_factory=list)
    t_seen_ns: int = 0


class LandmarkPoints(Section, frozen=True):
    """The landmarks of every camera in the order of InputsHealth.cameras, 30 times a second.

    Attributes:
        trial_points: those of the camera that is tried.
    """

    points: list[CameraPoints] = msgspec.field(default_factory=list)
    trial_points: CameraPoints = CameraPoints()


class CameraCommand(Command, frozen=True):
    """A command to one camera, a number from 0 in the order of InputsHealth."""

    camera: int


class ReopenCamera(CameraCommand, frozen=True):
    """Close and reopen a camera."""


class ChangeCamera(CameraCommand, frozen=True):
    """Replace a camera with another camera or a file; its performers stay assigned."""

    address: str


class TryCamera(CameraCommand, frozen=True):
    """Open another camera beside the one in use, to look at it; SwapCamera puts it in its place."""

    address: str


class SwapCamera(CameraCommand, frozen=True):
    """Put the camera that is tried in the place of the one in use, without a gap."""


class EndCameraTrial(CameraCommand, frozen=True):
    """Close the camera that is tried; the one in use is not affected."""


class RestoreCamera(CameraCommand, frozen=True):
    """Go back to the camera that was replaced."""
