"""Run the benchmark of several cameras and report it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.bench.cameras.calibration import CalibrationErrors, calibrate_exercise
from renderer.bench.cameras.exercise import Exercise, find_exercise
from renderer.bench.cameras.measures import (
    joint_error,
    solve_alone,
    solve_with,
    triangulate_all,
    unseen_errors,
)
from renderer.bench.end_to_end import observe_all
from renderer.capture.records import Observation
from renderer.capture.trackers.models import has_model
from renderer.errors import MotionError
from renderer.motion.cameras.bundle import adjust_cameras
from renderer.motion.cameras.model import CameraSet
from renderer.motion.cameras.recording import Recording

GOALS: Final = {"two_mm": 45.0, "three_mm": 30.0, "one_mm": 80.0, "unseen_px": 15.0}
"""Largest value of each figure that meets its goal."""

_CALIBRATED: Final = ((0, 1), (0, 1, 2, 3))
"""Cameras that are calibrated by movement."""

_MEANINGS: Final = {
    "two_mm": "joints of two cameras, from four cameras' triangulation, mm",
    "three_mm": "joints of three cameras, mm",
    "one_mm": "joints of one camera, mm",
    "unseen_px": "joints of two cameras in the picture of an unseen third, median px",
}


@dataclass(frozen=True, slots=True)
class CamerasReport:
    """Figures of several cameras on one performer.

    Attributes:
        two_mm, three_mm, one_mm: mean distance of the solved joints from the triangulation of all
            four cameras, about the hips, millimetres; the mean over all pairs, triples and single
            cameras. None if the exercise is absent.
        unseen_px: median distance of the joints of two cameras from the landmarks of a third that
            they did not use, pixels of a picture of 1920 lines.
        as_given: the same figures with the exercise's own calibration. Its cameras are turned by
            0.6° to 1.3°, which shows as a common shift of all landmarks by 13 to 18 pixels in two
            of them; the figures above are with their rotations adjusted to the movement.
        by_cameras: millimetres by the cameras used, such as `1+3`.
        calibrated: errors of calibrations by the clips' movement alone, by the cameras calibrated;
            or why the movement does not determine them.
        body_model: `heavy` or `full`.
        skipped: why nothing was measured; empty if it was.
    """

    two_mm: float | None = None
    three_mm: float | None = None
    one_mm: float | None = None
    unseen_px: float | None = None
    as_given: dict[str, float] = field(default_factory=dict)
    by_cameras: dict[str, float] = field(default_factory=dict)
    calibrated: dict[str, CalibrationErrors | str] = field(default_factory=dict)
    body_model: str = ""
    skipped: str = ""

    @property
    def holds(self) -> dict[str, bool | None]:
        """Return whether each goal holds; None where nothing was measured."""
        values = asdict(self)
        return {
            name: None if values[name] is None else bool(values[name] <= goal)
            for name, goal in GOALS.items()
        }

    def text(self) -> str:
        """Format the report as a table for people."""
        if self.skipped:
            return f"Skipped: {self.skipped}"
        values, holds = asdict(self), self.holds
        lines = [
            f"{_MEANINGS[name]:<66}{values[name]:>7.1f}  goal {goal:>4.0f}  "
            f"{'holds' if holds[name] else 'does not hold'}"
            for name, goal in GOALS.items()
        ]
        used = ", ".join(f"{name} {value:.0f}" for name, value in self.by_cameras.items())
        given = ", ".join(f"{name} {value:.1f}" for name, value in self.as_given.items())
        lines.append(f"Before the cameras' rotations were adjusted to the movement: {given}")
        lines.append(f"By the cameras used, mm: {used}")
        lines += [
            f"Calibrated by movement, cameras {name}: "
            + (
                errors
                if isinstance(errors, str)
                else f"turned {errors.turned_deg:.1f}°, moved {errors.moved_m:.2f} m, "
                f"floor tilted {errors.floor_deg:.1f}°"
            )
            for name, errors in self.calibrated.items()
        ]
        return "\n".join((*lines, f"{self.body_model} model"))

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {**asdict(self), "holds": self.holds}


def run_cameras_bench(folder: Path | None, progress: Callable[[str], None]) -> CamerasReport:
    """Measure the four-camera exercise; report why not where it is absent.

    Args:
        folder: where the exercise is looked for first.
        progress: receives the current step.
    """
    try:
        exercise = find_exercise(folder, progress)
    except MotionError as fault:
        return CamerasReport(skipped=str(fault))
    seen = []
    for clip in exercise.clips:
        progress(f"watching {clip.name}")
        seen.append(observe_all(str(clip), heavy=True))
    return measure_exercise(exercise, seen, "heavy" if has_model("pose_heavy") else "full")


def measure_exercise(
    exercise: Exercise, seen: Sequence[Sequence[Observation]], body_model: str
) -> CamerasReport:
    """Measure the observations of the four cameras.

    Args:
        exercise: the cameras.
        seen: every camera's observations.
        body_model: that made them.
    """
    given = _measure(exercise.cameras, seen)
    adjusted = _measure(_adjust_rotations(exercise.cameras, seen), seen)
    return CamerasReport(
        two_mm=adjusted.figures["two_mm"],
        three_mm=adjusted.figures["three_mm"],
        one_mm=adjusted.figures["one_mm"],
        unseen_px=adjusted.figures["unseen_px"],
        as_given=given.figures,
        by_cameras=adjusted.by_cameras,
        calibrated={
            "+".join(str(k + 1) for k in which): calibrate_exercise(exercise, seen, which)
            for which in _CALIBRATED
        },
        body_model=body_model,
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """The figures of one calibration, and the errors by the cameras used, millimetres."""

    figures: dict[str, float]
    by_cameras: dict[str, float]


def _adjust_rotations(cameras: CameraSet, seen: Sequence[Sequence[Observation]]) -> CameraSet:
    """Return the cameras with their rotations adjusted to the movement."""
    recordings = [
        Recording.of(camera, one) for camera, one in zip(cameras.cameras, seen, strict=True)
    ]
    times = recordings[0].times
    samples = [one.sample(times[::2]) for one in recordings]
    adjusted, _ = adjust_cameras(
        cameras.cameras, samples, free=range(len(samples)), sizes=False, places=False
    )
    # The cameras ran on one clock.
    return replace(cameras, cameras=tuple(replace(one, clock_ns=0) for one in adjusted))


def _measure(cameras: CameraSet, seen: Sequence[Sequence[Observation]]) -> _Measured:
    """Measure all single cameras, pairs and triples of a calibrated set."""
    times, truth = triangulate_all(cameras, seen)
    by_cameras: dict[str, float] = {}
    unseen: list[Array] = []
    means: dict[int, list[float]] = {1: [], 2: [], 3: []}
    for count in means:
        for which in combinations(range(len(seen)), count):
            if count == 1:
                solved = solve_alone(cameras, seen[which[0]], which[0])
            else:
                solved = solve_with(cameras, seen, which)
            error = 1000.0 * joint_error(solved, times, truth)
            means[count].append(error)
            by_cameras["+".join(str(k + 1) for k in which)] = round(error, 1)
            if count == 2:
                others = [k for k in range(len(seen)) if k not in which]
                unseen += [unseen_errors(solved, cameras, k, seen[k]) for k in others]
    figures = {
        "two_mm": round(float(np.mean(means[2])), 1),
        "three_mm": round(float(np.mean(means[3])), 1),
        "one_mm": round(float(np.mean(means[1])), 1),
        "unseen_px": round(float(np.median(np.concatenate(unseen))), 1),
    }
    return _Measured(figures, by_cameras)
