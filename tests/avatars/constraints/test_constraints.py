"""Test node constraints: the three kinds, their evaluation order, and invalid ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from avatars.constraints import Constraint, NodeConstraints, read_constraints
from avatars.constraints.read import MAX_CONSTRAINTS
from avatars.constraints.records import ConstraintKind
from avatars.errors import AvatarError
from avatars.gltf import Gltf, read_gltf
from avatars.maths import quaternions, vectors
from avatars.model import Nodes
from avatars.rest import rest_world

X, Y, Z = np.eye(3)


def about(axis: Any, angle: float) -> Any:
    return quaternions.from_axis_angle(np.asarray(axis, np.float64), angle)


def made_nodes(parents: list[int], rotations: dict[int, Any] | None = None) -> Nodes:
    count = len(parents)
    turns = np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1))
    for node, turn in (rotations or {}).items():
        turns[node] = turn
    return Nodes(
        names=("",) * count,
        parents=np.array(parents, np.int32),
        translation=np.tile(np.array([0, 1, 0], np.float32), (count, 1)),
        rotation=turns,
        scale=np.ones((count, 3), np.float32),
    )


def posed(nodes: Nodes, turns: dict[int, Any]) -> npt.NDArray[np.float32]:
    """Return the world matrices after replacing some nodes' local rotations."""
    quaternions = nodes.rotation.copy()
    for node, turn in turns.items():
        quaternions[node] = turn
    moved = Nodes(nodes.names, nodes.parents, nodes.translation, quaternions, nodes.scale)
    return rest_world(moved).astype(np.float32)


def turn_of(world: Any, node: int) -> Any:
    return quaternions.from_matrix(world[node, :3, :3])


def same(a: Any, b: Any) -> bool:
    return float(quaternions.angle_between(np.asarray(a), np.asarray(b))) < 1e-3


@pytest.mark.parametrize("weight", [0.0, 0.25, 1.0])
def test_roll_takes_the_twist_and_leaves_the_swing(weight: float) -> None:
    nodes = made_nodes([-1, 0, 0])
    constraint = Constraint(ConstraintKind.ROLL, 2, 1, (1.0, 0.0, 0.0), weight)
    swing, twist = about(Z, 0.7), about(X, 0.8)
    world = posed(nodes, {1: quaternions.multiply(swing, twist)})
    NodeConstraints([constraint], nodes).apply(world)
    assert same(turn_of(world, 2), about(X, 0.8 * weight))


@pytest.mark.parametrize("axis", [X, -X, Y, -Y, Z, -Z])
def test_aim_points_its_axis_at_the_source(axis: Any) -> None:
    nodes = made_nodes([-1, 0, 0], {2: about((0.6, 0.0, 0.8), 1.1)})
    world = posed(nodes, {0: about(Y, 0.5)})
    world[1, :3, 3] = (2.0, -1.0, 0.5)
    own = Constraint(ConstraintKind.AIM, 2, 1, tuple(axis.tolist()))
    NodeConstraints([own], nodes).apply(world)
    way = vectors.normalise(world[1, :3, 3] - world[2, :3, 3])
    assert np.allclose(world[2, :3, :3] @ axis, way, atol=1e-5)


def test_rotation_copies_the_change_in_each_ones_own_space() -> None:
    nodes = made_nodes([-1, 0, 0], {1: about(X, 0.4), 2: about(Y, -0.9)})
    change = about((0.0, 0.6, 0.8), 0.5)
    world = posed(nodes, {1: quaternions.multiply(about(X, 0.4), change)})
    NodeConstraints([Constraint(ConstraintKind.ROTATION, 2, 1)], nodes).apply(world)
    assert same(turn_of(world, 2), quaternions.multiply(about(Y, -0.9), change))


def test_what_hangs_below_moves_along_and_the_rest_stays() -> None:
    nodes = made_nodes([-1, 0, 0, 2, 3])
    world = posed(nodes, {1: about(Z, math.pi / 2)})
    before = world.copy()
    NodeConstraints([Constraint(ConstraintKind.ROTATION, 2, 1)], nodes).apply(world)
    assert np.allclose(world[:2], before[:2])
    assert np.allclose(world[3, :3, 3], (-1.0, 2.0, 0.0), atol=1e-6)
    assert np.allclose(world[4, :3, 3], (-2.0, 2.0, 0.0), atol=1e-6)


def test_at_rest_nothing_turns() -> None:
    nodes = made_nodes([-1, 0, 0, 0], {i: about(Z, 0.3 * i) for i in range(4)})
    world = posed(nodes, {})
    before = world.copy()
    own = [Constraint(ConstraintKind.ROTATION, 2, 1), Constraint(ConstraintKind.ROLL, 3, 1)]
    NodeConstraints(own, nodes).apply(world)
    assert np.allclose(world, before, atol=1e-6)


def test_aim_at_its_own_place_keeps_rest() -> None:
    nodes = made_nodes([-1, 0, 0])
    world = posed(nodes, {})
    NodeConstraints([Constraint(ConstraintKind.AIM, 2, 1)], nodes).apply(world)
    assert np.allclose(world, posed(nodes, {}), atol=1e-6)


Read = Callable[[dict[int, dict[str, Any]]], tuple[Gltf, tuple[Constraint, ...]]]


@pytest.fixture
def read(write_glb: Callable[..., Path]) -> Read:
    """Return a reader of four nodes, 0 above 1 above 2, and 3 alone, with constraints by node."""

    def opened(own: dict[int, dict[str, Any]]) -> tuple[Gltf, tuple[Constraint, ...]]:
        nodes: list[dict[str, Any]] = [{"children": [1]}, {"children": [2]}, {}, {}]
        for node, constraint in own.items():
            nodes[node]["extensions"] = {
                "VRMC_node_constraint": {"specVersion": "1.0", "constraint": constraint}
            }
        gltf = read_gltf(write_glb({"nodes": nodes}, b""))
        return gltf, read_constraints(gltf)

    return opened


def test_constraints_come_after_those_they_depend_on(read: Read) -> None:
    gltf, constraints = read(
        {
            0: {"rotation": {"source": 3}},
            3: {"roll": {"source": 1, "rollAxis": "Y"}},
            1: {"rotation": {"source": 2, "weight": 2.0}},
        }
    )
    names = [gltf.tree.place.index(own.node) for own in constraints]
    assert names == [1, 3, 0]
    assert constraints[0].weight == 1.0
    assert gltf.warnings.texts == ()


def test_circles_do_nothing_and_are_reported(read: Read) -> None:
    gltf, constraints = read(
        {
            0: {"rotation": {"source": 3}},
            3: {"rotation": {"source": 0}},
            1: {"rotation": {"source": 1}},
            2: {"aim": {"source": 3, "aimAxis": "NegativeZ"}},
        }
    )
    assert [own.kind for own in constraints] == [ConstraintKind.AIM]
    assert constraints[0].axis == (0, 0, -1)
    assert len(gltf.warnings.texts) == 2


@pytest.mark.parametrize(
    "constraint",
    [
        {"roll": {"source": 0}},
        {"roll": {"source": 0, "rollAxis": "W"}},
        {"aim": {"source": 0, "aimAxis": "X"}},
        {"rotation": {"source": 0, "weight": "half"}},
        {"rotation": []},
    ],
)
def test_nonsense_is_an_error_that_states_where(read: Read, constraint: dict[str, Any]) -> None:
    with pytest.raises(AvatarError, match=r"nodes\[2\]\.extensions"):
        read({2: constraint})


def test_an_unknown_kind_is_reported_and_left_out(read: Read) -> None:
    gltf, constraints = read({2: {"scale": {"source": 0}}})
    assert constraints == ()
    assert len(gltf.warnings.texts) == 1


def test_more_than_any_avatar_needs_are_refused(write_glb: Callable[..., Path]) -> None:
    constraint = {"specVersion": "1.0", "constraint": {"rotation": {"source": 0}}}
    node = {"extensions": {"VRMC_node_constraint": constraint}}
    gltf = read_gltf(write_glb({"nodes": [{}, *[node] * (MAX_CONSTRAINTS + 1)]}, b""))
    with pytest.raises(AvatarError, match=f"more than {MAX_CONSTRAINTS}"):
        read_constraints(gltf)
