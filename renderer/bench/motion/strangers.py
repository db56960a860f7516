"""Measure the rejection of other people's arms, and identity tracking in equal costumes.

`python -m renderer.bench.motion.strangers [VIDEO …]` runs the real trackers on clips of the
ground-truth set in which another person's arm is mistaken for the first performer's: in `beside`
another performer stretches an arm out in front of the first; in `lent-arm` and `replaced-arm` the
arm of a performer behind the first replaces theirs, from the start or gradually. It prints the
errors of the first performer's arms if every arm is accepted, if arms that jump are rejected, and
if arms with a different appearance are rejected as well (trust/ownership.py); the share of the arms
detected far from the truth that are rejected; the identity swaps in `costume`, where two performers
in the same costume cross; and, for every video given, how many arms are rejected for jumps, and how
many with appearance as well.
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
from renderer.bench.motion.performance import Bools, load_clip
from renderer.bench.motion.run import body_seen
from renderer.bench.motion.track import solve
from renderer.bench.motion.truthset import film_clip
from renderer.capture.records import Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.crops import body_scale
from renderer.capture.trackers.landmarks import Landmarks
from renderer.motion.core.skeleton import ELBOWS, WRISTS
from renderer.motion.solver import MotionSolver
from renderer.motion.trust.ownership import ArmOwnership

_ARMS = slice(0, 4)
"""Rows of follow.LIMB_BONES: upper arms and forearms."""

_CLIPS = ("beside", "lent-arm", "replaced-arm")
"""Clips in which another person's arm is mistaken for the first performer's."""

_ARM_BONES = [
    [BONE_INDEX[side + bone] for bone in ("LowerArm", "Hand")] for side in ("left", "right")
]
_ARM_POINTS = np.array([ELBOWS, WRISTS]).T
_MAX_DISTANCE = 0.5
"""Body scales: an elbow or wrist farther than this from the truth is another person's."""


class _NoRejection(ArmOwnership):
    """Rejects no arm."""

    def reject_foreign_arms(self, seen: Observation, lengths: Array) -> Observation:  # noqa: ARG002 (as ArmOwnership)
        """Return the observation unchanged."""
        return seen


class TrustingSolver(MotionSolver):
    """A solver that accepts every arm as the performer's own."""

    def reset(self) -> None:
        """See MotionSolver."""
        super().reset()
        self._arms = _NoRejection()


class LoggingOwnership(ArmOwnership):
    """Records which arms it rejects.

    Attributes:
        refused: (2,) left and right, per frame; None for a frame without a body.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[Bools | None] = []

    def reject_foreign_arms(self, seen: Observation, lengths: Array) -> Observation:
        """See ArmOwnership."""
        out = super().reject_foreign_arms(seen, lengths)
        self.refused.append(None if out.pose is None else np.isnan(out.pose[list(WRISTS), 0]))
        return out


class LoggingSolver(MotionSolver):
    """A solver that records which arms it rejects."""

    def reset(self) -> None:
        """See MotionSolver."""
        super().reset()
        self._arms = self.arms = LoggingOwnership()


def arm_errors(
    observations: Sequence[Observation], truth: Path, solver: MotionSolver | None = None
) -> Array:
    """Compute degrees (n,) between solved and true upper arms and forearms in the image.

    Raises:
        MotionError: the truth cannot be read or belongs to another clip.
    """
    performance = load_clip(truth.stem, observations, truth)
    assert performance.truth is not None
    track, _ = solve(observations, solver)
    errors = limb_errors(track, performance.truth, body_seen(performance))[:, _ARMS]
    return np.asarray(errors[np.isfinite(errors)])


def count_refused_arms(observations: Sequence[Observation]) -> tuple[int, int]:
    """Count the rejected arms, and all arms seen."""
    solver = LoggingSolver()
    solve(observations, solver)
    refused = [one for one in solver.arms.refused if one is not None]
    return int(np.sum(refused)), 2 * len(refused)


def count_refused_strangers(observations: Sequence[Observation], truth: Path) -> tuple[int, int]:
    """Count the rejected ones among arms detected far from the first performer's, and all of those.

    Raises:
        AvatarError: the truth cannot be read.
    """
    solver = LoggingSolver()
    solve(observations, solver)
    known = load_truth(truth)
    joints = known.camera.project(known.acted[0].joints)[:, _ARM_BONES]
    refused = strangers = 0
    for seen, now_refused in zip(observations, solver.arms.refused, strict=True):
        if seen.pose is None or now_refused is None:
            continue
        points = seen.pose[:, :2] * np.array(seen.size, np.float32)
        away = np.linalg.norm(points[_ARM_POINTS] - joints[seen.index], axis=-1)
        far = away.max(axis=1) > _MAX_DISTANCE * body_scale(points)
        refused += int((far & now_refused).sum())
        strangers += int(far.sum())
    return refused, strangers


def track_video(path: Path, performers: int) -> list[tuple[Observation, ...]]:
    """Track a number of performers in every frame of a video.

    Raises:
        CaptureError: the video cannot be read.
    """
    with closing(open_source(str(path))) as source, Landmarks(None, performers) as landmarks:
        return [landmarks.observe_all(frame) for frame in source.frames()]


def _colourless(observations: Sequence[Observation]) -> list[Observation]:
    return [replace(one, colours=None) for one in observations]


def main(videos: Sequence[str]) -> int:
    """Measure and print; returns 0."""
    for name in _CLIPS:
        clip = film_clip(name)
        seen, truth = [frame[0] for frame in track_video(clip, 2)], clip.with_suffix(".npz")
        colourless = _colourless(seen)
        for rule, shown, solver in (
            ("every arm followed", seen, TrustingSolver()),
            ("those that leap refused", colourless, MotionSolver()),
            ("and those that look foreign", seen, MotionSolver()),
        ):
            errors = arm_errors(shown, truth, solver)
            middle, high = np.percentile(errors, (50, 90))
            _say(f"{name}, {rule}: {middle:.1f}° (p90 {high:.1f}°, mean {errors.mean():.1f}°)")
        leapt, _ = count_refused_strangers(colourless, truth)
        now_refused, strangers = count_refused_strangers(seen, truth)
        _say(f"{name}: {leapt}, then {now_refused} of {strangers} strangers' arms refused")
    costume = film_clip("costume")
    who = count(track_video(costume, 2), load_truth(costume.with_suffix(".npz")))
    _say(f"costume: {who.swaps} swaps, seen {who.seen[0]:.0%} and {who.seen[1]:.0%}")
    for video in videos:
        seen = [frame[0] for frame in track_video(Path(video), 1)]
        leapt, _ = count_refused_arms(_colourless(seen))
        now_refused, arms = count_refused_arms(seen)
        _say(f"{Path(video).name}: {leapt}, then {now_refused} of {arms} arms refused")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
