"""Test colours and texture transforms that expressions change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.material_values import COLOR_SLOTS, UV_SLOTS
from avatars.model import Avatar, ColorBind, Expression, UvBind
from avatars.pose import AvatarPose
from avatars.vrm.mtoon0 import linear

Edit = Callable[[bytes, Callable[[dict[str, Any]], None]], Path]
REST = np.tile(np.float32([0, 0, 0, 1]), (55, 1))
STILL = np.zeros(3, np.float32)
NO_FACE = np.zeros(52, np.float32)
AHEAD = np.zeros(2, np.float32)
NONE = (np.zeros(0, np.int32), np.zeros(0, np.float32))
BASE = COLOR_SLOTS.index("base_color")
SHADE = COLOR_SLOTS.index("shade_color")
BASE_MAP = UV_SLOTS.index("base_texture")


def played(avatar: Avatar, **weights: float) -> AvatarPose:
    own = np.float32([weights.get(expression.name, 0.0) for expression in avatar.expressions])
    pose = AvatarPose(avatar)
    pose.apply(REST, STILL, NO_FACE, AHEAD, own)
    return pose


@pytest.fixture
def blushing(tiny_avatar: Avatar) -> Avatar:
    happy = Expression(
        "happy",
        True,
        *NONE,
        color_binds=(
            ColorBind(0, "base_color", (0.0, 0.5, 1.0, 0.5)),
            ColorBind(0, "shade_color", (1.0, 0.0, 0.0, 0.0)),
        ),
        uv_binds=(UvBind(0, (0.75, 0.5), (1.0, 1.0)),),
    )
    sad = Expression("sad", True, *NONE, color_binds=(ColorBind(0, "base_color", (0, 0, 0, 1)),))
    return replace(tiny_avatar, expressions=(happy, sad))


def test_values_start_at_rest(blushing: Avatar) -> None:
    values = AvatarPose(blushing).material_values
    assert values.materials.tolist() == [0]
    assert values.colors[0, BASE].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert values.uvs[0, BASE_MAP].tolist() == [0.25, 0.0, 0.5, 0.5]


def test_full_weight_gives_the_target(blushing: Avatar) -> None:
    values = played(blushing, happy=1.0).material_values
    assert values.colors[0, BASE] == pytest.approx([0.0, 0.5, 1.0, 0.5])
    # Only the base colour has an alpha.
    assert values.colors[0, SHADE] == pytest.approx([1.0, 0.0, 0.0, 1.0])
    assert values.uvs[0, BASE_MAP] == pytest.approx([0.75, 0.5, 1.0, 1.0])


def test_weights_mix_and_add(blushing: Avatar) -> None:
    values = played(blushing, happy=0.5, sad=0.5).material_values
    assert values.colors[0, BASE] == pytest.approx([0.0, 0.25, 0.5, 0.75])
    assert values.uvs[0, BASE_MAP] == pytest.approx([0.5, 0.25, 0.75, 0.75])


def test_slots_without_a_texture_stay(blushing: Avatar) -> None:
    values = played(blushing, happy=1.0).material_values
    others = [i for i in range(len(UV_SLOTS)) if i != BASE_MAP]
    assert np.all(values.uvs[0, others] == np.float32([0.0, 0.0, 1.0, 1.0]))


def test_values_return_to_rest(blushing: Avatar) -> None:
    pose = played(blushing, happy=1.0)
    colors, uvs = pose.material_values.colors, pose.material_values.uvs
    pose.apply(REST, STILL, NO_FACE, AHEAD)
    fresh = AvatarPose(blushing).material_values
    assert np.array_equal(colors, fresh.colors) and np.array_equal(uvs, fresh.uvs)


def test_binaries_and_overrides_come_first(blushing: Avatar) -> None:
    blink = Expression(
        "blink", True, *NONE, color_binds=(ColorBind(1, "base_color", (0, 0, 0, 1)),)
    )
    happy = replace(blushing.expressions[0], is_binary=True, override_blink="block", color_binds=())
    avatar = replace(blushing, expressions=(happy, blink))
    assert played(avatar, happy=0.4, blink=1.0).material_values.colors[1, BASE, 0] == 0.0
    both = played(avatar, happy=0.6, blink=1.0).material_values
    assert both.colors[1, BASE, 0] == 1.0
    assert both.uvs[0, BASE_MAP] == pytest.approx([0.75, 0.5, 1.0, 1.0])


def test_avatars_without_binds_have_no_values(tiny_avatar: Avatar) -> None:
    values = played(tiny_avatar, happy=1.0).material_values
    assert values.colors.shape == (0, 6, 4) and values.uvs.shape == (0, 10, 4)


def test_reading_binds(edited: Edit, tiny_file: bytes) -> None:
    def change(root: dict[str, Any]) -> None:
        happy = root["extensions"]["VRMC_vrm"]["expressions"]["preset"]["happy"]
        happy["materialColorBinds"] = [
            {"material": 0, "type": "rimColor", "targetValue": [0.1, 0.2, 0.3, 1]},
            {"material": 1, "type": "shadeColor", "targetValue": [1, 1, 1, 1]},
        ]
        happy["textureTransformBinds"] = [{"material": 0, "offset": [0.5, 0.25]}]

    avatar = load_avatar(edited(tiny_file, change))
    happy = next(e for e in avatar.expressions if e.name == "happy")
    assert happy.color_binds == (ColorBind(0, "rim_color", (0.1, 0.2, 0.3, 1.0)),)
    assert happy.uv_binds == (UvBind(0, (0.5, 0.25), (1.0, 1.0)),)
    # An unlit material has no shade colour; the file gets a warning.
    assert any("materialColorBinds[1]" in warning for warning in avatar.warnings)


def test_reading_binds_of_0_x(edited: Edit, shared_data: Path) -> None:
    file = (shared_data / "avatars" / "Godette_vrm_v4.vrm").read_bytes()
    plain = load_avatar(edited(file, lambda root: None))
    name = plain.materials[0].name

    def change(root: dict[str, Any]) -> None:
        root["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"][0]["materialValues"] = [
            {"materialName": name, "propertyName": key, "targetValue": [0.5, 0.25, 0.125, 0.75]}
            for key in ("_Color", "_EmissionColor", "_MainTex_ST", "_MainTex_ST_S", "_Magic")
        ]

    avatar = load_avatar(edited(file, change))
    first = avatar.expressions[0]
    assert [bind.slot for bind in first.color_binds] == ["base_color", "emissive"]
    assert first.color_binds[0].value == (linear(0.5), linear(0.25), linear(0.125), 0.75)
    assert first.color_binds[1].value == (0.5, 0.25, 0.125, 0.75)
    whole, across = first.uv_binds
    # In glTF v points down: a lower edge at 0.75 and a height of 0.25 give an upper edge at 0.
    assert (whole.offset, whole.scale) == ((0.125, 0.0), (0.5, 0.25))
    assert (across.offset, across.scale) == ((0.125, None), (0.5, None))
    assert any("materialValues[4]" in warning for warning in avatar.warnings)
    values = played(avatar, **{first.name: 1.0}).material_values
    assert values.uvs.shape[0] == 1 and np.all(np.isfinite(values.uvs))


def test_the_consortium_s_texture_binds(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "VRMC_vrm_expressions_isBinary_Overridden.vrm")
    values = AvatarPose(avatar).material_values
    assert len(values.materials) > 0
    assert not any("not drawn" in warning for warning in avatar.warnings)


@pytest.mark.parametrize(
    "extension",
    [
        {"KHR_materials_emissive_strength": {"emissiveStrength": 4.0}},
        {"VRMC_materials_hdr_emissiveMultiplier": {"emissiveMultiplier": 4.0}},
    ],
)
def test_a_material_s_strength_multiplies_its_glow_and_what_faces_make_of_it(
    edited: Edit, tiny_file: bytes, extension: dict[str, Any]
) -> None:
    def change(root: dict[str, Any]) -> None:
        material = root["materials"][0]
        material["emissiveFactor"] = [0.5, 0.25, 0.0]
        material["extensions"] |= extension
        happy = root["extensions"]["VRMC_vrm"]["expressions"]["preset"]["happy"]
        happy["materialColorBinds"] = [
            {"material": 0, "type": "emissionColor", "targetValue": [1, 0.5, 0, 1]}
        ]

    avatar = load_avatar(edited(tiny_file, change))
    assert avatar.materials[0].emissive == (2.0, 1.0, 0.0)
    happy = next(e for e in avatar.expressions if e.name == "happy")
    assert happy.color_binds[0].value == (4.0, 2.0, 0.0, 1.0)
