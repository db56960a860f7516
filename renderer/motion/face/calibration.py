"""Guided face calibration in ten seconds: relax, smile, open, close, look around.

Each step shows a prompt, waits until a person has read it, and records. A step in which the face
was not seen, or the action was not performed, reports why and restarts; after three failed tries
the calibration ends and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT_INDEX
from renderer.capture.records import Observation
from renderer.motion.face.calibration_profile import StepFrames, build_profile
from renderer.motion.face.gaze import gaze_from_scores
from renderer.motion.face.landmarks import BROWS, GAP, WIDTH, measure_observation
from renderer.motion.face.profile import FaceProfile

READ_S: Final = 0.7
"""Seconds that a person needs to read a prompt and act; frames in this time do not count."""

TRIES: Final = 3
"""Failed tries of one step after which the calibration is aborted."""

_MIN_SEEN_SHARE: Final = 0.6
"""Share of a step's frames that must show the face."""

_MIN_SEEN_FRAMES: Final = 6
"""Frames of a step that must show the face, at least."""

_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]


class Step(Enum):
    """A step of the calibration: its key, the seconds for which it is recorded, and its prompt."""

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
"""Seconds of a calibration without a repeated step."""


@dataclass(frozen=True, slots=True)
class Progress:
    """State of a calibration.

    Attributes:
        step: the current step, or the last one.
        share: of the whole, 0 to 1.
        refused: why this step is repeated, or why the calibration was given up; else empty.
        ended: whether it is over.
    """

    step: Step
    share: float
    refused: str = ""
    ended: bool = False


@dataclass(slots=True)
class FaceCalibration:
    """Guides one performer through the steps; takes every frame, with a face or without.

    Attributes:
        profile: the result, once the calibration has ended successfully.
        progress: the current state.
    """

    profile: FaceProfile | None = None
    progress: Progress = Progress(STEPS[0], 0.0)
    _kept: dict[Step, StepFrames] = field(default_factory=dict)
    _scores: list[Array] = field(default_factory=list)
    _points: list[Array] = field(default_factory=list)
    _frames: int = 0
    _tries: int = 0
    _since_ns: int | None = None

    def observe(self, seen: Observation) -> None:
        """Add an observation of the performer."""
        scores, points = seen.scores, measure_observation(seen)
        if scores is None or points is None or not np.isfinite(scores).all():
            self.push(None, None, seen.t_seen_ns)
        else:
            self.push(scores.astype(np.float64), points, seen.t_seen_ns)

    def push(self, scores: Array | None, points: Array | None, t_ns: int) -> None:
        """Add a frame.

        Args:
            scores: (52,) raw; None where no face is seen.
            points: (41,) from landmarks.measure; None where no face is seen.
            t_ns: time of the frame, which rises.
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
            self._set_progress(step, into, self.progress.refused)
            return
        self._finish_step(step, t_ns)

    def _finish_step(self, step: Step, t_ns: int) -> None:
        """Finish a step whose time is over: keep it, repeat it, or abort."""
        fault = self._find_fault(step)
        if not fault:
            self._kept[step] = StepFrames(np.array(self._scores), np.array(self._points))
        self._scores, self._points, self._frames, self._since_ns = [], [], 0, t_ns
        if fault:
            self._tries += 1
            given_up = self._tries >= TRIES
            self._set_progress(
                step, 0.0, f"{fault}; nothing was changed" if given_up else fault, given_up
            )
            return
        self._tries = 0
        if step is not STEPS[-1]:
            self._set_progress(STEPS[STEPS.index(step) + 1], 0.0)
            return
        relax, smile, open_, close, look = (self._kept[each] for each in STEPS)
        self.profile = build_profile(relax, smile, open_, close, look)
        self.progress = Progress(step, 1.0, ended=True)

    def _find_fault(self, step: Step) -> str:
        """Return why the recording of a step is unusable; empty if it is usable."""
        if len(self._scores) < max(_MIN_SEEN_FRAMES, _MIN_SEEN_SHARE * self._frames):
            return "Your face was not seen; face the camera, in even light, with nothing before it"
        seen = StepFrames(np.array(self._scores), np.array(self._points))
        if step is Step.RELAX:
            if seen.points[:, GAP].std() > 0.05 or seen.points[:, WIDTH].std() > 0.04:
                return "Your face was moving; relax it, and keep still for a moment"
            return ""
        return _find_missing_action(step, seen, self._kept[Step.RELAX])

    def _set_progress(
        self, step: Step, into: float, refused: str = "", ended: bool = False
    ) -> None:
        """Update the progress, `into` seconds into a step."""
        before = sum(READ_S + each.seconds for each in STEPS[: STEPS.index(step)])
        self.progress = Progress(step, min((before + into) / LENGTH_S, 1.0), refused, ended)


def _find_missing_action(step: Step, seen: StepFrames, rest: StepFrames) -> str:
    """Return what the performer did not do in a step, relative to the neutral face; or empty."""
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
        case Step.LOOK if np.ptp([gaze_from_scores(s)[0] for s in seen.scores]) < 0.25:
            return "Your eyes hardly moved; look as far aside as you can, with a still head"
    return ""
