"""Runs the benchmark of the learned models: each against its closed-form baseline."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from renderer.bench.priors.faces import FaceRecording, complete_left_out, own_faces
from renderer.bench.priors.gaps import measure_gaps
from renderer.bench.priors.recordings import Recording
from renderer.bench.priors.shown import measure_shown
from renderer.bench.priors.windows import label_recordings, rate_scores
from renderer.motion.core.records import LIMBS
from renderer.motion.priors.expressions import EXPRESSIONS, FACE, ExpressionModel
from renderer.motion.priors.limb_prior import PRIOR, LimbPrior
from renderer.motion.priors.live import LivePriors
from renderer.motion.priors.naturalness import NATURALNESS, Naturalness

Progress = Callable[[str], None]

SEED: Final = 11
"""Of faults and detector errors."""
_COST_FRAMES: Final = 400
_COST_RUNS: Final = 3
"""Frames over which the cost is measured, and runs, of which the least counts."""
_LOST_EVERY: Final = 20
"""Frames of which the first half have an arm unseen while the cost is measured."""
_SOLVED: Final = 24
_SHOWN: Final = 8
"""Recordings at most that are solved for tracking faults, and for the limbs shown."""


@dataclass(frozen=True, slots=True)
class PriorsReport:
    """The figures of the learned models.

    Attributes:
        people: whose recordings were measured.
        limbs: of the motion prior: arms, legs, all.
        naturalness: areas under the curve and false alarms.
        shown: errors of shown limbs in degrees.
        expressions: of the expression autoencoder.
        cost: milliseconds a frame, and megabytes.
    """

    people: tuple[str, ...]
    limbs: dict[str, dict[str, float]]
    naturalness: dict[str, float]
    shown: dict[str, float]
    expressions: dict[str, float]
    cost: dict[str, float]

    def as_dict(self) -> dict[str, object]:
        """Return the figures as plain data."""
        return {
            "people": list(self.people),
            "limbs": self.limbs,
            "naturalness": self.naturalness,
            "shown": self.shown,
            "expressions": self.expressions,
            "cost": self.cost,
        }

    def text(self) -> str:
        """Return the figures as text."""
        lines = [f"people: {', '.join(self.people)}", "", "limbs not seen (ratios: hold is 1)"]
        names = list(self.limbs["all"])
        lines += [
            f"  {name:24}" + "".join(f"{limb} {one[name]:<9g}" for limb, one in self.limbs.items())
            for name in names
        ]
        for title, figures in (
            ("tracking faults", self.naturalness),
            ("limbs shown, mean error in degrees", self.shown),
            ("expressions", self.expressions),
            ("cost", self.cost),
        ):
            lines += ["", title]
            lines += [f"  {name:48}{value:g}" for name, value in figures.items()]
        return "\n".join(lines)


def run_priors_bench(
    recordings: Sequence[Recording], faces: Sequence[FaceRecording], progress: Progress
) -> PriorsReport:
    """Measure the shipped models.

    Args:
        recordings: of people that the models were not trained on; the project's own choreography,
            which they know, where there are none.
        faces: likewise; the project's own are always measured.
        progress: called with each step.

    Raises:
        MotionError: a shipped model cannot be used.
    """
    prior, judge = LimbPrior(), Naturalness()
    limbs = {}
    for name, rows in (("arms", (0, 1)), ("legs", (2, 3)), ("all", (0, 1, 2, 3))):
        progress(f"hiding {name}")
        limbs[name] = measure_gaps(recordings, prior, rows).as_dict()
    windows = label_recordings(_spread(recordings, _SOLVED), 1, SEED, progress)
    scores = judge.score_windows(windows.features)
    naturalness = {k: round(v, 3) for k, v in rate_scores(windows, scores).items()}
    alarms = scores > judge.thresholds[windows.kind]
    per_minute = sum(
        windows.of_kind(kind).count_runs(alarms[windows.kind == kind]) for kind in (0, 1)
    ) / max(windows.sound_minutes / 4.0, 1e-9)
    naturalness["false_alarms_a_minute"] = round(per_minute, 2)
    naturalness["faults_found"] = round(float(alarms[windows.labels == 1].mean()), 3)
    progress("solving faulty landmarks with and without the models")
    shown = measure_shown(_spread(recordings, _SHOWN), SEED)
    progress("measuring expressions and cost")
    return PriorsReport(
        people=tuple(sorted({one.person for one in recordings})),
        limbs=limbs,
        naturalness=naturalness,
        shown=shown,
        expressions=_measure_expressions([own_faces(), *faces]),
        cost=_measure_cost(recordings[0]),
    )


def _spread(recordings: Sequence[Recording], count: int) -> list[Recording]:
    """Return at most `count` recordings, evenly spread over all."""
    rows = np.unique(np.linspace(0, len(recordings) - 1, count).round().astype(int))
    return [recordings[row] for row in rows]


def _measure_expressions(faces: Sequence[FaceRecording]) -> dict[str, float]:
    """Return how exactly the shipped latent gives faces back, and what unseen shapes follow."""
    model, out = ExpressionModel(), {}
    for one in faces:
        back = model.decode(model.encode(one.shapes))[:, FACE]
        rmse = float(np.sqrt(np.mean((back - one.shapes[:, FACE]) ** 2)))
        out[f"latent_rmse_{one.name}"] = round(rmse, 4)
        implied = complete_left_out(one.shapes)
        for name, value in implied.items():
            out[f"implied_r_{one.name}_{name}"] = round(value, 2)
    return out


def _measure_cost(recording: Recording) -> dict[str, float]:
    """Return milliseconds of CPU a frame of all models together, and the megabytes of their files.

    An arm is unseen in half of the frames, so that nothing is left out.
    """
    rotations = recording.rotations[np.arange(_COST_FRAMES) % len(recording.rotations)]
    points = np.random.default_rng(SEED).normal(size=(33, 3))
    lengths = np.full(10, 0.3)
    seen, lost = np.ones(len(LIMBS), np.bool_), np.ones(len(LIMBS), np.bool_)
    lost[LIMBS.index("leftArm")] = False
    parts = np.ones(len(LIMBS) + 1)
    runs = []
    for _ in range(_COST_RUNS):
        priors, times = LivePriors(naturalness=Naturalness()), []
        for k, pose in enumerate(rotations):
            gates = lost if k % _LOST_EVERY < _LOST_EVERY // 2 else seen
            began = time.thread_time_ns()
            priors.weigh(parts)
            priors.observe(pose, gates, points, lengths, k * 33_333_333, 1.0 / 30.0)
            priors.fill(pose)
            times.append((time.thread_time_ns() - began) * 1e-6)
        runs.append(times)
    least = np.min(runs, axis=0)
    size = sum(path.stat().st_size for path in (PRIOR, NATURALNESS, EXPRESSIONS))
    return {
        "median_ms": round(float(np.median(least)), 3),
        "p95_ms": round(float(np.percentile(least, 95)), 3),
        "megabytes": round(size / 1e6, 3),
    }
