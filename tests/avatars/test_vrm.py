"""Test that avatars of both versions are read into the same form."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.errors import AvatarError
from avatars.gltf import read_gltf
from avatars.info import summarise
from avatars.model import AlphaMode, Avatar, OutlineMode
from avatars.names import ARKIT, HUMAN_BONES, PRESETS, REQUIRED_BONES
from avatars.rest import rest_world
from avatars.vrm.mtoon0 import linear


def rest_positions(avatar: Avatar) -> dict[str, np.ndarray]:
    world = rest_world(avatar.nodes)
    return {name: world[node, :3, 3] for name, node in avatar.bones.items()}


def json_of(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    (size,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + size])


def test_every_avatar_loads(shared_data: Path) -> None:
    paths = sorted((shared_data / "avatars").rglob("*.vrm"))
    assert len(paths) > 15
    for path in paths:
        avatar = load_avatar(path)
        assert avatar.bones.keys() >= REQUIRED_BONES
        assert avatar.bones.keys() <= set(HUMAN_BONES)
        assert np.all(avatar.nodes.parents < np.arange(len(avatar.nodes.parents)))
        for mesh in avatar.meshes:
            for part in mesh.primitives:
                assert 0 <= part.material < len(avatar.materials)
                assert len(part.targets) == len(mesh.target_names)
        for expression in avatar.expressions:
            assert np.all(expression.channels < avatar.channel_count)


@pytest.mark.parametrize("name", ["SimpleSkin.gltf", "RiggedFigure.glb", "MorphStressTest.gltf"])
def test_plain_models_are_no_avatars(shared_data: Path, name: str) -> None:
    with pytest.raises(AvatarError, match="without a VRM avatar"):
        load_avatar(shared_data / "gltf" / name)


def test_an_animation_is_no_avatar(shared_data: Path) -> None:
    with pytest.raises(AvatarError, match="without a VRM avatar"):
        load_avatar(shared_data / "animation" / "three_vrm_test.vrma")


def test_avatars_stand_upright_and_face_forward(avatar_path: Path) -> None:
    places = rest_positions(load_avatar(avatar_path))
    assert places["leftHand"][0] > places["leftUpperArm"][0] > 0.0
    assert places["rightHand"][0] < places["rightUpperArm"][0] < 0.0
    assert places["head"][1] > places["hips"][1] > places["leftFoot"][1]
    if "leftToes" in places:
        assert places["leftToes"][2] > places["leftFoot"][2]
    if "leftEye" in places:
        assert places["leftEye"][2] > places["head"][2] - 1e-6
        assert places["leftEye"][0] > places["rightEye"][0]


def test_a_turned_avatar_is_the_file_turned(shared_data: Path) -> None:
    path = shared_data / "avatars" / "Godette_vrm_v4.vrm"
    plain, avatar = read_gltf(path), load_avatar(path)
    half_turn = np.diag([-1.0, 1.0, -1.0, 1.0])
    before, after = rest_world(plain.tree.nodes), rest_world(avatar.nodes)
    assert np.allclose(after, half_turn @ before @ half_turn, atol=1e-6)
    for old_mesh, new_mesh in zip(plain.meshes, avatar.meshes, strict=True):
        for old, new in zip(old_mesh.primitives, new_mesh.primitives, strict=True):
            old_skin, new_skin = plain.skins[0], avatar.skins[0]
            old_drawn = skinned(old, before[old_skin.joints] @ old_skin.inverse_bind)
            new_drawn = skinned(new, after[new_skin.joints] @ new_skin.inverse_bind)
            assert np.allclose(new_drawn, old_drawn * [-1, 1, -1], atol=1e-5)
            for a, b in zip(old.targets, new.targets, strict=True):
                assert np.array_equal(b.position, a.position * np.float32([-1, 1, -1]))
    # The face looks to +Z: the face mesh is in front of the head's centre.
    assert avatar.meshes[0].primitives[0].position[:, 2].max() > 0.19


def skinned(part: Any, matrices: np.ndarray) -> np.ndarray:
    blended = np.einsum("nj,njab->nab", part.weights, matrices[part.joints])
    return np.einsum("nab,nb->na", blended, np.c_[part.position, np.ones(len(part.position))])[
        :, :3
    ]


def test_arrays_are_read_only(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")
    for array in (
        avatar.nodes.translation,
        avatar.meshes[0].primitives[0].position,
        avatar.meshes[0].primitives[0].targets[0].position,
        avatar.skins[0].inverse_bind,
        avatar.textures[0].pixels,
        avatar.expressions[1].weights,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_old_licences_in_new_terms(shared_data: Path) -> None:
    godette = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm").meta
    assert (godette.vrm_version, godette.name, godette.authors) == (
        "0.x",
        "Low-Poly Godette",
        ("SirRichard94",),
    )
    assert godette.avatar_permission == "everyone"
    assert godette.commercial_usage == "corporation"
    assert godette.credit == "required"
    assert godette.licence_terms["commercialUssageName"] == "Allow"
    # 0.x does not define these; missing permissions count as denied.
    assert not godette.political_or_religious_usage and not godette.antisocial_or_hate_usage

    strict = load_avatar(shared_data / "avatars/blender_5.2/basic_armature.vrm").meta
    assert strict.avatar_permission == "onlyAuthor"
    assert strict.commercial_usage == "personalNonProfit"
    assert not (strict.violent_usage or strict.sexual_usage or strict.redistribution)
    assert strict.licence_terms["licenseName"] == "Redistribution_Prohibited"


def test_new_licences(shared_data: Path) -> None:
    name = "VRMC_vrm_expressions_isBinary_Overrides.vrm"
    meta = load_avatar(shared_data / "avatars" / name).meta
    assert (meta.vrm_version, meta.authors) == ("1.0", ("pixiv Inc.",))
    assert meta.commercial_usage == meta.licence_terms["commercialUsage"] == "corporation"
    assert meta.licence_terms["allowAntisocialOrHateUsage"] == "false"
    assert meta.violent_usage and not meta.antisocial_or_hate_usage
    assert meta.modification == "allowModificationRedistribution"


def test_old_expressions_under_new_names(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")
    by_name = {expression.name: expression for expression in avatar.expressions}
    assert by_name.keys() == set(PRESETS) - {"surprised"}
    assert by_name["aa"].channels.tolist() == [5]
    assert by_name["blink"].channels.tolist() == [3, 4]
    assert by_name["happy"].weights.tolist()[0] == 0.5
    assert by_name["lookLeft"].channels.tolist() == [12]


def test_arkit_names_are_known_in_any_case(shared_data: Path, tmp_path: Path) -> None:
    def rename(root: dict[str, Any]) -> None:
        groups = root["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"]
        groups[0].update(name="JAWOPEN", presetName="unknown")
        groups[1].update(name="My Face", presetName="unknown")

    names = {e.name for e in changed(shared_data, tmp_path, rename).expressions}
    assert {"jawOpen", "My Face"} <= names
    assert "jawOpen" in ARKIT


def changed(shared_data: Path, tmp_path: Path, change: Any) -> Avatar:
    """Return the smallest 0.x avatar with its JSON changed, as a file without chunks."""
    root = json_of(shared_data / "avatars/blender_5.2/minimal.vrm")
    root["buffers"][0]["uri"] = "data:application/octet-stream;base64," + "A" * 1452
    root["buffers"][0]["byteLength"] = 1088
    change(root)
    path = tmp_path / "changed.vrm"
    path.write_text(json.dumps(root))
    return load_avatar(path)


def test_missing_bones_are_named(shared_data: Path, tmp_path: Path) -> None:
    def cut(root: dict[str, Any]) -> None:
        bones = root["extensions"]["VRM"]["humanoid"]["humanBones"]
        bones[:] = [bone for bone in bones if bone["bone"] not in ("head", "leftFoot")]

    with pytest.raises(AvatarError, match="lacks the human bones head, leftFoot"):
        changed(shared_data, tmp_path, cut)


def test_a_node_is_one_bone_only(shared_data: Path, tmp_path: Path) -> None:
    def double(root: dict[str, Any]) -> None:
        bones = root["extensions"]["VRM"]["humanoid"]["humanBones"]
        bones[1]["node"] = bones[0]["node"]

    with pytest.raises(AvatarError, match="one node for two bones"):
        changed(shared_data, tmp_path, double)


def test_unknown_licence_words_are_refused(shared_data: Path, tmp_path: Path) -> None:
    def invent(root: dict[str, Any]) -> None:
        root["extensions"]["VRM"]["meta"]["commercialUssageName"] = "Perhaps"

    with pytest.raises(AvatarError, match="Perhaps"):
        changed(shared_data, tmp_path, invent)


def test_broken_binds_are_tolerated_and_reported(shared_data: Path, tmp_path: Path) -> None:
    def bind(root: dict[str, Any]) -> None:
        groups = root["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"]
        groups[1]["binds"] = [{"mesh": -1, "index": 2, "weight": 100}]

    avatar = changed(shared_data, tmp_path, bind)
    assert any("binds[0].mesh asks for number -1" in warning for warning in avatar.warnings)


def test_old_toon_materials(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")
    face = next(material for material in avatar.materials if material.name == "Face")
    assert not face.unlit
    # 0.x lights n·l over [−0.45, lerp(1, −0.45, 0.8)]; the new shift is the middle of that.
    high = 1.0 + (-0.45 - 1.0) * 0.8
    assert face.shading_shift == pytest.approx(-(high - 0.45) / 2, abs=1e-6)
    assert face.shading_toony == pytest.approx(1 - (high + 0.45) / 2, abs=1e-6)
    assert face.shade_color[0] == pytest.approx(linear(0.827), abs=1e-6)
    assert face.outline_mode is OutlineMode.SCREEN
    assert face.outline_width == pytest.approx(0.25 * 0.005)
    assert face.base_texture == face.shade_texture
    assert face.base_texture is not None
    assert face.base_texture.offset == (0.0, 0.0) and face.base_texture.scale == (1.0, 1.0)
    logo = next(material for material in avatar.materials if material.name == "GodotLogo")
    assert logo.unlit and logo.alpha_mode is AlphaMode.BLEND and logo.double_sided


def test_new_toon_materials(shared_data: Path) -> None:
    sweeps = shared_data / "avatars" / "sweeps"
    assert load_avatar(sweeps / "mtoon_rimLightingMix_0p5.vrm").materials[0].rim_lighting_mix == 0.5
    assert load_avatar(sweeps / "mtoon_shadingShift_neg1.vrm").materials[0].shading_shift == -1.0
    assert load_avatar(sweeps / "mtoon_shadingToony_1.vrm").materials[0].shading_toony == 1.0
    default = load_avatar(sweeps / "mtoon_default.vrm").materials[0]
    assert not default.unlit and default.shade_color == (0.5, 0.5, 0.5)
    scroll = load_avatar(shared_data / "avatars" / "VRMC_materials_mtoon_UV_Animation_Test.vrm")
    by_name = {material.name: material for material in scroll.materials}
    assert by_name["ScrollX"].uv_scroll == (1.0, 0.0)
    assert by_name["ScrollY"].uv_scroll == (0.0, 1.0)
    assert by_name["ScrollRot"].uv_rotation == 1.0


def test_emission_is_linear_and_may_exceed_one(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "EmissionMigration_v0.107.0.vrm")
    # Unity's standard shader stored sRGB, MToon linear light; the names denote the editor's values.
    wanted = {
        "Standard_Emission_0.5": linear(0.5),
        "Standard_Emission_2.0": 4.594794,
        "MToon_Emission_0.5": 0.5,
        "MToon_Emission_2.0": 2.0,
    }
    found = {m.name: m.emissive[0] for m in avatar.materials if m.name in wanted}
    assert found == pytest.approx(wanted, abs=1e-4)


def test_pictures_that_nothing_shows_are_not_decoded(shared_data: Path) -> None:
    path = shared_data / "avatars" / "Godette_vrm_v4.vrm"
    assert len(load_avatar(path).textures) < len(json_of(path)["textures"])


def test_a_summary_contains_the_essentials(shared_data: Path) -> None:
    text = summarise(load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm"))
    for part in ("Low-Poly Godette", "SirRichard94", "45 of 55", "17 presets", "CC_BY", "MB"):
        assert part in text
