"""Runs the motion benchmark: every performance with every solver, compared with the truth."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.quaternions import IDENTITY
from avatars.maths.vectors import Array, normalise
from avatars.names import HUMAN_BONES
from renderer.bench.motion import kalidokit, measures, staged, track
from renderer.bench.motion.detector import body_landmarks
from renderer.bench.motion.follow import LIMB_BONES, MIN_VISIBILITY
from renderer.bench.motion.follow import limb_directions as seen_directions
from renderer.bench.motion.performance import Bools, Performance
from renderer.bench.motion.report import (
    FaceFigures,
    Figures,
    LimbErrors,
    MotionReport,
    Spread,
    StillJitter,
)  # fmt: skip
from renderer.bench.motion.track import Track
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.lengths import BoneLengths
from renderer.motion.core.skeleton import SEGMENTS
from renderer.motion.core.view import ViewRay
from renderer.motion.fit.problems import Problem
from renderer.motion.fit.refine import refine_bodies
from renderer.motion.solver import MotionSolver, solve_together

Progress = Callable[[str], None]
Solver = Callable[[Sequence[Observation]], Track]

_MIN_FACE_SHARE: Final = 0.5
"""Share of a performance's frames that must show a face."""

_STILL_SECONDS: Final = (3, 5, 10, 20)
"""Seconds over which the jitter of a still picture is measured."""

_LENGTH_TOLERANCE_S: Final = 0.05
"""Seconds by which a clip may be shorter than its nominal length: it ends a frame before."""

_COST_FRAMES: Final = 300
_COST_RUNS: Final = 5
"""Frames on which the cost is measured, and number of runs."""

_ENDS: Final = np.array([ends for bone, ends in SEGMENTS.items() if not bone.endswith("Foot")])


def run_motion_bench(
    performances: Sequence[Performance], progress: Progress, baseline: Path | None = None
) -> MotionReport:
    """Measure our solver, and Kalidokit where it can be run, on the same landmarks.

    Staged performances (standing still, a sudden move, a turn, losses) are added to those given.

    Args:
        performances: at least one of them with a truth.
        progress: called with a description of each step.
        baseline: where Kalidokit is installed or is to be; None for the user's cache.

    Raises:
        MotionError: no performance has a truth.
    """
    if not any(p.truth is not None and p.observations for p in performances):
        raise MotionError(
            "The motion benchmark", "no performance with a truth was given", "give at least one"
        )
    solvers: dict[str, Solver] = {"ours": lambda seen: track.solve(seen)[0]}
    missing = ""
    try:
        package = kalidokit.install(baseline or kalidokit.cache_folder())
        solvers["solver"] = lambda seen: kalidokit.solve(seen, package)
        solvers["eased"] = lambda seen: kalidokit.solve(seen, package, kalidokit.EASE_SHARE)
        kalidokit.solve([], package)
    except kalidokit.AbsentError as error:
        missing = str(error)
        solvers = {"ours": solvers["ours"]}

    tracks = {
        name: _solve_all(name, solver, performances, progress) for name, solver in solvers.items()
    }
    figures = {
        name: _figures(solver, performances, tracks[name]) for name, solver in solvers.items()
    }
    progress("measuring what a solve costs")
    return MotionReport(
        ours=figures.pop("ours"),
        face=_face(performances, tracks["ours"]),
        recovery_ms=_recoveries(solvers["ours"]),
        stage_ms=_measure_costs(performances),
        kalidokit=figures,
        missing=missing,
        by_performance={
            p.name: {
                name: _compute_spread(
                    measures.limb_errors(tracks[name][p.name], p.truth, body_seen(p))
                )
                for name in solvers
            }
            for p in performances
            if p.truth is not None and _has_limbs(p)
        },
        follow_by_clip={
            p.name: {
                name: _compute_spread(_measure_limb_error(tracks[name][p.name], p))
                for name in solvers
            }
            for p in performances
            if p.truth is None and not p.still and body_seen(p).any()
        },
        stills={
            p.name: {name: _still_jitter(tracks[name][p.name]) for name in solvers}
            for p in performances
            if p.still
        },
    )


def body_seen(performance: Performance) -> Bools:
    """Return (n,) the frames that show a body."""
    return np.array([o.pose is not None for o in performance.observations], np.bool_)


def _has_limbs(performance: Performance) -> bool:
    """Return whether any limb is ever in the image: a portrait shows none."""
    shown = None if performance.truth is None else performance.truth.limbs_shown
    seen = body_seen(performance)
    return bool(seen.any() if shown is None else shown[seen].any())


def _solve_all(
    name: str, solver: Solver, performances: Sequence[Performance], progress: Progress
) -> dict[str, Track]:
    """Solve all performances with one solver; the tracks by performance."""
    out = {}
    for performance in performances:
        progress(f"solving {performance.name} ({name})")
        out[performance.name] = solver(performance.observations)
    return out


def _figures(
    solver: Solver, performances: Sequence[Performance], tracks: dict[str, Track]
) -> Figures:
    """Compute one solver's results over the given and the staged performances."""
    limbs, heads, slides, roots = [], [], [], []
    for p in performances:
        if p.truth is None or p.still:
            continue
        limbs.append(measures.limb_errors(tracks[p.name], p.truth, body_seen(p)))
        heads.append(measures.head_errors(tracks[p.name], p.truth, body_seen(p)))
        slides.append(measures.foot_slide(tracks[p.name], p.truth, body_seen(p)))
        roots.append(measures.root_errors(tracks[p.name], p.truth, body_seen(p)))
    errors, slid, strays = (np.concatenate(rows) for rows in (limbs, slides, roots))
    still = solver(staged.stage_still().observations)
    step, slow, turn, swapped = (
        stage()
        for stage in (
            staged.stage_step,
            staged.stage_slow,
            staged.stage_turn,
            staged.stage_swapped_turn,
        )
    )
    turned = solver(turn.observations)
    return Figures(
        limb_error_deg=LimbErrors(_compute_spread(errors), by_limb(errors)),
        head_error_deg=_compute_spread(np.concatenate(heads)),
        jitter_deg=float(np.median(measures.jitter(still))),
        jitter_mm=measures.jitter_place(still),
        lag_ms=measures.step_lag(solver(step.observations), step.truth),
        slow_lag_ms=measures.step_lag(solver(slow.observations), slow.truth),
        turn_lag_ms=measures.turn_lag(turned, turn.truth),
        wrong_way_frames=measures.wrong_way(solver(swapped.observations), swapped.truth),
        foot_slide_mm=_compute_spread(slid) if slid.size else None,
        root_error_mm=_compute_spread(strays) if strays.size else None,
    )


def _still_jitter(track: Track) -> dict[int, StillJitter]:
    """Return the jitter of a still picture after warm-up, by seconds shown."""
    out = {}
    for seconds in _STILL_SECONDS:
        if (track.t_ns[-1] - track.t_ns[0]) * 1e-9 + _LENGTH_TOLERANCE_S >= seconds:
            some = track.truncate(round(seconds * 1e9))
            found = float(np.median(measures.jitter(some))), measures.jitter_place(some)
            out[seconds] = StillJitter(*found)
    return out


def _recoveries(solver: Solver) -> dict[str, float]:
    """Return the recovery time by kind of loss."""
    staged_losses = {
        "an arm hidden": staged.stage_hidden_arm(),
        "out of the picture": staged.stage_absence(),
    }
    return {
        name: measures.recovery(solver(loss.observations), loss.truth, loss.back)
        for name, loss in staged_losses.items()
    }


def _face(performances: Sequence[Performance], tracks: dict[str, Track]) -> FaceFigures:
    """Compute the face results over performances with a known and visible face.

    Correlations are means over the performances in which the shape moves.
    """
    found: dict[str, list[float]] = {}
    closures, winks = [], []
    for p in performances:
        if p.truth is None or p.truth.expressions is None:
            continue
        seen = np.array([o.scores is not None for o in p.observations], np.bool_)
        if seen.mean() < _MIN_FACE_SHARE:
            continue
        solved = tracks[p.name]
        for name, value in measures.correlations(solved, p.truth, seen).items():
            found.setdefault(name, []).append(value)
        closures.append(measures.closures(solved, p.truth, seen))
        winks.append(measures.winks(solved, p.truth, seen))
    return FaceFigures(
        correlation={name: float(np.mean(values)) for name, values in found.items()},
        lip_closure_hits=_share(closures),
        wink_hits=_share(winks),
    )


def _share(hits: list[Bools]) -> float | None:
    """Return the share of hits; None without any case."""
    whole = np.concatenate(hits) if hits else np.zeros(0)
    return float(whole.mean()) if whole.size else None


def _measure_costs(performances: Sequence[Performance]) -> dict[str, float]:
    """Measure milliseconds per frame by stage.

    Stages: the whole solve, what body, hands and face each add, the body's fit, and several
    performers solved together. All are medians except `solve_p95`.
    """
    most = max(performances, key=lambda p: sum(o.face is not None for o in p.observations))
    seen = list(most.observations[:_COST_FRAMES])
    handless = [replace(o, left_hand=None, right_hand=None) for o in seen]
    body = [replace(o, face=None, scores=None, head=None) for o in handless]
    whole = _measure_solve_cost(seen)
    without_hands, body_alone = (float(np.median(_measure_solve_cost(o))) for o in (handless, body))
    middle = float(np.median(whole))
    return {
        "solve": middle,
        "solve_p95": float(np.percentile(whole, 95)),
        "body": body_alone,
        "fit": _measure_fit_cost(),
        "two_together": float(np.median(_measure_solve_cost(seen, 2))),
        "four_together": float(np.median(_measure_solve_cost(seen, 4))),
        "face_and_head": max(without_hands - body_alone, 0.0),
        "hands": max(middle - without_hands, 0.0),
    }


def _measure_solve_cost(seen: Sequence[Observation], performers: int = 1) -> Array:
    """Measure milliseconds (n,) per frame of several performers with the same observations.

    The minimum over the runs: other load on the machine is not the solver's cost.
    """
    runs = []
    for _ in range(_COST_RUNS):
        solvers, times = [MotionSolver() for _ in range(performers)], []
        for observation in seen:
            started = time.thread_time_ns()
            solve_together(solvers, [observation] * performers)
            times.append((time.thread_time_ns() - started) * 1e-6)
        runs.append(times)
    least: Array = np.min(runs, axis=0)
    return least


def _measure_fit_cost() -> float:
    """Measure milliseconds of the body's fit, which do not depend on the body."""
    pose = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
    points = body_landmarks(pose, np.zeros(3))
    guess = np.broadcast_to(np.eye(3), (10, 3, 3))
    problem = Problem(guess, points, np.ones(33), ViewRay(0.0, 0.0, 4.0), BoneLengths())
    times = []
    for _ in range(_COST_FRAMES):
        started = time.thread_time_ns()
        refine_bodies([problem])
        times.append((time.thread_time_ns() - started) * 1e-6)
    return float(np.median(times))


def _measure_limb_error(track: Track, performance: Performance) -> Array:
    """Return degrees (m,) in the image between solved limbs and well-seen landmarks."""
    out = []
    for limbs, seen in zip(track.limbs, performance.observations, strict=True):
        if seen.pose is None or seen.visibility is None:
            continue
        flat = np.array(list(seen_directions(seen.pose, seen.size).values()))
        shown = normalise(limbs[:, :2])
        visible = seen.visibility[_ENDS].min(axis=1) >= MIN_VISIBILITY
        cosine = np.clip((flat * shown).sum(axis=1), -1.0, 1.0)
        out.append(np.degrees(np.arccos(cosine))[visible])
    return np.concatenate(out)


def by_limb(errors: Array) -> dict[str, Spread]:
    """Return the spread of errors (m, 8), degrees, by limb."""
    return {bone: _compute_spread(limb) for bone, limb in zip(LIMB_BONES, errors.T, strict=True)}


def _compute_spread(values: Array) -> Spread:
    """Return median and 90th percentile of the finite values."""
    values = values[np.isfinite(values)]
    if not values.size:
        return Spread(float("nan"), float("nan"))
    middle, high = np.percentile(values, (50, 90))
    return Spread(float(middle), float(high))
