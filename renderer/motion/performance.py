"""Pipeline of one performer: from all observations and audio frames to the motion to show.

The live show and the solving of a recorded take both use this class, so their results are
bit-identical.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation
from renderer.motion.cameras.calibration_file import decode_cameras, encode_cameras
from renderer.motion.cameras.fusion import CameraFusion, Fused
from renderer.motion.cameras.model import CameraSet
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Event, Record, Source
from renderer.motion.core.track import MotionTrack
from renderer.motion.face.closeup import CloseUpFace
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.voice.mouth import VoiceMouth
from renderer.motion.mixing.director import Director
from renderer.motion.mixing.mixer import SourceMixer
from renderer.motion.priors.own import OwnModels
from renderer.motion.solver import MotionSolver, solve_together

_FACE: Final = LIMBS.index("face")
CAMERAS_EVENT: Final = "cameras"
"""Kind of the event that states the calibration of a performer's cameras."""

_CLOSE_NS: Final = 300_000_000
"""A close-up that has not shown the face for this long has lost it."""


class Performance:
    """Solves, mixes and directs one performer.

    Deterministic: the same records and commands between the same times give bit-identical motion on
    one machine, no matter which other performers are solved in the same batch. Camera observations
    are queued until `at` or `solve_waiting` solves them.

    Attributes:
        director: the operator's overrides of limbs.
        mouth: the voice-driven mouth that replaces an occluded one.
        fusion: of the performer's cameras; None with a single camera.
    """

    def __init__(self, solver: MotionSolver | None = None) -> None:
        """Begin without observations.

        Args:
            solver: a new one if None.
        """
        self.director = Director()
        self.mouth = VoiceMouth()
        self._solver = MotionSolver() if solver is None else solver
        self._waiting: deque[Fused] = deque()
        self.fusion: CameraFusion | None = None
        self._track = MotionTrack()
        self._closeup = CloseUpFace()
        self._close_ns: int | None = None
        self._mixer = SourceMixer()

    @property
    def owners(self) -> tuple[Source, ...]:
        """The source that contributes most to each limb at the last time, in the order of LIMBS."""
        owners = self._mixer.owners
        if owners[_FACE] is not Source.CAMERA:
            return owners
        if self.mouth.hidden > 0.5:
            owner = Source.VOICE
        else:
            owner = Source.CLOSEUP if self._closeup.weight > 0.5 else Source.CAMERA
        return (*owners[:_FACE], owner, *owners[_FACE + 1 :])

    @property
    def is_waiting(self) -> bool:
        """Whether any camera observation is still to be solved."""
        return bool(self._waiting) or (self.fusion is not None and self.fusion.is_waiting)

    def set_cameras(self, cameras: CameraSet) -> None:
        """Use a calibration of the performer's cameras, or a newer one of the same cameras."""
        solve_waiting([self])
        if self.fusion is not None and _are_alike(self.fusion.cameras, cameras):
            self.fusion.replace_cameras(cameras)
            return
        self.fusion = CameraFusion(cameras)
        self._solver = self._solver.restart_in_space()

    def set_face_profile(self, profile: FaceProfile) -> None:
        """Apply a face calibration of the performer."""
        solve_waiting([self])
        self._solver.set_face_profile(profile)
        self._closeup.set_face_profile(profile)

    def set_models(self, models: OwnModels) -> None:
        """Use learned models of the performer in place of the shipped ones."""
        solve_waiting([self])
        self._solver.set_models(models)
        self._closeup.set_completion(models.face)

    def push(self, source: Source, record: Record) -> None:
        """Add an observation, tracker record or voice frame.

        Of the show's own events only the calibration of the cameras counts. Without it, only the
        first camera does.
        """
        match record:
            case Observation() if source is Source.CLOSEUP:
                if record.face is not None:
                    self._close_ns = record.t_seen_ns
                    self.mouth.push_observation(record)
                self._closeup.push(record)
            case Observation():
                if self.fusion is not None:
                    self.fusion.push(record)
                elif record.camera == 0:
                    self._wait_for_solving(Fused(record, None))
            case Event() if record.kind == CAMERAS_EVENT:
                # A calibration of another version of the program leaves the first camera alone.
                with suppress(ValueError, KeyError):
                    self.set_cameras(decode_cameras(record.values["cameras"]))
            case VowelFrame():
                self.mouth.push_voice(record)
            case TrackedFace() if source is Source.PHONE:
                self._mixer.push_phone(record)
            case TrackedFace() | TrackedBody():
                self._mixer.push_suit(record)

    def discard_waiting(self) -> None:
        """Discard the queued camera observations unsolved."""
        self._waiting.clear()
        if self.fusion is not None:
            self.fusion.discard_waiting()

    def _fuse(self) -> None:
        """Queue what several cameras have seen."""
        if self.fusion is not None:
            for fused in self.fusion.take_due():
                self._wait_for_solving(fused)

    def _wait_for_solving(self, fused: Fused) -> None:
        if not self._is_close(fused.observation.t_seen_ns):
            self.mouth.push_observation(fused.observation)
        self._waiting.append(fused)

    def at(self, t_ns: int) -> Motion:
        """Return the motion to show at the time t_ns, which rises from call to call."""
        solve_waiting([self])
        motion = self._track.at(t_ns)
        if motion is None:
            motion = self._solver.idle(0)
        motion = self.mouth.blend_over(self._closeup.blend_over(motion, t_ns), t_ns)
        return self.director.at(self._mixer.at(motion, t_ns), t_ns)

    def _is_close(self, t_ns: int) -> bool:
        """Whether a close-up camera sees the mouth, whose occlusion it judges better."""
        return self._close_ns is not None and abs(t_ns - self._close_ns) < _CLOSE_NS


def cameras_event(t_ns: int, cameras: CameraSet) -> Event:
    """Create the event that records the calibration used from the time t_ns on."""
    text = f"{len(cameras.cameras)} cameras, calibrated by {cameras.method}"
    return Event(t_ns, CAMERAS_EVENT, text, {"cameras": encode_cameras(cameras).decode()})


def solve_waiting(performances: Sequence[Performance]) -> None:
    """Solve the queued camera observations of several performers, batched across performers."""
    for one in performances:
        one._fuse()
    while waiting := [one for one in performances if one._waiting]:
        seen = [one._waiting.popleft() for one in waiting]
        motions = solve_together(
            [one._solver for one in waiting],
            [fused.observation for fused in seen],
            [fused.body for fused in seen],
        )
        for one, motion in zip(waiting, motions, strict=True):
            one._track.push(motion)


def _are_alike(one: CameraSet, other: CameraSet) -> bool:
    """Return whether two calibrations are of as many cameras with the same pictures."""
    return [camera.size for camera in one.cameras] == [camera.size for camera in other.cameras]
