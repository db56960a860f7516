"""One performer, from all that is seen and heard of them to the motion that they are to show.

A show and whoever solves its take again both go this way, which is why they agree to the bit.
"""

from __future__ import annotations

from typing import Final

from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation
from renderer.motion.director import Director
from renderer.motion.exchange.mixing import SourceMixer
from renderer.motion.faceprofile import FaceProfile
from renderer.motion.records import LIMBS, Motion
from renderer.motion.solver import MotionSolver
from renderer.motion.takes.layout import Record, Source
from renderer.motion.track import MotionTrack
from renderer.motion.voice import Heard
from renderer.motion.voice_mouth import VoiceMouth

_FACE: Final = LIMBS.index("face")


class Performance:
    """Solves, mixes and directs one performer.

    Deterministic: the same records and commands between the same times give the same motion to the
    bit on one machine.

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
        self._track = MotionTrack()
        self._mixer = SourceMixer()

    @property
    def owners(self) -> tuple[Source, ...]:
        """Whose each limb was for the most part at the last time, in the order of LIMBS."""
        owners = self._mixer.owners
        if owners[_FACE] is Source.CAMERA and self.mouth.hidden > 0.5:
            return (*owners[:_FACE], Source.VOICE, *owners[_FACE + 1 :])
        return owners

    def know_face(self, profile: FaceProfile) -> None:
        """Take what a calibration found for the performer's face."""
        self._solver.know_face(profile)

    def take_in(self, source: Source, record: Record) -> None:
        """Take in something that was seen or heard; what the show noted itself is left."""
        match record:
            case Observation():
                self.mouth.see(record)
                self._track.push(self._solver.solve(record))
            case Heard():
                self.mouth.hear(record)
            case TrackedFace() if source is Source.PHONE:
                self._mixer.push_phone(record)
            case TrackedFace() | TrackedBody():
                self._mixer.push_suit(record)

    def at(self, t_ns: int) -> Motion:
        """The motion to show at the time t_ns; times rise from call to call."""
        motion = self._track.at(t_ns)
        if motion is None:
            motion = self._solver.idle(0)
        motion = self._mixer.at(self.mouth.over(motion, t_ns), t_ns)
        return self.director.at(motion, t_ns)
