"""Test dangling references: optional parts are skipped with a warning, others are an error.

Invariant: a file with a dangling reference is read as the file without that part.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny

from avatars import load_avatar
from avatars.check import Severity, check_avatar
from avatars.errors import AvatarError
from avatars.gltf.warning_log import MAX_WARNINGS
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from avatars.vrma import Animation, read_vrma, write_vrma

Json = dict[str, Any]
Change = Callable[[Json], None]
Edit = Callable[[bytes, Change], Path]

GONE = object()
VRM = "extensions/VRMC_vrm"
SPRING = "extensions/VRMC_springBone"
OLD = "extensions/VRM"
OLD_SPRING = f"{OLD}/secondaryAnimation"
HAPPY = f"{VRM}/expressions/preset/happy"
TOON = "materials/0/extensions/VRMC_materials_mtoon"
CONSTRAINT = "nodes/56/extensions/VRMC_node_constraint/constraint"
DANGLING = (-1, 9999, 2**31 - 1, "x")

COLOUR = {"type": "color", "targetValue": [1, 0, 0, 1]}


def put(root: Json, path: str, value: Any) -> None:
    """Set a value by its path, creating objects on the way; GONE removes it."""
    *keys, last = path.split("/")
    place: Any = root
    for key in keys:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    if value is GONE:
        del place[int(last) if isinstance(place, list) else last]
    else:
        place[int(last) if isinstance(place, list) else last] = value


def prepare(root: Json) -> None:
    """Add the optional parts that the minimal file lacks."""
    put(root, f"{VRM}/meta/thumbnailImage", 0)
    put(root, f"{SPRING}/springs/0/center", 5)
    put(root, CONSTRAINT, {"rotation": {"source": 1}})
    put(root, CONSTRAINT.replace("/constraint", "/specVersion"), "1.0")
    root["extensionsUsed"].append("VRMC_node_constraint")
    put(root, f"{HAPPY}/materialColorBinds", [{"material": 0, **COLOUR}])
    put(root, f"{HAPPY}/textureTransformBinds", [{"material": 0, "offset": [0.5, 0]}])
    put(root, f"{TOON}/matcapTexture", {"index": 0})
    put(root, "textures/0/sampler", 0)
    put(root, "meshes/0/primitives/0/attributes/COLOR_0", 1)
    put(root, "nodes/20/mesh", 0)
    put(root, "nodes/20/skin", 0)


def prepare_old(root: Json) -> None:
    put(root, f"{OLD_SPRING}/boneGroups/0/center", 5)


# Each: the dangling reference, and the part that is skipped with it.
CASES = [
    (f"{VRM}/meta/thumbnailImage", f"{VRM}/meta/thumbnailImage"),
    (f"{VRM}/humanoid/humanBones/jaw/node", f"{VRM}/humanoid/humanBones/jaw"),
    (f"{VRM}/humanoid/humanBones/leftEye/node", f"{VRM}/humanoid/humanBones/leftEye"),
    (f"{VRM}/humanoid/humanBones/chest/node", f"{VRM}/humanoid/humanBones/chest"),
    (f"{VRM}/firstPerson/meshAnnotations/0/node", f"{VRM}/firstPerson/meshAnnotations/0"),
    (f"{HAPPY}/morphTargetBinds/0/node", f"{HAPPY}/morphTargetBinds/0"),
    (f"{HAPPY}/morphTargetBinds/0/index", f"{HAPPY}/morphTargetBinds/0"),
    (f"{HAPPY}/materialColorBinds/0/material", f"{HAPPY}/materialColorBinds/0"),
    (f"{HAPPY}/textureTransformBinds/0/material", f"{HAPPY}/textureTransformBinds/0"),
    (f"{SPRING}/colliders/1/node", f"{SPRING}/colliderGroups/0/colliders/1"),
    (f"{SPRING}/colliderGroups/0/colliders/0", f"{SPRING}/colliderGroups/0/colliders/0"),
    (f"{SPRING}/springs/0/colliderGroups/0", f"{SPRING}/springs/0/colliderGroups/0"),
    (f"{SPRING}/springs/0/joints/0/node", f"{SPRING}/springs/0"),
    (f"{SPRING}/springs/1/joints/1/node", f"{SPRING}/springs/1"),
    (f"{SPRING}/springs/0/center", f"{SPRING}/springs/0/center"),
    (f"{CONSTRAINT}/rotation/source", CONSTRAINT.removesuffix("/constraint")),
    (f"{TOON}/matcapTexture/index", f"{TOON}/matcapTexture"),
    (
        "materials/0/pbrMetallicRoughness/baseColorTexture/index",
        "materials/0/pbrMetallicRoughness/baseColorTexture",
    ),
    ("textures/0/sampler", "textures/0/sampler"),
    ("meshes/0/primitives/0/material", "meshes/0/primitives/0/material"),
    ("meshes/0/primitives/0/attributes/NORMAL", "meshes/0/primitives/0/attributes/NORMAL"),
    ("meshes/0/primitives/0/attributes/COLOR_0", "meshes/0/primitives/0/attributes/COLOR_0"),
    ("meshes/0/primitives/0/targets/1/POSITION", "meshes/0/primitives/0/targets/1/POSITION"),
    ("nodes/20/mesh", "nodes/20/mesh"),
    ("scene", "scene"),
    ("scenes/0/nodes/1", "scenes/0/nodes/1"),
    ("nodes/19/children", None),
]
OLD_CASES = [
    (f"{OLD}/humanoid/humanBones/6/node", f"{OLD}/humanoid/humanBones/6"),
    (f"{OLD}/firstPerson/meshAnnotations/0/mesh", f"{OLD}/firstPerson/meshAnnotations/0"),
    (
        f"{OLD}/blendShapeMaster/blendShapeGroups/0/binds/0/mesh",
        f"{OLD}/blendShapeMaster/blendShapeGroups/0/binds/0",
    ),
    (
        f"{OLD}/blendShapeMaster/blendShapeGroups/0/binds/0/index",
        f"{OLD}/blendShapeMaster/blendShapeGroups/0/binds/0",
    ),
    (f"{OLD_SPRING}/boneGroups/0/bones/1", f"{OLD_SPRING}/boneGroups/0/bones/1"),
    (f"{OLD_SPRING}/boneGroups/0/center", f"{OLD_SPRING}/boneGroups/0/center"),
    (f"{OLD_SPRING}/boneGroups/0/colliderGroups/0", f"{OLD_SPRING}/boneGroups/0/colliderGroups/0"),
    (f"{OLD_SPRING}/colliderGroups/0/node", f"{OLD_SPRING}/colliderGroups/0/colliders/0"),
    (
        f"{OLD}/materialProperties/0/textureProperties/_ShadeTexture",
        f"{OLD}/materialProperties/0/textureProperties/_ShadeTexture",
    ),
    (f"{OLD}/meta/texture", f"{OLD}/meta/texture"),
]
_NONE_IN_OLD = ("center", "_ShadeTexture", "texture")
"""Members in which VRM 0.x writes −1 for none: no warning."""


def dangle(root: Json, path: str, value: Any) -> None:
    """Make a reference dangle, or a new list that contains it."""
    put(root, path, [value] if path.endswith("children") else value)


def content(avatar: Avatar) -> tuple[Any, ...]:
    """Return what a dangling reference may change, in comparable form."""
    shapes = [
        [part.normal.tobytes(), part.color.tobytes(), [t.position.tobytes() for t in part.targets]]
        for mesh in avatar.meshes
        for part in mesh.primitives
    ]
    faces = [
        (e.name, e.channels.tolist(), e.weights.tolist(), e.color_binds, e.uv_binds)
        for e in avatar.expressions
    ]
    textures = [(t.name, t.wrap, t.nearest) for t in avatar.textures]
    materials = [part.material for mesh in avatar.meshes for part in mesh.primitives]
    return (
        avatar.bones, avatar.instances, shapes, materials, faces, textures, avatar.materials,
        avatar.thumbnail, avatar.constraints, heeded(avatar),
    )  # fmt: skip


def heeded(avatar: Avatar) -> list[Any]:
    """Return each chain with its colliders, independent of their indices."""
    springs = avatar.springs
    return [
        (
            chain.joints, chain.center, chain.end,
            [[springs.colliders[c] for c in springs.groups[g].colliders] for g in chain.groups],
        )
        for chain in springs.chains
    ]  # fmt: skip


def assert_moves(avatar: Avatar) -> None:
    instance = AvatarInstance(avatar)
    rotations = np.tile(np.float32([0, 0, 0, 1]), (55, 1))
    face = np.ones(52, np.float32), np.ones(2, np.float32)
    instance.update(rotations, np.zeros(3, np.float32), *face, 0.02)
    assert np.isfinite(instance.world).all()


def dotted(path: str) -> str:
    """Return the path as written in warnings."""
    steps = path.split("/")
    if steps[-1] == "children":
        steps.append("0")
    return "".join(f"[{s}]" if s.isdigit() else f".{s}" for s in steps).lstrip(".")


def check_left_out(
    edited: Edit,
    data: bytes,
    base: Callable[[Json], None],
    case: tuple[str, str | None],
    value: Any,
) -> None:
    path, part = case

    def with_dangling(root: Json) -> None:
        base(root)
        dangle(root, path, value)

    def without(root: Json) -> None:
        base(root)
        if part is not None:
            put(root, part, GONE)

    plain = load_avatar(edited(data, without))
    file = edited(data, with_dangling)
    avatar = load_avatar(file)
    assert content(avatar) == content(plain)
    told = [warning for warning in avatar.warnings if warning.startswith(dotted(path))]
    unset = value == -1 and path.startswith(f"{OLD}/") and path.rsplit("/", 1)[-1] in _NONE_IN_OLD
    assert len(told) == (0 if unset else 1), avatar.warnings
    assert_moves(avatar)
    if value != "x":
        findings = check_avatar(file)
        assert [f for f in findings if f.severity is Severity.ERROR] == []
        places = {f.pointer for f in findings if f.severity is Severity.WARNING}
        assert unset or f"/{path}{'/0' if path.endswith('children') else ''}" in places


@pytest.mark.parametrize("value", DANGLING)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_optional_parts_are_left_out(
    edited: Edit, tiny_file: bytes, case: tuple[str, str | None], value: Any
) -> None:
    check_left_out(edited, tiny_file, prepare, case, value)


@pytest.mark.parametrize("value", DANGLING)
@pytest.mark.parametrize("case", OLD_CASES, ids=lambda case: case[0])
def test_optional_parts_of_old_files_are_left_out(
    edited: Edit, tiny_file_0: bytes, case: tuple[str, str], value: Any
) -> None:
    check_left_out(edited, tiny_file_0, prepare_old, case, value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("textures/0/source", -1),
        ("textures/0/source", 7),
        ("textures/0/source", GONE),
        ("images/0/bufferView", 99),
        ("images/0/bufferView", -1),
        ("images/0", {"uri": "nowhere.png"}),
        ("images/0", {"mimeType": "image/png"}),
    ],
)
def test_textures_without_a_picture_are_left_out(
    edited: Edit, tiny_file: bytes, path: str, value: Any
) -> None:
    file = edited(tiny_file, lambda root: put(root, path, value))
    avatar = load_avatar(file)
    assert avatar.textures == () and avatar.materials[0].base_texture is None
    assert any("the texture is left out" in warning for warning in avatar.warnings)
    assert [f for f in check_avatar(file) if f.severity is Severity.ERROR] == []


def test_a_texture_falls_back_to_its_other_picture(edited: Edit, tiny_file: bytes) -> None:
    def change(root: Json) -> None:
        put(root, "textures/0/extensions/EXT_texture_webp", {"source": 5})

    avatar = load_avatar(edited(tiny_file, change))
    assert len(avatar.textures) == 1
    assert any("the texture's other picture is used" in warning for warning in avatar.warnings)


@pytest.mark.parametrize("value", [-1, 9999])
@pytest.mark.parametrize(
    ("path", "where"),
    [
        (f"{VRM}/humanoid/humanBones/head/node", "humanBones.head.node"),
        ("skins/0/joints/3", "skins[0].joints"),
        ("skins/0/inverseBindMatrices", "skins[0].inverseBindMatrices"),
        ("meshes/0/primitives/0/attributes/POSITION", "POSITION"),
        ("meshes/0/primitives/0/attributes/JOINTS_0", "JOINTS_0"),
        ("meshes/0/primitives/0/indices", "indices"),
        ("nodes/59/skin", "nodes[59].skin"),
        ("accessors/0/bufferView", "accessors[0].bufferView"),
        ("bufferViews/0/buffer", "bufferViews[0].buffer"),
    ],
)
def test_required_parts_refuse(
    edited: Edit, tiny_file: bytes, path: str, where: str, value: int
) -> None:
    file = edited(tiny_file, lambda root: put(root, path, value))
    with pytest.raises(AvatarError) as refused:
        load_avatar(file)
    assert where in str(refused.value)
    errors = [f for f in check_avatar(file) if f.severity is Severity.ERROR]
    assert any(f"/{path}".startswith(error.pointer) for error in errors if error.pointer)
    # Each location gives either an error or a warning.
    assert len({(f.pointer, f.text) for f in errors}) == len(errors)


def test_warnings_are_bounded_and_those_beyond_counted(edited: Edit, tiny_file: bytes) -> None:
    def change(root: Json) -> None:
        put(root, f"{HAPPY}/morphTargetBinds", [{"node": 9999, "index": 0, "weight": 1}] * 5000)

    avatar = load_avatar(edited(tiny_file, change))
    assert len(avatar.warnings) == MAX_WARNINGS + 1
    assert avatar.warnings[-1] == f"{5000 - MAX_WARNINGS:,} more warnings are not listed"


@pytest.mark.parametrize("padding", [b"\0\0\0\0", b" \0\0\0", b"\0\0\0 "])
def test_json_padded_with_nul_is_read(tmp_path: Path, tiny_file: bytes, padding: bytes) -> None:
    (size,) = struct.unpack_from("<I", tiny_file, 12)
    body = tiny_file[20 : 20 + size] + padding
    rest = tiny_file[20 + size :]
    path = tmp_path / "padded.vrm"
    path.write_bytes(
        struct.pack("<4sII", b"glTF", 2, 20 + len(body) + len(rest))
        + struct.pack("<I4s", len(body), b"JSON") + body + rest
    )  # fmt: skip
    assert load_avatar(path).warnings == ()
    (finding,) = [f for f in check_avatar(path) if f.severity is not Severity.NEED]
    assert finding.severity is Severity.WARNING and "NUL" in finding.text


def animated(tmp_path: Path, change: Callable[[Json], None]) -> Path:
    times = np.linspace(0.0, 1.0, 5)
    rest = np.zeros((55, 3), np.float32)
    rest[:, 1] = 1.0
    rotations = np.zeros((5, 55, 4), np.float32)
    rotations[..., 3] = 1.0
    rotations[2, :] = (0.0, 0.6, 0.0, 0.8)
    data = write_vrma(
        Animation(
            times, rotations, np.zeros((5, 3), np.float32), rest, 1.0,
            {"happy": np.ones(5, np.float32)}, np.ones((5, 2), np.float32), "made",
        )
    )  # fmt: skip
    root, body = tiny.split_glb(data)
    change(root)
    path = tmp_path / "made.vrma"
    path.write_bytes(tiny.join_glb(root, body))
    return path


@pytest.mark.parametrize("value", DANGLING)
@pytest.mark.parametrize(
    ("path", "loss"),
    [
        ("humanoid/humanBones/jaw/node", "the bone is left out"),
        ("expressions/preset/happy/node", "the expression is left out"),
        ("lookAt/node", "the look-at is left out"),
    ],
)
def test_parts_of_an_animation_are_left_out(
    tmp_path: Path, path: str, loss: str, value: Any
) -> None:
    name = "extensions/VRMC_vrm_animation"
    animation = read_vrma(animated(tmp_path, lambda root: put(root, f"{name}/{path}", value)))
    (warning,) = animation.warnings
    assert warning.startswith(dotted(f"{name}/{path}")) and warning.endswith(loss)
    assert ("happy" in animation.expressions) == ("happy" not in path)
    assert (animation.gaze is None) == ("lookAt" in path)


@pytest.mark.parametrize("value", DANGLING)
@pytest.mark.parametrize(
    "path", ["channels/1/target/node", "channels/1/sampler", "samplers/1/input"]
)
def test_channels_of_an_animation_are_left_out(tmp_path: Path, path: str, value: Any) -> None:
    animation = read_vrma(animated(tmp_path, lambda root: put(root, f"animations/0/{path}", value)))
    (warning,) = animation.warnings
    assert "the channel is left out" in warning
    whole = read_vrma(animated(tmp_path, lambda root: None))
    changed = (animation.rotations != whole.rotations).any(axis=(0, 2))
    assert whole.warnings == () and changed.sum() <= 1


def test_an_animation_needs_its_hips(tmp_path: Path) -> None:
    name = "extensions/VRMC_vrm_animation/humanoid/humanBones/hips/node"
    with pytest.raises(AvatarError, match="no hips"):
        read_vrma(animated(tmp_path, lambda root: put(root, name, -1)))


CASE_FILES = (
    "vrm0_collidergroup_minus1.vrm",
    "vrm0_mtoon_texture_out_of_range.vrm",
    "vrm1_collider_node_minus1.vrm",
    "vrm1_collidergroup_minus1.vrm",
    "vrm1_constraint_source_out_of_range.vrm",
    "vrm1_texture_without_source.vrm",
    "glb_json_nul_padded.vrm",
)


@pytest.mark.parametrize("name", CASE_FILES)
def test_files_that_users_reported(shared_data: Path, name: str) -> None:
    path = shared_data.parent / "cases" / name
    if not path.is_file():
        pytest.skip("the reported files are not beside this checkout")
    avatar = load_avatar(path)
    assert_moves(avatar)
    assert name.startswith("glb") or len(avatar.warnings) == 1
    assert [f for f in check_avatar(path) if f.severity is Severity.ERROR] == []
