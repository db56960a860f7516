"""One performer, from all that is seen and heard of them to the motion that they are to show.

A show and whoever solves its take again both go this way, which is why they agree to the bit.
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
"""A close-up that has not seen the face for so long has lost it."""


class Performance:
    """Solves, mixes and directs one performer.

    Deterministic: the same records and commands between the same times give the same motion to the
    bit on one machine, whoever else is solved along with them: what a camera saw waits until its
    motion is asked for, or `solve_waiting` comes by.

    Attributes:
        director: what a director has their limbs do.
        mouth: what the voice makes of a hidden one.
    """

    def __init__(self, solver: MotionSolver | None = None) -> None:
        """Begin with nothing seen.

        Args:
            solver: a fresh one if left out.
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
        """Whose each limb was for the most part at the last time, in the order of LIMBS."""
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
        """Whether anything that a camera saw is still to be solved."""
        return bool(self._waiting)

    def know_face(self, profile: FaceProfile) -> None:
        """Take what a calibration found for the performer's face."""
        solve_waiting([self])
        self._solver.know_face(profile)
        self._closeup.know_face(profile)

    def take_in(self, source: Source, record: Record) -> None:
        """Take in something that was seen or heard; what the show noted itself is left."""
        match record:
            case Observation() if source is Source.CLOSEUP:
                if record.face is not None:
                    self._close_ns = record.t_seen_ns
                    self.mouth.see(record)
                self._closeup.see(record)
            case Observation():
                if not self._is_close(record.t_seen_ns):
                    self.mouth.see(record)
                self._waiting.append(record)
            case VowelFrame():
                self.mouth.hear(record)
            case TrackedFace() if source is Source.PHONE:
                self._mixer.push_phone(record)
            case TrackedFace() | TrackedBody():
                self._mixer.push_suit(record)

    def discard_waiting(self) -> None:
        """Leave unsolved what cameras saw and what waits."""
        self._waiting.clear()

    def at(self, t_ns: int) -> Motion:
        """The motion to show at the time t_ns; times rise from call to call."""
        solve_waiting([self])
        motion = self._track.at(t_ns)
        if motion is None:
            motion = self._solver.idle(0)
        motion = self.mouth.over(self._closeup.over(motion, t_ns), t_ns)
        return self.director.at(self._mixer.at(motion, t_ns), t_ns)

    def _is_close(self, t_ns: int) -> bool:
        """Whether a close-up sees the mouth, which tells better what is before it."""
        return self._close_ns is not None and abs(t_ns - self._close_ns) < _CLOSE_NS


def solve_waiting(performances: Sequence[Performance]) -> None:
    """Solve all that cameras saw of some performers, theirs together as often as there is more."""
    while waiting := [one for one in performances if one._waiting]:
        seen = [one._waiting.popleft() for one in waiting]
        motions = solve_together([one._solver for one in waiting], seen)
        for one, motion in zip(waiting, motions, strict=True):
            one._track.push(motion)
