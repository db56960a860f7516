"""The motion benchmark: solve every performance with every solver, and compare with the truth."""

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
from renderer.bench.motion.follow import LIMB_BONES, SEEN
from renderer.bench.motion.follow import limb_directions as seen_directions
from renderer.bench.motion.performance import Bools, Performance
from renderer.bench.motion.report import (
    Calm,
    FaceFigures,
    Figures,
    LimbErrors,
    MotionReport,
    Spread,
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

_FACE_SEEN: Final = 0.5
"""Share of its frames in which a performance has to show a face."""

_STOOD_S: Final = (3, 5, 10, 20)
"""Seconds over which the jitter of a still picture is taken."""

_A_FRAME_S: Final = 0.05
"""A clip of so many seconds ends a frame before them."""

_COSTED: Final = 300
_RUNS: Final = 5
"""Frames on which the cost is measured, and how often."""

_ENDS: Final = np.array([ends for bone, ends in SEGMENTS.items() if not bone.endswith("Foot")])


def run_motion_bench(
    performances: Sequence[Performance], progress: Progress, baseline: Path | None = None
) -> MotionReport:
    """Measure our solver, and Kalidokit where it can be run, on the same landmarks.

    Staged performances (standing still, a sudden move, a turn, losses) are added to those given.

    Args:
        performances: at least one of them with a truth.
        progress: told what is being done.
        baseline: where Kalidokit is or is to be kept; None for the user's cache.

    Raises:
        MotionError: if no performance with a truth was given.
    """
    if not any(p.truth is not None and p.observations for p in performances):
        raise MotionError(
            "The motion benchmark", "no performance with a truth was given", "give one"
        )
    solvers: dict[str, Solver] = {"ours": lambda seen: track.solve(seen)[0]}
    missing = ""
    try:
        package = kalidokit.install(baseline or kalidokit.cache_folder())
        solvers["solver"] = lambda seen: kalidokit.solve(seen, package)
        solvers["eased"] = lambda seen: kalidokit.solve(seen, package, kalidokit.EASED)
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
        stage_ms=_costs(performances),
        kalidokit=figures,
        missing=missing,
        by_performance={
            p.name: {
                name: _spread(measures.limb_errors(tracks[name][p.name], p.truth, body_seen(p)))
                for name in solvers
            }
            for p in performances
            if p.truth is not None and _shows_limbs(p)
        },
        follow_by_clip={
            p.name: {
                name: _spread(_measure_limb_error(tracks[name][p.name], p)) for name in solvers
            }
            for p in performances
            if p.truth is None and not p.still and body_seen(p).any()
        },
        stills={
            p.name: {name: _calm(tracks[name][p.name]) for name in solvers}
            for p in performances
            if p.still
        },
    )


def body_seen(performance: Performance) -> Bools:
    """(n,) the frames in which a body was seen."""
    return np.array([o.pose is not None for o in performance.observations], np.bool_)


def _shows_limbs(performance: Performance) -> bool:
    """Whether any limb is ever in the picture: of a portrait none is."""
    shown = None if performance.truth is None else performance.truth.limbs_shown
    seen = body_seen(performance)
    return bool(seen.any() if shown is None else shown[seen].any())


def _solve_all(
    name: str, solver: Solver, performances: Sequence[Performance], progress: Progress
) -> dict[str, Track]:
    out = {}
    for performance in performances:
        progress(f"solving {performance.name} ({name})")
        out[performance.name] = solver(performance.observations)
    return out


def _figures(
    solver: Solver, performances: Sequence[Performance], tracks: dict[str, Track]
) -> Figures:
    limbs, heads, slides, roots = [], [], [], []
    for p in performances:
        if p.truth is None or p.still:
            continue
        limbs.append(measures.limb_errors(tracks[p.name], p.truth, body_seen(p)))
        heads.append(measures.head_errors(tracks[p.name], p.truth, body_seen(p)))
        slides.append(measures.foot_slide(tracks[p.name], p.truth, body_seen(p)))
        roots.append(measures.root_errors(tracks[p.name], p.truth, body_seen(p)))
    errors, slid, strays = (np.concatenate(rows) for rows in (limbs, slides, roots))
    still = solver(staged.still().observations)
    step, slow, turn, swapped = (
        stage() for stage in (staged.step, staged.slow, staged.turn, staged.stage_swapped_turn)
    )
    turned = solver(turn.observations)
    return Figures(
        limb_error_deg=LimbErrors(_spread(errors), by_limb(errors)),
        head_error_deg=_spread(np.concatenate(heads)),
        jitter_deg=float(np.median(measures.jitter(still))),
        jitter_mm=measures.jitter_place(still),
        lag_ms=measures.step_lag(solver(step.observations), step.truth),
        slow_lag_ms=measures.step_lag(solver(slow.observations), slow.truth),
        turn_lag_ms=measures.turn_lag(turned, turn.truth),
        wrong_way_frames=measures.wrong_way(solver(swapped.observations), swapped.truth),
        foot_slide_mm=_spread(slid) if slid.size else None,
        root_error_mm=_spread(strays) if strays.size else None,
    )


def _calm(track: Track) -> dict[int, Calm]:
    """Jitter of a still picture from when a solver has found its feet, by seconds shown."""
    out = {}
    for seconds in _STOOD_S:
        if (track.t_ns[-1] - track.t_ns[0]) * 1e-9 + _A_FRAME_S >= seconds:
            some = track.first(round(seconds * 1e9))
            found = float(np.median(measures.jitter(some))), measures.jitter_place(some)
            out[seconds] = Calm(*found)
    return out


def _recoveries(solver: Solver) -> dict[str, float]:
    staged_losses = {
        "an arm hidden": staged.stage_hidden_arm(),
        "out of the picture": staged.stage_absence(),
    }
    return {
        name: measures.recovery(solver(loss.observations), loss.truth, loss.back)
        for name, loss in staged_losses.items()
    }


def _face(performances: Sequence[Performance], tracks: dict[str, Track]) -> FaceFigures:
    """Of all performances whose face is known and seen; the mean of those in which it moves."""
    found: dict[str, list[float]] = {}
    closures, winks = [], []
    for p in performances:
        if p.truth is None or p.truth.expressions is None:
            continue
        seen = np.array([o.scores is not None for o in p.observations], np.bool_)
        if seen.mean() < _FACE_SEEN:
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


def _share(told: list[Bools]) -> float | None:
    whole = np.concatenate(told) if told else np.zeros(0)
    return float(whole.mean()) if whole.size else None


def _costs(performances: Sequence[Performance]) -> dict[str, float]:
    """Milliseconds: a whole solve, what body, hands and face each add to it, the body's fit, and
    performers who are solved together.

    All are medians but `solve_p95`.
    """
    most = max(performances, key=lambda p: sum(o.face is not None for o in p.observations))
    seen = list(most.observations[:_COSTED])
    handless = [replace(o, left_hand=None, right_hand=None) for o in seen]
    body = [replace(o, face=None, scores=None, head=None) for o in handless]
    whole = _solve_cost(seen)
    without_hands, body_alone = (float(np.median(_solve_cost(o))) for o in (handless, body))
    middle = float(np.median(whole))
    return {
        "solve": middle,
        "solve_p95": float(np.percentile(whole, 95)),
        "body": body_alone,
        "fit": _fit_cost(),
        "two_together": float(np.median(_solve_cost(seen, 2))),
        "four_together": float(np.median(_solve_cost(seen, 4))),
        "face_and_head": max(without_hands - body_alone, 0.0),
        "hands": max(middle - without_hands, 0.0),
    }


def _solve_cost(seen: Sequence[Observation], performers: int = 1) -> Array:
    """Milliseconds (n,) of each frame of so many performers, who all do the same.

    The least of some runs: what else the machine does is not the solver's cost.
    """
    runs = []
    for _ in range(_RUNS):
        solvers, times = [MotionSolver() for _ in range(performers)], []
        for observation in seen:
            started = time.thread_time_ns()
            solve_together(solvers, [observation] * performers)
            times.append((time.thread_time_ns() - started) * 1e-6)
        runs.append(times)
    least: Array = np.min(runs, axis=0)
    return least


def _fit_cost() -> float:
    """Milliseconds of the body's fit; whom it is fitted to does not matter."""
    pose = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
    points = body_landmarks(pose, np.zeros(3))
    guess = np.broadcast_to(np.eye(3), (10, 3, 3))
    problem = Problem(guess, points, np.ones(33), ViewRay(0.0, 0.0, 4.0), BoneLengths())
    times = []
    for _ in range(_COSTED):
        started = time.thread_time_ns()
        refine_bodies([problem])
        times.append((time.thread_time_ns() - started) * 1e-6)
    return float(np.median(times))


def _measure_limb_error(track: Track, performance: Performance) -> Array:
    """Degrees (m,) in the picture between solved limbs and well-seen landmarks."""
    out = []
    for limbs, seen in zip(track.limbs, performance.observations, strict=True):
        if seen.pose is None or seen.visibility is None:
            continue
        flat = np.array(list(seen_directions(seen.pose, seen.size).values()))
        shown = normalise(limbs[:, :2])
        visible = seen.visibility[_ENDS].min(axis=1) >= SEEN
        cosine = np.clip((flat * shown).sum(axis=1), -1.0, 1.0)
        out.append(np.degrees(np.arccos(cosine))[visible])
    return np.concatenate(out)


def by_limb(errors: Array) -> dict[str, Spread]:
    """Degrees by limb of errors (m, 8)."""
    return {bone: _spread(limb) for bone, limb in zip(LIMB_BONES, errors.T, strict=True)}


def _spread(values: Array) -> Spread:
    values = values[np.isfinite(values)]
    if not values.size:
        return Spread(float("nan"), float("nan"))
    middle, high = np.percentile(values, (50, 90))
    return Spread(float(middle), float(high))
