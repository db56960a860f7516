"""Materials with odd values: the avatar is kept, the value is replaced, and a warning says so."""

from __future__ import annotations

from typing import Any

import pytest

from avatars.gltf import read_gltf
from avatars.model import AlphaMode, Material, TextureUse

SURFACE = "pbrMetallicRoughness"


def read(write_glb: Any, material: dict[str, Any]) -> tuple[Material, tuple[str, ...]]:
    gltf = read_gltf(write_glb({"materials": [material]}))
    return gltf.materials[0], gltf.warnings.texts


@pytest.mark.parametrize(
    ("material", "field", "expected", "says"),
    [
        ({"alphaMode": "GLASS"}, "alpha_mode", AlphaMode.OPAQUE, "GLASS"),
        ({"alphaMode": 7}, "alpha_mode", AlphaMode.OPAQUE, "alphaMode"),
        ({"alphaCutoff": -1}, "alpha_cutoff", 0.0, "not between"),
        ({"doubleSided": "yes"}, "double_sided", False, "neither true nor false"),
        ({SURFACE: {"metallicFactor": 7}}, "metallic", 1.0, "metallicFactor is not between"),
        ({SURFACE: {"roughnessFactor": "soft"}}, "roughness", 1.0, "is not a number"),
        ({SURFACE: {"roughnessFactor": 10**400}}, "roughness", 1.0, "is not between"),
        ({SURFACE: {"baseColorFactor": [2, 0, 0, 1]}}, "base_color", (1.0, 0.0, 0.0, 1.0), "[0]"),
        ({SURFACE: {"baseColorFactor": [2, 0]}}, "base_color", (1.0,) * 4, "not a list of 4"),
        ({"emissiveFactor": "white"}, "emissive", (0.0,) * 3, "not a list of 3"),
        ({SURFACE: {"metallicRoughnessTexture": {"index": 3}}}, "metallic_roughness_texture", None,
         "metallicRoughnessTexture"),
        ({"occlusionTexture": {"index": -1, "strength": 9}}, "occlusion_texture", None,
         "occlusionTexture"),
    ],
)  # fmt: skip
def test_odd_values_are_replaced_with_a_warning(
    write_glb: Any, material: dict[str, Any], field: str, expected: object, says: str
) -> None:
    found, warnings = read(write_glb, material)
    assert getattr(found, field) == expected
    assert len(warnings) == 1
    assert says in warnings[0]


def test_plain_materials_are_physically_based_and_keep_their_factors(write_glb: Any) -> None:
    factors = {"metallicFactor": 0.25, "roughnessFactor": 0.5}
    found, warnings = read(write_glb, {SURFACE: factors})
    assert (found.physically_based, found.metallic, found.roughness) == (True, 0.25, 0.5)
    unlit, _ = read(write_glb, {"extensions": {"KHR_materials_unlit": {}}})
    assert (unlit.physically_based, unlit.unlit, warnings) == (False, True, ())


def test_a_texture_of_the_second_uv_set_is_marked(write_glb: Any) -> None:
    pixel = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
        "hgGAWjR9awAAAABJRU5ErkJggg=="
    )
    material = {
        SURFACE: {"baseColorTexture": {"index": 0, "texCoord": 2}},
        "occlusionTexture": {"index": 0, "texCoord": 1},
        "normalTexture": {"index": 0, "texCoord": 5},
        "emissiveTexture": {"index": 0, "texCoord": 2},
    }
    root = {"materials": [material], "textures": [{"source": 0}], "images": [{"uri": pixel}]}
    gltf = read_gltf(write_glb(root))
    found = gltf.materials[0]
    assert found.base_texture == TextureUse(0)
    assert found.emissive_texture == TextureUse(0)
    # The sets are two a material: the base's, and the first other one.
    assert found.normal_texture == TextureUse(0, uv_set=1)
    assert found.occlusion_texture == TextureUse(0)
    assert any("third UV set" in text for text in gltf.warnings.texts)
