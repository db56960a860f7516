"""Test the differentiable skeleton and its fit: invariants, and recovery of a known pose."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from avatars.maths.quaternions import from_matrix
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.motion.body.solver import BodySolver
from renderer.motion.core.forward import HIPS_HEIGHT, forward_kinematics
from renderer.motion.core.lengths import BoneLengths
from renderer.motion.core.view import ViewRay
from renderer.motion.fit import refine
from renderer.motion.fit.chain import (
    BENDS,
    LOWER,
    UNKNOWNS,
    Pose,
    PosedSkeleton,
    Proportions,
    apply_step,
    jacobian,
    pose_skeleton,
    rotation,
    world_rotations,
)
from renderer.motion.fit.gauss_newton import BEND_LIMITS, refine_guesses
from renderer.motion.fit.problems import Problem
from renderer.motion.fit.residuals import (
    BALANCE,
    DEPTH,
    DEPTHS,
    DIFFERENCES,
    MASSES,
    PICTURE,
    SIGHTS,
    Measurements,
    residuals,
)

ROWS = {"picture": PICTURE, "depth": DEPTH, "balance": BALANCE}
SMALL = 1e-3
"""Step of the differences: of their errors, h⁴ and the rounding by h, neither is large."""
LOOSE = np.full((1, UNKNOWNS), 1e-6)


def build(performers: int = 1) -> Proportions:
    """Return the plain skeleton's proportions."""

    offsets = [[0.09, 0.0, 0.0], [0.0, 0.245, 0.0], [0.0, 0.245, 0.0]]
    offsets += [[0.16, 0.0, 0.0], [-0.16, 0.0, 0.0]]
    for arm, leg in ((0.26, 0.39), (0.24, 0.38)):
        offsets += [[arm, 0.0, 0.0], [-arm, 0.0, 0.0], [0.0, -leg, 0.0], [0.0, -leg, 0.0]]
    return Proportions(np.tile(offsets, (performers, 1, 1)))


def random_pose(seed: int, performers: int = 1, turn: float = 0.5) -> Pose:
    rng = np.random.default_rng(seed)
    hips = np.tile([0.4, -0.2, -4.0], (performers, 1))
    turns = turn * rng.standard_normal((performers, 6, 3))
    bends = 0.3 + 1.5 * rng.random((performers, 4))
    return Pose(hips, rotation(turns), bends)


def seen_of(placed: PosedSkeleton) -> Measurements:
    """Return exact measurements of a pose by a pinhole camera, with its depths."""
    points = placed.points
    count = len(points)
    distance = np.full(count, 4.0)
    shown = points[..., :2] * (distance[:, None] / -points[..., 2])[..., None]
    balance = MASSES.copy()
    balance[10:] -= (0.7, 0.3)
    along = np.concatenate((20.0 * DIFFERENCES, 10.0 * balance[None]))
    sums = np.tile(np.stack((50.0 * SIGHTS, 50.0 * SIGHTS, along)), (count, 1, 1, 1))
    kept = np.concatenate((shown, points[..., 2:]), 2).swapaxes(1, 2)[..., None]
    return Measurements(distance[:, None, None], sums, sums @ kept)


def differentiate(of_step: Callable[[Array], Array], count: int) -> Array:
    """Return the Jacobian (b, ..., 25) at step 0, by differences of fourth order."""
    columns = []
    for unknown in range(UNKNOWNS):
        step = np.zeros((count, UNKNOWNS))
        step[:, unknown] = SMALL
        near = of_step(step) - of_step(-step)
        far = of_step(2.0 * step) - of_step(-2.0 * step)
        columns.append((8.0 * near - far) / (12.0 * SMALL))
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("seed", range(4))
def test_the_geometric_jacobian_is_the_derivative(seed: int) -> None:
    pose, body = random_pose(seed, 2), build(2)
    found = jacobian(pose_skeleton(body, pose)).swapaxes(1, 2)
    wanted = differentiate(lambda step: pose_skeleton(body, apply_step(pose, step)).points, 2)
    np.testing.assert_allclose(found, wanted, atol=1e-10)


@pytest.mark.parametrize("name", ROWS)
def test_each_residual_s_jacobian_is_its_derivative(name: str) -> None:
    pose, body, rows = random_pose(5, 2), build(2), ROWS[name]
    seen = seen_of(pose_skeleton(body, random_pose(6, 2)))
    placed = pose_skeleton(body, pose)

    def of_step(step: Array) -> Array:
        after = pose_skeleton(body, apply_step(pose, step))
        return residuals(seen, after, jacobian(after))[0][:, rows, 0]

    found = residuals(seen, placed, jacobian(placed))[1][:, rows]
    np.testing.assert_allclose(found, differentiate(of_step, 2), atol=1e-7)


@pytest.mark.parametrize("name", ROWS)
def test_the_truth_leaves_no_residual(name: str) -> None:
    body = build()
    placed = pose_skeleton(body, random_pose(7))
    rows = residuals(seen_of(placed), placed, jacobian(placed))[0][:, ROWS[name]]
    np.testing.assert_allclose(rows, 0.0, atol=1e-9)


def test_the_skeleton_is_the_one_that_motions_pose() -> None:
    """Bones are where forward kinematics of the local rotations places them."""
    pose = random_pose(8)
    turns = pose.turns.copy()
    turns[:, 1] = np.eye(3)
    pelvis = turns[0, 0]
    # The hips bone is above the middle of the hip joints.
    middle = HIPS_HEIGHT * np.eye(3)[1] - 0.05 * pelvis[:, 1]
    pose = Pose(middle[None], turns, pose.bends)
    placed = pose_skeleton(build(), pose)
    rotations = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))
    upper = ("leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg")
    lower = [bone.replace("Upper", "Lower") for bone in upper]
    rotations[0] = from_matrix(pelvis)
    for k, (first, second) in enumerate(zip(upper, lower, strict=True)):
        rotations[BONE_INDEX[first]] = from_matrix(turns[0, 2 + k])
        hinge = placed.frames[0, 2 + k].T @ placed.frames[0, LOWER][k]
        rotations[BONE_INDEX[second]] = from_matrix(hinge)
    _, places = forward_kinematics(rotations, np.zeros(3))
    ends = [b.replace("LowerArm", "Hand").replace("LowerLeg", "Foot") for b in lower]
    wanted = [places[BONE_INDEX[b]] for b in (*upper[:2], *lower[:2], *ends[:2])]
    wanted += [places[BONE_INDEX[b]] for b in (*upper[2:], *lower[2:], *ends[2:])]
    np.testing.assert_allclose(placed.points[0], wanted, atol=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_truth_is_found_from_its_projection(seed: int) -> None:
    """From a pose off by some 15° per joint, with an exact pinhole picture.

    Without damping, an arm straightened by a step could roll freely.
    """
    truth, body = random_pose(20 + seed), build()
    astray = 0.25 * np.random.default_rng(seed).standard_normal((1, UNKNOWNS))
    astray[:, BENDS] *= 0.5
    wanted = pose_skeleton(body, truth)
    pose = apply_step(truth, astray)
    for _ in range(8):
        pose = refine_guesses(body, pose, seen_of(wanted), 1e5 * LOOSE)
    found = pose_skeleton(body, pose)
    assert np.linalg.norm(found.points - wanted.points, axis=-1).max() < 0.002


def test_one_step_is_most_of_the_way_from_most_poses() -> None:
    body, shares = build(), []
    for seed in range(20):
        truth = random_pose(seed)
        guess = apply_step(truth, np.full((1, UNKNOWNS), 0.1))
        wanted = pose_skeleton(body, truth)
        found = pose_skeleton(body, refine_guesses(body, guess, seen_of(wanted), LOOSE))
        # The performer's distance converges more slowly; bones do not depend on it.
        before, after = (
            np.linalg.norm(SIGHTS[:DEPTHS] @ (points - wanted.points))
            for points in (pose_skeleton(body, guess).points, found.points)
        )
        shares.append(after / before)
    assert np.median(shares) < 0.25


def test_no_elbow_or_knee_bends_beyond_its_limits() -> None:
    """Not even where the picture requires it, or the initial pose does."""
    truth, body = random_pose(40), build()
    broken = Pose(truth.place, truth.turns, np.array([[-0.8, 3.1, -0.4, 2.9]]))
    pose = refine_guesses(body, broken, seen_of(pose_skeleton(body, broken)), LOOSE)
    assert pose.bends.min() >= BEND_LIMITS[0] and pose.bends.max() <= BEND_LIMITS[1]


def test_what_nothing_shows_stays_as_guessed() -> None:
    guess, body = random_pose(50), build()
    blind = seen_of(pose_skeleton(body, random_pose(51)))
    blind = Measurements(blind.distance, 0.0 * blind.sums, 0.0 * blind.asked)
    pose = refine_guesses(body, guess, blind, np.ones_like(LOOSE))
    np.testing.assert_allclose(pose.turns, guess.turns, atol=1e-12)


@pytest.mark.parametrize("performers", [2, 3, 4, 7])
def test_performers_at_once_are_each_alone_to_the_bit(performers: int) -> None:
    def fit(seeds: range) -> Array:
        poses = [random_pose(seed) for seed in seeds]
        pose = Pose(*(np.concatenate([getattr(p, f) for p in poses]) for f in Pose.__slots__))
        body = build(len(seeds))
        away = np.full((1, UNKNOWNS), 0.05)
        seen = seen_of(pose_skeleton(body, apply_step(pose, away)))
        return world_rotations(
            refine_guesses(body, pose, seen, (LOOSE + 1.0).repeat(len(seeds), axis=0))
        )

    for first in range(60, 160, performers):
        seeds = range(first, first + performers)
        alone = np.concatenate([fit(range(seed, seed + 1)) for seed in seeds])
        np.testing.assert_array_equal(fit(seeds), alone)


def test_rotations_of_all_sizes_are_rotations() -> None:
    vectors = np.array([[0.0, 0.0, 0.0], [1e-9, 0.0, 0.0], [0.0, 3.1, 0.0]])
    turns = rotation(vectors)
    np.testing.assert_allclose(turns @ turns.swapaxes(1, 2), [np.eye(3)] * 3, atol=1e-12)
    np.testing.assert_allclose(turns, Rotation.from_rotvec(vectors).as_matrix(), atol=1e-9)


def test_numbers_too_large_for_a_solution_give_no_step() -> None:
    guess, body = random_pose(50), build()
    seen = seen_of(pose_skeleton(body, random_pose(51)))
    huge = Measurements(seen.distance, np.full_like(seen.sums, 1e150), seen.asked)
    pose = refine_guesses(body, guess, huge, LOOSE)
    assert np.isfinite(pose.turns).all()


def asked(monkeypatch: pytest.MonkeyPatch, performer: Any) -> Problem:
    """Return the problem that a solver passes to the fit in the last of some frames."""
    calls: list[Problem] = []

    def noted(problems: Sequence[Problem]) -> list[Array]:
        calls.extend(problems)
        return refine.refine_bodies(problems)

    monkeypatch.setattr("renderer.motion.solver.refine_bodies", noted)
    performer.settle(performer.standing(leftLowerArm=(1, -1.0)), frames=5)
    return calls[-1]


def test_a_fit_without_numbers_leaves_the_guess(
    monkeypatch: pytest.MonkeyPatch, performer: Any
) -> None:
    problem = asked(monkeypatch, performer)
    blind = replace(problem, points=problem.points * np.nan)
    nowhere = replace(problem, sight=ViewRay(np.nan, 0.0, 4.0), lengths=BoneLengths())
    alone, *_ = refine.refine_bodies([problem])
    found = refine.refine_bodies([blind, problem, nowhere])
    assert found[0] is blind.guess
    assert found[2] is nowhere.guess
    np.testing.assert_array_equal(found[1], alone)
    assert np.abs(alone - problem.guess).max() > 0.0


def test_the_fit_costs_no_more_than_a_few_closed_forms(
    monkeypatch: pytest.MonkeyPatch, performer: Any
) -> None:
    """The minimum of many runs, which is robust against other load."""
    problem = asked(monkeypatch, performer)
    solver, rotations = BodySolver(), np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))
    seen = problem.points, problem.visibility
    fits, forms = [], []
    for k in range(200):
        started = time.perf_counter()
        refine.refine_bodies([problem])
        fits.append(time.perf_counter() - started)
        started = time.perf_counter()
        # Without a sight the fit is not called.
        t_ns, leapt = k * 33_333_333, np.zeros(2, np.bool_)
        steps = solver.solve(*seen, True, 1.0, t_ns, 1 / 30, 0.0, None, False, leapt, rotations)
        assert next(steps, None) is None
        forms.append(time.perf_counter() - started)
    assert min(fits) < 4.0 * min(forms)
