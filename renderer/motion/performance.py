"""Pipeline of one performer: from all observations and audio frames to the motion to show.

The live show and the solving of a recorded take both use this class, so their results are
bit-identical.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Record, Source
from renderer.motion.core.track import MotionTrack
from renderer.motion.face.closeup import CloseUpFace
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.voice_mouth import VoiceMouth
from renderer.motion.mixing.director import Director
from renderer.motion.mixing.mixer import SourceMixer
from renderer.motion.solver import MotionSolver, solve_together

_FACE: Final = LIMBS.index("face")
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
    """

    def __init__(self, solver: MotionSolver | None = None) -> None:
        """Begin without observations.

        Args:
            solver: a new one if None.
        """
        self.director = Director()
        self.mouth = VoiceMouth()
        self._solver = MotionSolver() if solver is None else solver
        self._waiting: deque[Observation] = deque()
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
        return bool(self._waiting)

    def set_face_profile(self, profile: FaceProfile) -> None:
        """Apply a face calibration of the performer."""
        solve_waiting([self])
        self._solver.set_face_profile(profile)
        self._closeup.set_face_profile(profile)

    def push(self, source: Source, record: Record) -> None:
        """Add an observation, tracker record or voice frame; the show's own events are ignored."""
        match record:
            case Observation() if source is Source.CLOSEUP:
                if record.face is not None:
                    self._close_ns = record.t_seen_ns
                    self.mouth.push_observation(record)
                self._closeup.push(record)
            case Observation():
                if not self._is_close(record.t_seen_ns):
                    self.mouth.push_observation(record)
                self._waiting.append(record)
            case VowelFrame():
                self.mouth.push_voice(record)
            case TrackedFace() if source is Source.PHONE:
                self._mixer.push_phone(record)
            case TrackedFace() | TrackedBody():
                self._mixer.push_suit(record)

    def discard_waiting(self) -> None:
        """Discard the queued camera observations unsolved."""
        self._waiting.clear()

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


def solve_waiting(performances: Sequence[Performance]) -> None:
    """Solve the queued camera observations of several performers, batched across performers."""
    while waiting := [one for one in performances if one._waiting]:
        seen = [one._waiting.popleft() for one in waiting]
        motions = solve_together([one._solver for one in waiting], seen)
        for one, motion in zip(waiting, motions, strict=True):
            one._track.push(motion)
