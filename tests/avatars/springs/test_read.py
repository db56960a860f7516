"""Test reading springs from valid and from invalid files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.errors import AvatarError
from avatars.gltf import Gltf, read_gltf
from avatars.springs import Springs, SpringSimulation, read_springs
from avatars.springs.chains import MAX_JOINTS
from avatars.springs.records import LimitKind, Shape

NODES: list[dict[str, Any]] = [
    {"name": "root", "children": [1, 4]},
    {"translation": [0, -1, 0], "children": [2]},
    {"translation": [0, -0.1, 0], "children": [3]},
    {"translation": [0, -0.1, 0]},
    {"translation": [1, 0, 0]},
]


@pytest.fixture
def read(write_glb: Callable[..., Path]) -> Callable[..., tuple[Gltf, Springs]]:
    def opened(extension: dict[str, Any], **more: Any) -> tuple[Gltf, Springs]:
        old = "boneGroups" in extension
        extensions = (
            {"VRM": {"secondaryAnimation": extension}} if old else {"VRMC_springBone": extension}
        )
        gltf = read_gltf(write_glb({"nodes": NODES, "extensions": extensions, **more}, b""))
        return gltf, read_springs(gltf)

    return opened


def spring(*nodes: int, **more: Any) -> dict[str, Any]:
    return {"joints": [{"node": node} for node in nodes], **more}


def test_defaults_are_those_of_the_schema(read: Callable[..., Any]) -> None:
    _, springs = read({"springs": [spring(1, 2, 3)]})
    (chain,) = springs.chains
    assert [joint.node for joint in chain.joints] == [1, 3, 4]
    joint = chain.joints[0]
    assert (joint.hit_radius, joint.stiffness, joint.gravity_power, joint.drag) == (0, 1, 0, 0.5)
    assert joint.gravity_dir == (0, -1, 0)
    assert chain.center is None
    assert chain.end is None


def test_extended_colliders_replace_their_plain_ones(read: Callable[..., Any]) -> None:
    plain = {"sphere": {"radius": 0, "offset": [0, -1e4, 0]}}
    name = "VRMC_springBone_extended_collider"
    shapes = [
        {"sphere": {"radius": 0.5, "inside": True}},
        {"capsule": {"radius": 0.5, "tail": [0, 1, 0], "inside": True}},
        {"plane": {"normal": [0, 0, 2]}},
        {"torus": {}},
    ]
    gltf, springs = read(
        {
            "colliders": [
                {"node": 0, "shape": plain, "extensions": {name: {"shape": shape}}}
                for shape in shapes
            ]
        }
    )
    sphere, capsule, plane = springs.colliders
    assert (sphere.shape, sphere.inside, sphere.offset) == (Shape.SPHERE, True, (0, 0, 0))
    assert (capsule.shape, capsule.inside, capsule.tail) == (Shape.CAPSULE, True, (0, 1, 0))
    assert (plane.shape, plane.normal) == (Shape.PLANE, (0, 0, 1))
    assert len(gltf.warnings.texts) == 1


def test_limits_are_read_and_kept_in_range(read: Callable[..., Any]) -> None:
    limits = [
        {"cone": {"angle": 9.0}},
        {"hinge": {"angle": 0.5, "rotation": [0, 0.6, 0, 0.8]}},
        {"spherical": {"pitch": 1.0, "yaw": 3.0}},
    ]
    joints = [
        {"node": node, "extensions": {"VRMC_springBone_limit": {"limit": limit}}}
        for node, limit in zip((0, 1, 2), limits, strict=True)
    ]
    _, springs = read({"springs": [{"joints": [*joints, {"node": 3}]}]})
    cone, hinge, spherical, last = (joint.limit for joint in springs.chains[0].joints)
    assert (cone.kind, cone.pitch) == (LimitKind.CONE, math.pi)
    assert (hinge.kind, hinge.pitch, hinge.rotation) == (LimitKind.HINGE, 0.5, (0, 0.6, 0, 0.8))
    assert (spherical.pitch, spherical.yaw) == (1.0, math.pi / 2)
    assert last is None


def test_a_node_swings_in_one_chain_only(read: Callable[..., Any]) -> None:
    gltf, springs = read({"springs": [spring(2, 3), spring(1, 2, 3)]})
    assert [[joint.node for joint in chain.joints] for chain in springs.chains] == [[3, 4], [1, 3]]
    assert len(gltf.warnings.texts) == 1


def test_a_chain_ends_where_it_leaves_its_line(read: Callable[..., Any]) -> None:
    gltf, springs = read({"springs": [spring(1, 2, 4), spring(3, 2)]})
    assert [[joint.node for joint in chain.joints] for chain in springs.chains] == [[1, 3]]
    assert len(gltf.warnings.texts) == 2


def test_skipped_nodes_hang_rigidly_between(read: Callable[..., Any]) -> None:
    gltf, springs = read({"springs": [spring(1, 3)]})
    simulation = SpringSimulation(springs, gltf.tree.nodes)
    assert simulation.joint_count == 1


def test_old_groups_become_chains_with_tails_of_7_cm(read: Callable[..., Any]) -> None:
    gltf, springs = read(
        {
            "boneGroups": [
                {
                    "stiffiness": 2.0,
                    "gravityDir": {"x": 0.5, "y": -1, "z": 0.25},
                    "center": -1,
                    "bones": [0, -1],
                    "colliderGroups": [0],
                }
            ],
            "colliderGroups": [
                {
                    "node": 4,
                    "colliders": [{"offset": {"x": 0.1, "y": 0.2, "z": 0.3}, "radius": 0.4}],
                }
            ],
        }
    )
    first, branch = springs.chains
    assert [joint.node for joint in first.joints] == [0, 1, 3, 4]
    assert first.end == pytest.approx((0, -0.07, 0))
    assert [joint.node for joint in branch.joints] == [2]
    # Rotated to face +Z: +X becomes −X.
    assert branch.end == pytest.approx((-0.07, 0, 0))
    assert first.joints[0].stiffness == 2.0
    # Unity's axes: z is mirrored, then rotated about y.
    assert first.joints[0].gravity_dir == (-0.5, -1, 0.25)
    assert springs.colliders[0].offset == (-0.1, 0.2, 0.3)
    # In 0.x a centre of −1 means none; a bone of −1 is an error.
    (warning,) = gltf.warnings.texts
    assert "bones[1] asks for number -1" in warning


@pytest.mark.parametrize(
    "extension",
    [
        {"springs": 5},
        {"springs": [{"joints": 5}]},
        {"colliderGroups": [{"colliders": 0}]},
        {"springs": [{"joints": [{"node": 1, "stiffness": "hard"}, {"node": 2}]}]},
        {"springs": [{"joints": [{"node": 1, "gravityDir": [0, 1]}, {"node": 2}]}]},
        {"colliders": [{"node": 0, "shape": {"sphere": {"radius": -1}}}]},
        {"colliders": [{"node": 0, "shape": {"sphere": {"radius": 1e300}}}]},
        {"boneGroups": [{"bones": "all"}]},
    ],
)
def test_nonsense_is_an_error_that_states_where(
    read: Callable[..., Any], extension: dict[str, Any]
) -> None:
    with pytest.raises(AvatarError, match=r"made\.glb, extensions"):
        read(extension)


_numbers = st.one_of(
    st.integers(-2, 6), st.floats(-10, 10), st.sampled_from([0, 1e9, -1e9, 1e-30, None, "x", []])
)
_vectors = st.lists(_numbers, min_size=3, max_size=3)
_shapes = st.sampled_from(["sphere", "capsule", "plane"])


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_springs_are_an_error_or_swing_finitely(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    joint = st.fixed_dictionaries(
        {"node": st.integers(0, 4)},
        optional={
            "stiffness": _numbers,
            "dragForce": _numbers,
            "gravityPower": _numbers,
            "gravityDir": _vectors,
            "hitRadius": _numbers,
        },
    )
    shape = st.builds(
        lambda kind, **own: {kind: own},
        _shapes,
        offset=_vectors,
        radius=_numbers,
        tail=_vectors,
        normal=_vectors,
        inside=st.booleans(),
    )
    name = "VRMC_springBone_extended_collider"
    collider = st.builds(
        lambda node, own: {"node": node, "extensions": {name: {"shape": own}}},
        st.integers(0, 4),
        shape,
    )
    extension = {
        "colliders": data.draw(st.lists(collider, max_size=3)),
        "colliderGroups": [{"colliders": [0]}],
        "springs": [
            {"joints": data.draw(st.lists(joint, max_size=5)), "colliderGroups": [0], "center": 0}
        ],
    }
    folder = tmp_path_factory.getbasetemp()
    (folder / "made.gltf").write_text(
        json.dumps(
            {
                "asset": {"version": "2.0"},
                "nodes": NODES,
                "extensions": {"VRMC_springBone": extension},
            }
        )
    )
    try:
        gltf = read_gltf(folder / "made.gltf")
        springs = read_springs(gltf)
    except AvatarError:
        return
    simulation = SpringSimulation(springs, gltf.tree.nodes)
    world = np.tile(np.eye(4, dtype=np.float32), (5, 1, 1))
    for _ in range(3):
        simulation.step(world, 0.02)
        assert np.isfinite(world).all()


def test_more_joints_than_any_avatar_has_are_refused(read: Callable[..., Any]) -> None:
    half = spring(*[3] * (MAX_JOINTS // 2))
    read({"springs": [half, half]})
    with pytest.raises(AvatarError, match=r"springs\[2\]\.joints.* above"):
        read({"springs": [half, half, half]})


def test_more_old_joints_than_any_avatar_has_are_refused(read: Callable[..., Any]) -> None:
    # Each root has three nodes.
    read({"boneGroups": [{"bones": [1] * (MAX_JOINTS // 3)}]})
    with pytest.raises(AvatarError, match=r"boneGroups\[0\]\.bones.* above"):
        read({"boneGroups": [{"bones": [1] * (MAX_JOINTS // 3 + 1)}]})
