"""Test that performers solved together give bit-identical results to each alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.core.records import Motion
from renderer.motion.core.sources import Source
from renderer.motion.fit.problems import Problem
from renderer.motion.fit.refine import refine_bodies
from renderer.motion.performance import Performance, solve_waiting
from renderer.motion.solver import MotionSolver, solve_together

FRAMES = 30
NOISE = (0.01, 0.01, 0.05)


@pytest.fixture
def performances(performer: Any) -> list[list[Observation]]:
    """Return four who move differently: one absent for a while, one visible to the waist only."""
    out = []
    for who in range(4):
        rng = np.random.default_rng(who)
        turns = rng.normal(0.0, 0.6, (2, 3))
        seen = []
        for frame in range(FRAMES):
            bend = np.sin(0.2 * frame + who)
            pose = performer.standing(
                leftUpperArm=(2, turns[0, 0] * bend),
                rightLowerArm=(1, 1.0 + turns[0, 1] * bend),
                leftUpperLeg=(0, -0.4 * bend),
                leftLowerLeg=(0, 0.5 + 0.4 * bend),
            )
            pose = performer.turned(pose, turns[1, 0] * bend)
            seen.append(performer.observe(pose, frame, noise=NOISE, rng=rng))
        out.append(seen)
    for frame in range(8, 14):
        out[1][frame] = Observation(out[1][frame].t_seen_ns, frame, (1, 1))
    waist = np.where(np.arange(33) < 23, 1.0, 0.0).astype(np.float32)
    out[2] = [replace(seen, visibility=waist) for seen in out[2]]
    return out


def same(a: Motion, b: Motion) -> bool:
    return a.t_seen_ns == b.t_seen_ns and all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for name in ("root", "hips_height", "rotations", "expressions", "gaze", "confidence")
    )


def test_whoever_is_solved_along_changes_no_bit(
    performances: list[list[Observation]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tick has new data of random performers; the fit is called once per tick."""
    alone = [
        [solver.solve(observation) for observation in seen]
        for solver, seen in zip(solvers(), performances, strict=True)
    ]
    asked: list[int] = []

    def counted(problems: Sequence[Problem]) -> list[Array]:
        asked.append(len(problems))
        return refine_bodies(problems)

    monkeypatch.setattr("renderer.motion.solver.refine_bodies", counted)
    rng, together, ticks = np.random.default_rng(5), solvers(), 0
    done: list[list[Motion]] = [[] for _ in performances]
    while any(len(motions) < FRAMES for motions in done):
        has_more = [k for k in range(4) if len(done[k]) < FRAMES]
        chosen = [k for k in rng.permutation(has_more).tolist() if rng.random() < 0.8]
        seen = [performances[k][len(done[k])] for k in chosen]
        found = solve_together([together[k] for k in chosen], seen)
        for k, motion in zip(chosen, found, strict=True):
            done[k].append(motion)
        ticks += 1
    assert len(asked) == ticks and max(asked) == 4  # Without hips, the upper body is fitted.
    for wanted, found in zip(alone, done, strict=True):
        assert all(same(a, b) for a, b in zip(wanted, found, strict=True))


def test_what_waits_is_solved_in_its_order(performances: list[list[Observation]]) -> None:
    """However many observations are queued, and whether they are batched or solved when shown."""
    alone, together = ([Performance() for _ in performances] for _ in range(2))
    rng = np.random.default_rng(6)
    taken = [0] * len(performances)
    for frame in range(FRAMES):
        for k, seen in enumerate(performances):
            new = seen[taken[k] : frame + 1] if rng.random() < 0.6 else []
            taken[k] += len(new)
            for observation in new:
                alone[k].push(Source.CAMERA, observation)
                alone[k].at(observation.t_seen_ns)
                together[k].push(Source.CAMERA, observation)
        solve_waiting(together)
        assert not any(one.is_waiting for one in together)
        t_ns = performances[0][frame].t_seen_ns
        for one, other in zip(alone, together, strict=True):
            assert same(one.at(t_ns), other.at(t_ns))


def solvers() -> list[MotionSolver]:
    return [MotionSolver() for _ in range(4)]
