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
    """A performer's landmarks as flat lists of x, y in [0, 1] of the camera's picture."""

    pose_points: list[float] = []
    face_points: list[float] = []
    left_hand_points: list[float] = []
    right_hand_points: list[float] = []


class CameraStatus(msgspec.Struct, frozen=True):
    """How one camera is doing, or a file or a take in its place.

    `state`: opening, seeing, empty (nobody is there), silent (no picture comes), reconnecting or
    ended; `detail` says why. `latency_ms` is the median from the light to the landmarks, 0 where
    nothing is live. `performers` are those whom it serves, as numbers from 0, and `points` their
    landmarks, in that order. It is `changeable` where ReopenCamera and ChangeCamera are obeyed.
    """

    name: str
    state: str
    detail: str = ""
    frame_rate: float = 0.0
    latency_ms: float = 0.0
    dropped: int = 0
    performers: list[int] = []
    points: list[PerformerPoints] = []
    picture: PictureStatus | None = None
    changeable: bool = False


class TrackerStatus(msgspec.Struct, frozen=True):
    """How a phone, a suit or a voice beside the cameras is doing.

    `kind`: phone, suit or voice. `state`: waiting (never heard), heard, silent or failed; `detail`
    says from where or why. It serves one performer, a number from 0.
    """

    kind: str
    name: str
    performer: int
    state: str
    detail: str = ""


class CalibrationStatus(msgspec.Struct, frozen=True):
    """Where the calibration of a face stands: what the performer is asked to do now.

    `share` of the whole is done; `refused` says why a step is asked for again, or why all was given
    up; `ended` whether it is over.
    """

    prompt: str
    step: int
    steps: int
    share: float
    refused: str = ""
    ended: bool = False


class DirectionStatus(msgspec.Struct, frozen=True):
    """How one performer is seen and directed.

    `limbs` says what each limb shows (live, frozen, mirrored, idle, take), `confidence` how surely
    it is seen, both in the order of renderer.motion.core.records.LIMBS. `take` is what plays in
    place of the performer, or empty. `voice` is how far the mouth is the voice's, 0 to 1.

    `avatar` is whom they move. `sources`, in the order of the limbs, is what shows each while
    nobody directs it: camera, close-up, phone, suit or voice.
    """

    performer: int
    name: str
    limbs: list[str] = []
    confidence: list[float] = []
    take: str = ""
    calibrated: bool = False
    calibration: CalibrationStatus | None = None
    voice: float = 0.0
    avatar: str = ""
    sources: list[str] = []


class Status(msgspec.Struct, frozen=True):
    """What the show tells every desk, several times a second."""

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
    song: str
    usage: str
    licence: list[str]
    outputs: list[OutputStatus]
    recording: bool
    stage_ms: dict[str, float]
    warnings: list[str]
    program: PictureStatus | None = None
    directed: list[DirectionStatus] = []
    cameras: list[CameraStatus] = []
    trackers: list[TrackerStatus] = []


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


class FreezeLimb(msgspec.Struct, frozen=True, tag=True):
    """Have a performer's limb stand as it is shown. Performers count from 0."""

    performer: int
    limb: str


class MirrorLimb(msgspec.Struct, frozen=True, tag=True):
    """Have a limb do what the one on the other side does."""

    performer: int
    limb: str


class ReplaceLimb(msgspec.Struct, frozen=True, tag=True):
    """Have a limb be at ease, or play a take (.mcap) or an animation (.vrma, .bvh)."""

    performer: int
    limb: str
    take: str = ""


class ReleaseLimb(msgspec.Struct, frozen=True, tag=True):
    """Give a limb back to the performer."""

    performer: int
    limb: str


class HandToTake(msgspec.Struct, frozen=True, tag=True):
    """Have a take or an animation move the whole idol, once; then the performer does again."""

    performer: int
    path: str


class HandBack(msgspec.Struct, frozen=True, tag=True):
    """Give every limb back to the performer."""

    performer: int


class CalibrateFace(msgspec.Struct, frozen=True, tag=True):
    """Guide a performer through the calibration of their face."""

    performer: int


class ReopenCamera(msgspec.Struct, frozen=True, tag=True):
    """Let a camera go and open it again. Cameras count from 0, as in a Status."""

    camera: int


class ChangeCamera(msgspec.Struct, frozen=True, tag=True):
    """Have another camera, or a file, take a camera's place; its performers stay."""

    camera: int
    address: str


OutputCommand = GoLive | StopLive | StartRecording | StopRecording | EndShow
Direction = (
    FreezeLimb | MirrorLimb | ReplaceLimb | ReleaseLimb | HandToTake | HandBack | CalibrateFace
)
CameraCommand = ReopenCamera | ChangeCamera
Command = OutputCommand | Direction | CameraCommand


class Reply(msgspec.Struct, frozen=True):
    """The show's answer to a command; `text` says what happened or why not."""

    ok: bool
    text: str
