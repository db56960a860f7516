"""Arms that are somebody else's, and who is who in one costume.

`python -m renderer.bench.motion.strangers [VIDEO …]` has the real trackers watch clips of the
ground-truth set in which the first performer's arm is mistaken: `beside`, in which another one
stretches an arm out before them, `lent-arm` and `replaced-arm`, in which one behind them lends an
arm from the start and by and by. It prints the errors of the first one's arms if every arm is
followed, if those that leap are refused, and if those are that look like somebody else's as well
(belonging.py); and how many that are refused of those which the trackers have far from the truth.
Then identity swaps in `costume`, in which two in one costume cross; and, of every video that is
named, how many arms are refused because they leap, and if looks are asked too.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from avatars.authoring.clips.truth_file import load_truth
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX
from renderer.bench.motion.identities import count
from renderer.bench.motion.measures import limb_errors
from renderer.bench.motion.performance import Bools, of_clip
from renderer.bench.motion.run import body_seen
from renderer.bench.motion.track import solve
from renderer.bench.motion.truthset import film_clip
from renderer.capture.records import Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.crops import body_scale
from renderer.capture.trackers.landmarks import Landmarks
from renderer.motion.core.skeleton import ELBOWS, WRISTS
from renderer.motion.solver import MotionSolver
from renderer.motion.trust.ownership import OwnArms

_ARMS = slice(0, 4)
"""Of follow.LIMB_BONES: upper arms and forearms."""

_MISTAKEN = ("beside", "lent-arm", "replaced-arm")
"""Clips in which another one's arm is taken for the first performer's."""

_ARM_BONES = [
    [BONE_INDEX[side + bone] for bone in ("LowerArm", "Hand")] for side in ("left", "right")
]
_ARM_POINTS = np.array([ELBOWS, WRISTS]).T
_FAR = 0.5
"""An elbow or a wrist that is further from where it is, in body scales, is somebody else's."""


class _EveryArm(OwnArms):
    """Refuses no arm."""

    def only(self, seen: Observation, lengths: Array) -> Observation:  # noqa: ARG002 (as OwnArms)
        """The observation as it is."""
        return seen


class Credulous(MotionSolver):
    """A solver that takes every arm for the performer's own."""

    def reset(self) -> None:
        """See MotionSolver."""
        super().reset()
        self._arms = _EveryArm()


class Noted(OwnArms):
    """Notes which of the arms that it is shown it refuses.

    Attributes:
        refused: (2,) left and right of each frame; None of one without a body.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[Bools | None] = []

    def only(self, seen: Observation, lengths: Array) -> Observation:
        """See OwnArms."""
        out = super().only(seen, lengths)
        self.refused.append(None if out.pose is None else np.isnan(out.pose[list(WRISTS), 0]))
        return out


class Noting(MotionSolver):
    """A solver that notes what it refuses."""

    def reset(self) -> None:
        """See MotionSolver."""
        super().reset()
        self._arms = self.arms = Noted()


def arm_errors(
    observations: Sequence[Observation], truth: Path, solver: MotionSolver | None = None
) -> Array:
    """Degrees (n,) between solved and true upper arms and forearms that are in the picture.

    Raises:
        MotionError: the truth cannot be read or is of another clip.
    """
    performance = of_clip(truth.stem, observations, truth)
    assert performance.truth is not None
    track, _ = solve(observations, solver)
    errors = limb_errors(track, performance.truth, body_seen(performance))[:, _ARMS]
    return np.asarray(errors[np.isfinite(errors)])


def count_refused_arms(observations: Sequence[Observation]) -> tuple[int, int]:
    """How many arms are refused of how many that are seen."""
    solver = Noting()
    solve(observations, solver)
    refused = [one for one in solver.arms.refused if one is not None]
    return int(np.sum(refused)), 2 * len(refused)


def count_refused_strangers(observations: Sequence[Observation], truth: Path) -> tuple[int, int]:
    """How many arms are refused of those that were seen far from the first performer's own.

    Raises:
        AvatarError: the truth cannot be read.
    """
    solver = Noting()
    solve(observations, solver)
    known = load_truth(truth)
    joints = known.camera.project(known.acted[0].joints)[:, _ARM_BONES]
    refused = strangers = 0
    for seen, told in zip(observations, solver.arms.refused, strict=True):
        if seen.pose is None or told is None:
            continue
        points = seen.pose[:, :2] * np.array(seen.size, np.float32)
        away = np.linalg.norm(points[_ARM_POINTS] - joints[seen.index], axis=-1)
        far = away.max(axis=1) > _FAR * body_scale(points)
        refused += int((far & told).sum())
        strangers += int(far.sum())
    return refused, strangers


def track_video(path: Path, performers: int) -> list[tuple[Observation, ...]]:
    """What the trackers see of so many performers in every frame of a video.

    Raises:
        CaptureError: it cannot be watched.
    """
    with closing(open_source(str(path))) as source, Landmarks(None, performers) as landmarks:
        return [landmarks.observe_all(frame) for frame in source.frames()]


def _colourless(observations: Sequence[Observation]) -> list[Observation]:
    return [replace(one, colours=None) for one in observations]


def main(videos: Sequence[str]) -> int:
    """Measure and print; 0 when all went well."""
    for name in _MISTAKEN:
        clip = film_clip(name)
        seen, truth = [frame[0] for frame in track_video(clip, 2)], clip.with_suffix(".npz")
        colourless = _colourless(seen)
        for rule, shown, solver in (
            ("every arm followed", seen, Credulous()),
            ("those that leap refused", colourless, MotionSolver()),
            ("and those that look foreign", seen, MotionSolver()),
        ):
            errors = arm_errors(shown, truth, solver)
            middle, high = np.percentile(errors, (50, 90))
            _say(f"{name}, {rule}: {middle:.1f}° (p90 {high:.1f}°, mean {errors.mean():.1f}°)")
        leapt, _ = count_refused_strangers(colourless, truth)
        told, strangers = count_refused_strangers(seen, truth)
        _say(f"{name}: {leapt}, then {told} of {strangers} strangers' arms refused")
    costume = film_clip("costume")
    who = count(track_video(costume, 2), load_truth(costume.with_suffix(".npz")))
    _say(f"costume: {who.swaps} swaps, seen {who.seen[0]:.0%} and {who.seen[1]:.0%}")
    for video in videos:
        seen = [frame[0] for frame in track_video(Path(video), 1)]
        leapt, _ = count_refused_arms(_colourless(seen))
        told, arms = count_refused_arms(seen)
        _say(f"{Path(video).name}: {leapt}, then {told} of {arms} arms refused")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
