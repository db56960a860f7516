"""Test laws that hold for springs of any shape."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from avatars.springs.records import Collider, Limit, LimitKind, Shape, SpringJoint

LINK = 0.1
LOOSE = SpringJoint(node=0, stiffness=0.6, gravity_power=0.5, drag=0.2)


def still(_: float) -> tuple[float, float, float]:
    return 0.0, 0.0, 0.0


def dance(t: float) -> tuple[float, float, float]:
    return 0.3 * math.sin(4.0 * t), 0.1 * math.sin(7.0 * t), 0.2 * math.cos(3.0 * t)


def lengths(positions: Any) -> Any:
    return np.linalg.norm(np.diff(positions, axis=-2), axis=-1)


def test_bones_keep_their_length(chain: Callable[..., Any]) -> None:
    positions = chain(LOOSE).positions(3.0, 60.0, dance)
    assert np.abs(lengths(positions) - LINK).max() < 1e-5


@pytest.mark.parametrize("rate", [30, 50, 144])
def test_frame_rate_changes_nothing_that_is_seen(chain: Callable[..., Any], rate: int) -> None:
    """Positions at common times match those at 60 Hz while the root moves at up to 1.5 m/s."""
    expected = chain(LOOSE).positions(4.0, 60.0, dance)
    positions = chain(LOOSE).positions(4.0, float(rate), dance)
    common = math.gcd(60, rate)
    ours = positions[rate // common - 1 :: rate // common]
    theirs = expected[60 // common - 1 :: 60 // common]
    assert np.linalg.norm(ours - theirs, axis=2).max() < 0.004


def test_uneven_frames_land_where_even_ones_do(chain: Callable[..., Any]) -> None:
    random = np.random.default_rng(5)
    own, even = chain(LOOSE), chain(LOOSE)
    expected = even.positions(2.0, 60.0, dance)
    world, t = own.rest.copy(), 0.0
    world[:, :3, 3] += np.array(dance(0.0), np.float32)
    own.simulation.reset(world)
    while t < 2.0:
        passed = min(random.uniform(0.003, 0.04), 2.0 - t)
        t += passed
        world[:] = own.rest
        world[:, :3, 3] += np.array(dance(t), np.float32)
        own.simulation.step(world, passed)
    assert np.linalg.norm(world[:, :3, 3] - expected[-1], axis=1).max() < 0.004


def test_motion_dies_with_drag(chain: Callable[..., Any]) -> None:
    """The amplitude about the rest pose decreases in every half second."""
    positions = chain(LOOSE).positions(6.0, 60.0, still)
    speed = np.linalg.norm(np.diff(positions, axis=0), axis=2).max(axis=1) * 60.0
    strongest = [speed[k : k + 30].max() for k in range(0, len(speed) - 29, 30)]
    assert all(a >= b - 1e-9 for a, b in itertools.pairwise(strongest))
    assert strongest[-1] < 1e-4


def test_hangs_along_gravity_without_stiffness(chain: Callable[..., Any]) -> None:
    limp = SpringJoint(node=0, stiffness=0.0, gravity_power=1.0, drag=0.4)
    last = chain(limp).positions(15.0, 60.0, still)[-1]
    hanging = np.diff(last[1:], axis=0) / LINK
    assert np.abs(hanging - [0.0, -1.0, 0.0]).max() < 1e-3


def test_returns_to_rest_without_gravity(chain: Callable[..., Any]) -> None:
    own = chain(SpringJoint(node=0, stiffness=1.0, drag=0.4))

    def shaken_then_still(t: float) -> tuple[float, float, float]:
        return dance(min(t, math.pi))

    last = own.positions(12.0, 60.0, shaken_then_still)[-1]
    assert np.abs(last - own.rest[:, :3, 3] - dance(math.pi)).max() < 1e-4


@pytest.mark.parametrize(
    ("collider", "outside"),
    [
        (
            Collider(0, Shape.SPHERE, (0.16, -0.3, 0.0), 0.1),
            lambda p: np.linalg.norm(p - [0.16, -0.3, 0.0], axis=-1) - 0.1,
        ),
        (
            Collider(0, Shape.CAPSULE, (0.16, -0.3, -0.3), 0.1, tail=(0.16, -0.3, 0.3)),
            lambda p: np.linalg.norm(p[..., :2] - [0.16, -0.3], axis=-1) - 0.1,
        ),
        (
            Collider(0, Shape.PLANE, (0.0, -0.15, 0.0), normal=(0.0, 1.0, 0.0)),
            lambda p: p[..., 1] + 0.15,
        ),
        (
            Collider(0, Shape.SPHERE, (0.3, 0.0, 0.0), 0.42, inside=True),
            lambda p: 0.42 - np.linalg.norm(p - [0.3, 0.0, 0.0], axis=-1),
        ),
        (
            Collider(0, Shape.CAPSULE, (0, 0, 0), 0.2, tail=(0.8, 0, 0), inside=True),
            lambda p: 0.2 - np.linalg.norm(p[..., 1:], axis=-1),
        ),
    ],
    ids=["sphere", "capsule", "plane", "inside-sphere", "inside-capsule"],
)
def test_tails_do_not_enter_colliders(
    chain: Callable[..., Any], collider: Collider, outside: Callable[[Any], Any]
) -> None:
    """The length constraint is applied last and reduces part of the hit radius, never all."""
    heavy = SpringJoint(node=0, stiffness=0.05, gravity_power=1.0, drag=0.5, hit_radius=0.02)
    free = chain(heavy).positions(3.0, 60.0, still)
    kept = chain(heavy, colliders=(collider,)).positions(3.0, 60.0, still)
    root = kept[:, :1]
    assert outside(free - root)[-1, 2:].min() < 0.0, "the chain would not even touch it"
    # The first tail cannot move further than its own length allows.
    assert outside(kept - root)[60:, 3:].min() > 0.0


@pytest.mark.parametrize(
    ("limit", "within"),
    [
        (Limit(LimitKind.CONE, 0.5), lambda d: d[..., 0] >= math.cos(0.5) - 1e-6),
        (Limit(LimitKind.HINGE, 0.4), lambda d: d[..., 0] >= math.cos(0.4) - 1e-6),
        (Limit(LimitKind.SPHERICAL, 0.4, 0.3), lambda d: np.abs(d[..., 1]) <= math.sin(0.3) + 1e-6),
    ],
    ids=["cone", "hinge", "spherical"],
)
def test_a_joint_stays_within_its_limit(
    chain: Callable[..., Any], limit: Limit, within: Callable[[Any], Any]
) -> None:
    limp = SpringJoint(node=0, stiffness=0.0, gravity_power=1.0, drag=0.4, limit=limit)
    positions = chain(limp, links=1).positions(2.0, 60.0, dance)
    ways = (positions[:, 2] - positions[:, 1]) / LINK
    assert np.all(within(ways))
    free = chain(SpringJoint(node=0, stiffness=0.0, gravity_power=1.0), links=1)
    swung = free.positions(2.0, 60.0, dance)
    assert not np.all(within((swung[:, 2] - swung[:, 1]) / LINK))


def test_a_hinge_turns_about_its_own_axis_only(chain: Callable[..., Any]) -> None:
    """Its x axis: the bone points to +X, onto which the limit's +Y is rotated about −Z."""
    limit = Limit(LimitKind.HINGE, math.pi)
    own = chain(SpringJoint(node=0, stiffness=0.2, gravity_power=0.3, limit=limit), links=1)
    positions = own.positions(2.0, 60.0, dance)
    assert np.abs(positions[:, 2, 1] - positions[:, 1, 1]).max() < 1e-6


def test_reset_forgets_all_motion(chain: Callable[..., Any]) -> None:
    own = chain(SpringJoint(node=0, stiffness=1.0))
    own.positions(1.0, 60.0, dance)
    far = own.rest.copy()
    far[:, :3, 3] += 50.0
    own.simulation.reset(far)
    world = far.copy()
    own.simulation.step(world, 1.0 / 60.0)
    assert np.abs(world - far).max() < 1e-5


@pytest.mark.parametrize(("metres", "felt"), [(0.4, True), (5.0, False)])
def test_a_fast_move_is_felt_and_a_jump_to_another_place_is_not(
    chain: Callable[..., Any], metres: float, felt: bool
) -> None:
    own = chain(SpringJoint(node=0, stiffness=1.0))
    own.positions(1.0, 60.0, still)
    far = own.rest.copy()
    far[:, :3, 3] += (metres, 0.0, metres / 2.0)
    world = far.copy()
    own.simulation.step(world, 1.0 / 60.0)
    assert (np.abs(world - far).max() > 0.01) == felt


def test_center_space_does_not_feel_its_own_motion(chain: Callable[..., Any]) -> None:
    own = chain(SpringJoint(node=0, stiffness=1.0), center=0)
    positions = own.positions(2.0, 60.0, dance)
    assert np.abs(
        positions - positions[:, :1] - (own.rest[:, :3, 3] - own.rest[0, :3, 3])
    ).max() < (1e-5)


def test_what_hangs_from_a_joint_moves_rigidly_with_it(chain: Callable[..., Any]) -> None:
    own = chain(LOOSE)
    world = own.rest.copy()
    for _ in range(60):
        world[:] = own.rest
        own.simulation.step(world, 1.0 / 60.0)
    last, tip = world[-2].astype(np.float64), world[-1].astype(np.float64)
    local = np.linalg.inv(last) @ tip
    expected = np.linalg.inv(own.rest[-2].astype(np.float64)) @ own.rest[-1]
    assert np.abs(local - expected).max() < 1e-5


@pytest.mark.parametrize("seconds", [0.0, -1.0, 3600.0])
def test_any_passage_of_time_is_borne(chain: Callable[..., Any], seconds: float) -> None:
    own = chain(LOOSE)
    world = own.rest.copy()
    for _ in range(3):
        world[:] = own.rest
        own.simulation.step(world, seconds)
        assert np.isfinite(world).all()


def test_recovers_from_a_pose_that_was_not_finite(chain: Callable[..., Any]) -> None:
    own = chain(LOOSE)
    world = own.rest.copy()
    own.simulation.step(world, 1.0 / 60.0)
    world[:] = np.nan
    own.simulation.step(world, 1.0 / 60.0)
    for _ in range(3):
        world[:] = own.rest
        own.simulation.step(world, 1.0 / 60.0)
    assert np.isfinite(world).all()
    assert np.abs(lengths(world[:, :3, 3]) - LINK).max() < 1e-5
