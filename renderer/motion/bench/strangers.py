"""Arms that are somebody else's, and who is who in one costume.

`python -m renderer.motion.bench.strangers [VIDEO …]` has the real trackers watch two clips of the
ground-truth set: `beside`, in which one stretches an arm out before another, and `costume`, in
which two in one costume cross. It prints the errors of the first one's arms with and without the
rule that refuses arms that leap (belonging.py), and identity swaps; then, of every video that is
named, how many arms the rule refuses.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from avatars.build.truth_file import load_truth
from renderer.capture.landmarks import Landmarks
from renderer.capture.records import Observation
from renderer.capture.sources import open_source
from renderer.motion.belonging import OwnArms
from renderer.motion.bench.identities import count
from renderer.motion.bench.measures import limb_errors
from renderer.motion.bench.performance import of_clip
from renderer.motion.bench.run import body_seen
from renderer.motion.bench.track import solve
from renderer.motion.bench.truthset import filmed
from renderer.motion.linear import Array
from renderer.motion.skeleton import WRISTS
from renderer.motion.solver import MotionSolver

_ARMS = slice(0, 4)
"""Of follow.LIMB_BONES: upper arms and forearms."""


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


class Counted(OwnArms):
    """Counts the arms it is shown, and those it refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = self.refused = 0

    def only(self, seen: Observation, lengths: Array) -> Observation:
        """See OwnArms."""
        out = super().only(seen, lengths)
        if out.pose is not None:
            self.shown += 2
            self.refused += int(np.isnan(out.pose[list(WRISTS), 0]).sum())
        return out


class Counting(MotionSolver):
    """A solver that counts what it refuses."""

    def reset(self) -> None:
        """See MotionSolver."""
        super().reset()
        self._arms = self.arms = Counted()


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


def arms_refused(observations: Sequence[Observation]) -> tuple[int, int]:
    """How many arms are refused of how many that are seen."""
    solver = Counting()
    solve(observations, solver)
    return solver.arms.refused, solver.arms.shown


def watched(path: Path, performers: int) -> list[tuple[Observation, ...]]:
    """What the trackers see of so many performers in every frame of a video.

    Raises:
        CaptureError: it cannot be watched.
    """
    with closing(open_source(str(path))) as source, Landmarks(None, performers) as landmarks:
        return [landmarks.observe_all(frame) for frame in source.frames()]


def main(videos: Sequence[str]) -> int:
    """Measure and print; 0 when all went well."""
    beside, costume = filmed("beside"), filmed("costume")
    seen = [frame[0] for frame in watched(beside, 2)]
    for name, solver in (("with the rule", MotionSolver()), ("without it", Credulous())):
        errors = arm_errors(seen, beside.with_suffix(".npz"), solver)
        middle, high = np.percentile(errors, (50, 90))
        _say(f"beside, arms {name}: {middle:.1f}° (p90 {high:.1f}°, mean {errors.mean():.1f}°)")
    who = count(watched(costume, 2), load_truth(costume.with_suffix(".npz")))
    _say(f"costume: {who.swaps} swaps, seen {who.seen[0]:.0%} and {who.seen[1]:.0%}")
    for video in videos:
        refused, shown = arms_refused([frame[0] for frame in watched(Path(video), 1)])
        _say(f"{Path(video).name}: {refused} of {shown} arms refused")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
