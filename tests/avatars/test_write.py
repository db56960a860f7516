"""Test that a written file has the avatar's content and conforms to glTF."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from avatars import load_avatar
from avatars.constraints.records import Constraint, ConstraintKind
from avatars.errors import AvatarError
from avatars.instance import AvatarInstance
from avatars.model import Avatar, ColorBind, UvBind
from avatars.springs.records import (
    Collider,
    ColliderGroup,
    Shape,
    SpringChain,
    SpringJoint,
    Springs,
)
from avatars.write import write_vrm
from avatars.write.buffers import BufferWriter

IDOL = Path(__file__).resolve().parents[2] / "avatars" / "library" / "idol.vrm"
KINDS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
TYPES = {5121: "<u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}


@pytest.fixture(scope="module")
def idol() -> Avatar:
    return load_avatar(IDOL)


def chunks(data: bytes) -> tuple[dict[str, Any], bytes]:
    size = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + size]), data[20 + size + 8 :]


def assert_same(one: Any, other: Any, where: str) -> None:
    """Assert equality field by field."""
    if is_dataclass(one):
        for field in fields(one):
            if field.name not in {"path", "sha256"}:
                name = f"{where}.{field.name}"
                assert_same(getattr(one, field.name), getattr(other, field.name), name)
    elif isinstance(one, np.ndarray):
        np.testing.assert_allclose(other, one, rtol=1e-6, atol=1e-7, err_msg=where)
    elif isinstance(one, tuple) and one and not isinstance(one[0], str):
        assert len(one) == len(other), where
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{where}[{i}]")
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-6, abs=1e-7), where
    else:
        assert one == other, where


def test_what_is_written_reads_back_the_same(idol: Avatar, tmp_path: Path) -> None:
    path = tmp_path / "again.vrm"
    path.write_bytes(write_vrm(idol))
    again = load_avatar(path)
    # The reader appends its own material for primitives that name none.
    again = replace(again, materials=again.materials[: len(idol.materials)])
    assert_same(idol, again, "avatar")


def test_constraints_and_material_binds_read_back_the_same(idol: Avatar, tmp_path: Path) -> None:
    bones = idol.bones
    made = replace(
        idol,
        constraints=(
            Constraint(ConstraintKind.ROLL, bones["leftLowerArm"], bones["leftHand"], weight=0.5),
            Constraint(
                ConstraintKind.AIM, bones["rightHand"], bones["head"], axis=(0.0, -1.0, 0.0)
            ),
            Constraint(ConstraintKind.ROTATION, bones["rightFoot"], bones["leftFoot"]),
        ),
        expressions=(
            replace(
                idol.expressions[0],
                color_binds=(ColorBind(0, "base_color", (0.5, 0.25, 1.0, 1.0)),),
                uv_binds=(UvBind(0, (0.5, 0.25), (1.0, 0.5)),),
            ),
            *idol.expressions[1:],
        ),
    )
    path = tmp_path / "again.vrm"
    path.write_bytes(write_vrm(made))
    again = load_avatar(path)
    assert set(again.constraints) == set(made.constraints)
    first = made.expressions[0]
    (same,) = (e for e in again.expressions if e.name == first.name)
    assert (same.color_binds, same.uv_binds) == (first.color_binds, first.uv_binds)
    assert again.warnings == ()


def test_tangents_and_turned_normals_read_back_the_same(
    tiny_avatar: Avatar, tmp_path: Path
) -> None:
    mesh = tiny_avatar.meshes[0]
    part = mesh.primitives[0]
    along = np.tile(np.float32((0.6, 0.8, 0.0, 1.0)), (len(part.position), 1))
    along[::2, 3] = -1.0
    first = part.targets[0]
    bent = np.random.default_rng(2).normal(size=(2, len(first.indices), 3)).astype(np.float32)
    target = replace(first, normal=bent[0], tangent=bent[1])
    made = replace(part, tangent=along, targets=(target, *part.targets[1:]))
    avatar = replace(tiny_avatar, meshes=(replace(mesh, primitives=(made,)),))
    path = tmp_path / "tangents.vrm"
    path.write_bytes(write_vrm(avatar))
    again = load_avatar(path).meshes[0].primitives[0]
    assert again.tangent is not None
    assert np.allclose(again.tangent, along, atol=1e-6)
    assert_same(target, again.targets[0], "target")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_thumbnail_is_kept_byte_for_byte(tiny_avatar: Avatar, tmp_path: Path, kind: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 90)).save(picture, kind)
    path = tmp_path / "thumbnail.vrm"
    path.write_bytes(write_vrm(replace(tiny_avatar, thumbnail=picture.getvalue())))
    again = load_avatar(path)
    assert again.thumbnail == picture.getvalue()
    assert len(again.textures) == len(tiny_avatar.textures)
    assert again.warnings == ()


@pytest.mark.parametrize("wrong", [99, -1, "cover"])
def test_a_lost_thumbnail_is_reported_and_tolerated(
    tiny_file: bytes, edited: Any, wrong: int | str
) -> None:
    def change(root: dict[str, Any]) -> None:
        root["extensions"]["VRMC_vrm"]["meta"]["thumbnailImage"] = wrong

    avatar = load_avatar(edited(tiny_file, change))
    assert avatar.thumbnail == b""
    assert any("thumbnail" in warning for warning in avatar.warnings)


def test_an_old_thumbnail_becomes_a_new_one(shared_data: Path, tmp_path: Path) -> None:
    old = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")
    assert old.thumbnail
    path = tmp_path / "new.vrm"
    path.write_bytes(write_vrm(old))
    assert load_avatar(path).thumbnail == old.thumbnail


def test_an_emission_brighter_than_the_factor_goes_reads_back_the_same(
    tiny_avatar: Avatar, tmp_path: Path
) -> None:
    glow = ColorBind(0, "emissive", (6.0, 1.5, 0.0, 1.0))
    made = replace(
        tiny_avatar,
        materials=(replace(tiny_avatar.materials[0], emissive=(3.0, 2.0, 0.5)),),
        meshes=tuple(
            replace(mesh, primitives=tuple(replace(p, material=0) for p in mesh.primitives))
            for mesh in tiny_avatar.meshes
        ),
        expressions=(replace(tiny_avatar.expressions[0], color_binds=(glow,)),),
    )
    path = tmp_path / "bright.vrm"
    path.write_bytes(write_vrm(made))
    document, _ = chunks(path.read_bytes())
    assert max(document["materials"][0]["emissiveFactor"]) == 1.0
    assert "KHR_materials_emissive_strength" in document["extensionsUsed"]
    again = load_avatar(path)
    assert again.materials[0].emissive == pytest.approx((3.0, 2.0, 0.5))
    assert again.expressions[0].color_binds[0].value == pytest.approx((6.0, 1.5, 0.0, 1.0))


def test_the_same_avatar_gives_the_same_bytes(idol: Avatar) -> None:
    assert write_vrm(idol) == write_vrm(idol)


def test_views_are_aligned_apart_and_inside_the_buffer() -> None:
    document, binary = chunks(IDOL.read_bytes())
    end = 0
    for view in document["bufferViews"]:
        assert view["byteOffset"] % 4 == 0
        assert view["byteOffset"] >= end
        end = view["byteOffset"] + view["byteLength"]
    assert end <= document["buffers"][0]["byteLength"] <= len(binary)


def test_accessors_fit_their_views_and_state_their_true_bounds() -> None:
    document, binary = chunks(IDOL.read_bytes())

    def read(view: int, component: int, width: int) -> np.ndarray[Any, Any]:
        place = document["bufferViews"][view]
        data = binary[place["byteOffset"] :][: place["byteLength"]]
        return np.frombuffer(data, TYPES[component]).reshape(-1, width)

    for accessor in document["accessors"]:
        width, component = KINDS[accessor["type"]], accessor["componentType"]
        values = np.zeros((accessor["count"], width))
        if "bufferView" in accessor:
            values = read(accessor["bufferView"], component, width)
            assert len(values) == accessor["count"]
        if "sparse" in accessor:
            sparse = accessor["sparse"]
            index = sparse["indices"]
            rows = read(index["bufferView"], index["componentType"], 1).ravel().astype(int)
            assert len(rows) == sparse["count"]
            assert np.all(np.diff(rows) > 0)
            assert rows[-1] < accessor["count"]
            values[rows] = read(sparse["values"]["bufferView"], component, width)
        if "min" in accessor:
            np.testing.assert_array_equal(values.min(axis=0), accessor["min"])
            np.testing.assert_array_equal(values.max(axis=0), accessor["max"])


@given(
    st.integers(1, 70_000).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), max_size=20))
    )
)
def test_sparse_accessors_choose_an_index_type_that_holds_every_row(
    case: tuple[int, set[int]],
) -> None:
    count, rows = case
    writer = BufferWriter()
    indices = np.array(sorted(rows), np.uint32)
    writer.add_sparse(indices, np.ones((len(rows), 3), np.float32), count)
    (accessor,) = writer.accessors
    if not rows:
        assert "sparse" not in accessor
        return
    index = accessor["sparse"]["indices"]
    view = writer.views[index["bufferView"]]
    stored = bytes(writer.data[view["byteOffset"] :][: view["byteLength"]])
    np.testing.assert_array_equal(np.frombuffer(stored, TYPES[index["componentType"]]), indices)
    assert accessor["min"] == ([1.0] * 3 if len(rows) == count else [0.0] * 3)


def test_springs_are_written_as_the_reader_finds_them(idol: Avatar, tmp_path: Path) -> None:
    arm = [idol.bones[f"left{bone}"] for bone in ("UpperArm", "LowerArm", "Hand")]
    head = idol.bones["head"]
    collider = Collider(head, Shape.CAPSULE, (0.0, 0.1, 0.0), 0.09, (0.0, 0.2, 0.0))
    joints = tuple(SpringJoint(node, 0.02, 0.8, 0.1, drag=0.4) for node in arm)
    group = ColliderGroup("arms", (0,))
    sleeve = Springs((collider,), (group,), (SpringChain("sleeve", joints, (0,)),))
    document, _ = chunks(write_vrm(replace(idol, springs=sleeve)))
    spring = document["extensions"]["VRMC_springBone"]
    assert "VRMC_springBone" in document["extensionsUsed"]
    assert [joint["node"] for joint in spring["springs"][0]["joints"]] == arm
    assert spring["springs"][0]["colliderGroups"] == [0]
    assert spring["colliders"][0]["shape"]["capsule"]["radius"] == 0.09


def test_old_springs_swing_the_same_when_written_again(shared_data: Path, tmp_path: Path) -> None:
    """VRM 0.x gives the last joint an implicit tail, where VRM 1.0 requires a node."""
    old = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")
    assert any(chain.end for chain in old.springs.chains)
    path = tmp_path / "anew.vrm"
    path.write_bytes(write_vrm(old))
    new = load_avatar(path)
    joints = [sum(len(c.joints) for c in avatar.springs.chains) for avatar in (old, new)]
    assert joints[1] == joints[0] + sum(chain.end is not None for chain in old.springs.chains)
    first, again = (swung(avatar) for avatar in (old, new))
    for name, place in first.items():
        assert np.allclose(again[name], place, atol=1e-5), name


def swung(avatar: Avatar) -> dict[str, Any]:
    """Return the world matrices of the spring nodes by name, after a leap sideways."""
    instance = AvatarInstance(avatar)
    rest = np.tile(np.float32((0.0, 0.0, 0.0, 1.0)), (55, 1))
    for frame in range(20):
        root = np.float32((0.02 * frame, 0.0, 0.0))
        face = np.zeros(52, np.float32), np.zeros(2, np.float32)
        instance.update(rest, root, *face, 1.0 / 60.0)
    nodes = [joint.node for chain in avatar.springs.chains for joint in chain.joints]
    return {avatar.nodes.names[node]: instance.world[node].copy() for node in nodes}


def test_an_avatar_that_lacks_a_required_bone_is_refused(idol: Avatar) -> None:
    bones = {name: node for name, node in idol.bones.items() if name != "leftFoot"}
    with pytest.raises(AvatarError, match="has no leftFoot"):
        write_vrm(replace(idol, bones=bones))


def test_an_avatar_without_an_author_is_refused(idol: Avatar) -> None:
    with pytest.raises(AvatarError, match="names no author"):
        write_vrm(replace(idol, meta=replace(idol.meta, authors=())))


def test_an_expression_that_drives_nothing_is_refused(idol: Avatar) -> None:
    lost = replace(idol.expressions[0], channels=np.array([9999], np.int32))
    lost = replace(lost, weights=np.ones(1, np.float32))
    with pytest.raises(AvatarError, match="channel 9999"):
        write_vrm(replace(idol, expressions=(lost,)))
