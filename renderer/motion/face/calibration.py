"""A performer's face calibrated in ten seconds: relax, smile, open, close, look around.

Each step says what to do, waits until a person has read it, and watches. A step in which the face
was not seen, or did not do what was asked, says why and begins again; after three times all is
given up and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT_INDEX
from renderer.capture.records import Observation
from renderer.motion.face.calibration_profile import Seen, profile_of
from renderer.motion.face.gaze import gaze_of
from renderer.motion.face.landmarks import BROWS, GAP, WIDTH, measure_observation
from renderer.motion.face.profile import FaceProfile

READ_S: Final = 0.7
"""What a person needs to read a prompt and do it; what is seen meanwhile does not count."""

TRIES: Final = 3
_SEEN_SHARE: Final = 0.6
_FEWEST: Final = 6
"""Of a step's frames the face must be in so many, and in so many at least."""

_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]


class Step(Enum):
    """What a performer is asked for, with the seconds for which it is watched."""

    RELAX = "relax", 1.3, "Relax your face and look into the camera"
    SMILE = "smile", 1.0, "Smile as broadly as you can"
    OPEN = "open", 1.0, "Open your mouth wide and raise your brows"
    CLOSE = "close", 1.0, "Shut your eyes and press your lips together"
    LOOK = "look", 2.2, "Keep your head still: look left, right, up and down"

    def __init__(self, word: str, seconds: float, prompt: str) -> None:
        self.word = word
        self.seconds = seconds
        self.prompt = prompt


STEPS: Final = tuple(Step)
LENGTH_S: Final = sum(READ_S + step.seconds for step in STEPS)
"""Seconds of a calibration that needs no second try."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a calibration stands.

    Attributes:
        step: the one that runs or that was the last.
        share: of the whole, 0 to 1.
        refused: why this step is asked for again, or why all was given up; or empty.
        ended: whether it is over.
    """

    step: Step
    share: float
    refused: str = ""
    ended: bool = False


@dataclass(slots=True)
class FaceCalibration:
    """Guides one performer through the steps; fed with every frame, of a face or of none.

    Attributes:
        profile: what was found, once it is over and went well.
        progress: where it stands.
    """

    profile: FaceProfile | None = None
    progress: Progress = Progress(STEPS[0], 0.0)
    _kept: dict[Step, Seen] = field(default_factory=dict)
    _scores: list[Array] = field(default_factory=list)
    _points: list[Array] = field(default_factory=list)
    _frames: int = 0
    _tries: int = 0
    _since_ns: int | None = None

    def observe(self, seen: Observation) -> None:
        """Take in what was observed of the performer in a frame."""
        scores, points = seen.scores, measure_observation(seen)
        if scores is None or points is None or not np.isfinite(scores).all():
            self.see(None, None, seen.t_seen_ns)
        else:
            self.see(scores.astype(np.float64), points, seen.t_seen_ns)

    def see(self, scores: Array | None, points: Array | None, t_ns: int) -> None:
        """Take in a frame.

        Args:
            scores: (52,) raw; None where no face is seen.
            points: (41,) what facepoints.measured says; None where no face is seen.
            t_ns: rises.
        """
        if self.progress.ended:
            return
        step = self.progress.step
        if self._since_ns is None or t_ns < self._since_ns:
            self._since_ns = t_ns
        into = (t_ns - self._since_ns) * 1e-9
        if into >= READ_S:
            self._frames += 1
            if scores is not None and points is not None:
                self._scores.append(np.clip(scores, 0.0, 1.0).astype(np.float64))
                self._points.append(points.copy())
        if into < READ_S + step.seconds:
            self._tell(step, into, self.progress.refused)
            return
        self._judge(step, t_ns)

    def _judge(self, step: Step, t_ns: int) -> None:
        """A step's time is over: keep it, ask for it again, or give up."""
        fault = self._fault(step)
        if not fault:
            self._kept[step] = Seen(np.array(self._scores), np.array(self._points))
        self._scores, self._points, self._frames, self._since_ns = [], [], 0, t_ns
        if fault:
            self._tries += 1
            given_up = self._tries >= TRIES
            self._tell(step, 0.0, f"{fault}; nothing was changed" if given_up else fault, given_up)
            return
        self._tries = 0
        if step is not STEPS[-1]:
            self._tell(STEPS[STEPS.index(step) + 1], 0.0)
            return
        relax, smile, open_, close, look = (self._kept[each] for each in STEPS)
        self.profile = profile_of(relax, smile, open_, close, look)
        self.progress = Progress(step, 1.0, ended=True)

    def _fault(self, step: Step) -> str:
        """Why what was seen of a step will not do, or an empty string."""
        if len(self._scores) < max(_FEWEST, _SEEN_SHARE * self._frames):
            return "Your face was not seen; face the camera, in even light, with nothing before it"
        seen = Seen(np.array(self._scores), np.array(self._points))
        if step is Step.RELAX:
            if seen.points[:, GAP].std() > 0.05 or seen.points[:, WIDTH].std() > 0.04:
                return "Your face was moving; relax it, and keep still for a moment"
            return ""
        return _undone(step, seen, self._kept[Step.RELAX])

    def _tell(self, step: Step, into: float, refused: str = "", ended: bool = False) -> None:
        before = sum(READ_S + each.seconds for each in STEPS[: STEPS.index(step)])
        self.progress = Progress(step, min((before + into) / LENGTH_S, 1.0), refused, ended)


def _undone(step: Step, seen: Seen, rest: Seen) -> str:
    """Why a step was not done, measured from the face at rest; or an empty string."""
    off = np.median(seen.points, axis=0) - rest.middle
    match step:
        case Step.SMILE if off[WIDTH] < 0.025:
            return "No smile was seen; show your teeth if you like"
        case Step.OPEN if off[GAP] < 0.08:
            return "Your mouth stayed shut; drop your jaw as far as it goes"
        case Step.OPEN if off[BROWS].mean() < -0.02:
            return "Your brows went down; raise them"
        case Step.CLOSE if np.median(seen.scores[:, _BLINKS].min(axis=1)) < 0.35:
            return "Your eyes stayed open; keep both shut until the next line"
        case Step.LOOK if np.ptp([gaze_of(s)[0] for s in seen.scores]) < 0.25:
            return "Your eyes hardly moved; look as far aside as you can, with a still head"
    return ""
