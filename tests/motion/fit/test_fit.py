"""Test the differentiable skeleton and its fit: invariants, and recovery of a known pose."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

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
LOOSE = torch.full((1, UNKNOWNS), 1e-6, dtype=torch.float64)


def build(performers: int = 1) -> Proportions:
    """Return the plain skeleton's proportions."""

    offsets = [[0.09, 0.0, 0.0], [0.0, 0.245, 0.0], [0.0, 0.245, 0.0]]
    offsets += [[0.16, 0.0, 0.0], [-0.16, 0.0, 0.0]]
    for arm, leg in ((0.26, 0.39), (0.24, 0.38)):
        offsets += [[arm, 0.0, 0.0], [-arm, 0.0, 0.0], [0.0, -leg, 0.0], [0.0, -leg, 0.0]]
    return Proportions(torch.tensor(offsets, dtype=torch.float64).repeat(performers, 1, 1))


def random_pose(seed: int, performers: int = 1, turn: float = 0.5) -> Pose:
    rng = torch.Generator().manual_seed(seed)
    hips = torch.tensor([0.4, -0.2, -4.0], dtype=torch.float64).repeat(performers, 1)
    turns = turn * torch.randn(performers, 6, 3, generator=rng, dtype=torch.float64)
    bends = 0.3 + 1.5 * torch.rand(performers, 4, generator=rng, dtype=torch.float64)
    return Pose(hips, rotation(turns), bends)


def seen_of(placed: PosedSkeleton) -> Measurements:
    """Return exact measurements of a pose by a pinhole camera, with its depths."""
    points = placed.points
    count = len(points)
    distance = torch.full((count,), 4.0, dtype=torch.float64)
    shown = points[..., :2] * (distance[:, None] / -points[..., 2])[..., None]
    balance = MASSES.clone()
    balance[10:] -= torch.tensor([0.7, 0.3], dtype=torch.float64)
    along = torch.cat((20.0 * DIFFERENCES, 10.0 * balance[None]))
    sums = torch.stack((50.0 * SIGHTS, 50.0 * SIGHTS, along)).repeat(count, 1, 1, 1)
    kept = torch.cat((shown, points[..., 2:]), 2).transpose(1, 2)[..., None]
    return Measurements(distance[:, None, None], sums, sums @ kept)


def autograd(of_step: Any, count: int) -> Tensor:
    """Return the Jacobian (b, rows, 25) at step 0, by torch's automatic differentiation."""
    start = torch.zeros(count, UNKNOWNS, dtype=torch.float64)
    whole = torch.autograd.functional.jacobian(of_step, start)
    return torch.stack([whole[k, ..., k, :] for k in range(count)])


@pytest.mark.parametrize("seed", range(4))
def test_the_geometric_jacobian_is_the_derivative(seed: int) -> None:
    pose, body = random_pose(seed, 2), build(2)
    found = jacobian(pose_skeleton(body, pose)).transpose(1, 2)
    wanted = autograd(lambda step: pose_skeleton(body, apply_step(pose, step)).points, 2)
    torch.testing.assert_close(found, wanted, atol=1e-12, rtol=0.0)


@pytest.mark.parametrize("name", ROWS)
def test_each_residual_s_jacobian_is_its_derivative(name: str) -> None:
    pose, body, rows = random_pose(5, 2), build(2), ROWS[name]
    seen = seen_of(pose_skeleton(body, random_pose(6, 2)))
    placed = pose_skeleton(body, pose)

    def of_step(step: Tensor) -> Tensor:
        after = pose_skeleton(body, apply_step(pose, step))
        return residuals(seen, after, jacobian(after))[0][:, rows, 0]

    found = residuals(seen, placed, jacobian(placed))[1][:, rows]
    torch.testing.assert_close(found, autograd(of_step, 2), atol=1e-9, rtol=0.0)


@pytest.mark.parametrize("name", ROWS)
def test_the_truth_leaves_no_residual(name: str) -> None:
    body = build()
    placed = pose_skeleton(body, random_pose(7))
    rows = residuals(seen_of(placed), placed, jacobian(placed))[0][:, ROWS[name]]
    torch.testing.assert_close(rows, torch.zeros_like(rows), atol=1e-9, rtol=0.0)


def test_the_skeleton_is_the_one_that_motions_pose() -> None:
    """Bones are where forward kinematics of the local rotations places them."""
    pose = random_pose(8)
    turns = pose.turns.clone()
    turns[:, 1] = torch.eye(3)
    pelvis = turns[0, 0]
    # The hips bone is above the middle of the hip joints.
    middle = HIPS_HEIGHT * torch.eye(3, dtype=torch.float64)[1] - 0.05 * pelvis[:, 1]
    pose = Pose(middle[None], turns, pose.bends)
    placed = pose_skeleton(build(), pose)
    rotations = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))
    upper = ("leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg")
    lower = [bone.replace("Upper", "Lower") for bone in upper]
    rotations[0] = from_matrix(pelvis.numpy())
    for k, (first, second) in enumerate(zip(upper, lower, strict=True)):
        rotations[BONE_INDEX[first]] = from_matrix(turns[0, 2 + k].numpy())
        hinge = placed.frames[0, 2 + k].T @ placed.frames[0, LOWER][k]
        rotations[BONE_INDEX[second]] = from_matrix(hinge.numpy())
    _, places = forward_kinematics(rotations, np.zeros(3))
    ends = [b.replace("LowerArm", "Hand").replace("LowerLeg", "Foot") for b in lower]
    wanted = [places[BONE_INDEX[b]] for b in (*upper[:2], *lower[:2], *ends[:2])]
    wanted += [places[BONE_INDEX[b]] for b in (*upper[2:], *lower[2:], *ends[2:])]
    np.testing.assert_allclose(placed.points[0].numpy(), wanted, atol=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_truth_is_found_from_its_projection(seed: int) -> None:
    """From a pose off by some 15° per joint, with an exact pinhole picture.

    Without damping, an arm straightened by a step could roll freely.
    """
    truth, body = random_pose(20 + seed), build()
    rng = torch.Generator().manual_seed(seed)
    astray = 0.25 * torch.randn(1, UNKNOWNS, generator=rng, dtype=torch.float64)
    astray[:, BENDS] *= 0.5
    wanted = pose_skeleton(body, truth)
    pose = apply_step(truth, astray)
    for _ in range(8):
        pose = refine_guesses(body, pose, seen_of(wanted), 1e5 * LOOSE)
    found = pose_skeleton(body, pose)
    assert float((found.points - wanted.points).norm(dim=-1).max()) < 0.002


def test_one_step_is_most_of_the_way() -> None:
    truth, body = random_pose(30), build()
    astray = 0.1 * torch.ones(1, UNKNOWNS, dtype=torch.float64)
    guess, wanted = apply_step(truth, astray), pose_skeleton(body, truth)
    found = pose_skeleton(body, refine_guesses(body, guess, seen_of(wanted), LOOSE))
    # The performer's distance converges more slowly; bones do not depend on it.
    before, after = (
        (SIGHTS[:DEPTHS] @ (points - wanted.points)).norm()
        for points in (pose_skeleton(body, guess).points, found.points)
    )
    assert float(after / before) < 0.35


def test_no_elbow_or_knee_bends_beyond_its_limits() -> None:
    """Not even where the picture requires it, or the initial pose does."""
    truth, body = random_pose(40), build()
    broken = Pose(truth.place, truth.turns, torch.tensor([[-0.8, 3.1, -0.4, 2.9]]).double())
    pose = refine_guesses(body, broken, seen_of(pose_skeleton(body, broken)), LOOSE)
    assert float(pose.bends.min()) >= BEND_LIMITS[0] and float(pose.bends.max()) <= BEND_LIMITS[1]


def test_what_nothing_shows_stays_as_guessed() -> None:
    guess, body = random_pose(50), build()
    blind = seen_of(pose_skeleton(body, random_pose(51)))
    blind = Measurements(blind.distance, 0.0 * blind.sums, 0.0 * blind.asked)
    pose = refine_guesses(body, guess, blind, torch.ones_like(LOOSE))
    torch.testing.assert_close(pose.turns, guess.turns, atol=1e-12, rtol=0.0)


@pytest.mark.parametrize("performers", [2, 3, 4, 7])
def test_performers_at_once_are_each_alone_to_the_bit(performers: int) -> None:
    def fit(seeds: range) -> Tensor:
        poses = [random_pose(seed) for seed in seeds]
        pose = Pose(*(torch.cat([getattr(p, f) for p in poses]) for f in Pose.__slots__))
        body = build(len(seeds))
        away = torch.full((1, UNKNOWNS), 0.05, dtype=torch.float64)
        seen = seen_of(pose_skeleton(body, apply_step(pose, away)))
        return world_rotations(
            refine_guesses(body, pose, seen, (LOOSE + 1.0).repeat(len(seeds), 1))
        )

    for first in range(60, 160, performers):
        seeds = range(first, first + performers)
        alone = torch.cat([fit(range(seed, seed + 1)) for seed in seeds])
        assert torch.equal(fit(seeds), alone)


def test_rotations_of_all_sizes_are_rotations() -> None:
    vectors = torch.tensor([[0.0, 0.0, 0.0], [1e-9, 0.0, 0.0], [0.0, 3.1, 0.0]]).double()
    turns = rotation(vectors)
    eye = torch.eye(3, dtype=torch.float64).expand(3, 3, 3)
    torch.testing.assert_close(turns @ turns.transpose(1, 2), eye, atol=1e-12, rtol=0.0)
    torch.testing.assert_close(turns, torch.linalg.matrix_exp(_skew(vectors)), atol=1e-9, rtol=0.0)


def _skew(v: Tensor) -> Tensor:
    out = torch.zeros(len(v), 3, 3, dtype=v.dtype)
    out[:, 0, 1], out[:, 0, 2], out[:, 1, 2] = -v[:, 2], v[:, 1], -v[:, 0]
    return out - out.transpose(1, 2)


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
