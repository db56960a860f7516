"""Read glTF's own materials: metallic-roughness and unlit.

Sources: glTF 2.0 specification, 3.9; KHR_materials_unlit; KHR_materials_emissive_strength;
VRMC_materials_hdr_emissiveMultiplier-1.0.
"""

from __future__ import annotations

from typing import Final

from avatars.gltf.fields import Fields
from avatars.gltf.material_fields import (
    read_choice,
    read_flag,
    read_number,
    read_numbers,
)
from avatars.gltf.textures import Textures, UvSets, coordinate_set
from avatars.model import AlphaMode, Material

DEFAULT: Final = Material(name="", physically_based=True)
"""glTF's material of primitives that name none (3.9.6): white, metallic and rough."""

_PLAIN_SLOTS: Final = ("normalTexture", "occlusionTexture", "emissiveTexture")
_MTOON_SLOTS: Final = (
    "shadeMultiplyTexture", "shadingShiftTexture", "rimMultiplyTexture",
    "outlineWidthMultiplyTexture", "uvAnimationMaskTexture",
)  # fmt: skip


def uv_sets(fields: Fields) -> UvSets:
    """Return the UV sets that a material's textures use: the base texture's, then another one."""
    surface = fields.child("pbrMetallicRoughness")
    base = coordinate_set(surface.child("baseColorTexture"))
    used = [surface.child("metallicRoughnessTexture")] if _has_map(surface) else []
    used += [fields.child(key) for key in _PLAIN_SLOTS if fields.has(key)]
    mtoon = fields.extension("VRMC_materials_mtoon")
    if mtoon is not None:
        used += [mtoon.child(key) for key in _MTOON_SLOTS if mtoon.has(key)]
    others = [number for number in map(coordinate_set, used) if number != base]
    return UvSets(base, others[0] if others else None)


def _has_map(surface: Fields) -> bool:
    return surface.has("metallicRoughnessTexture")


def emissive_gain(fields: Fields) -> float:
    """Return a material's emission multiplier, from Khronos' extension or VRM's older one."""
    for name, key in (
        ("KHR_materials_emissive_strength", "emissiveStrength"),
        ("VRMC_materials_hdr_emissiveMultiplier", "emissiveMultiplier"),
    ):
        extension = fields.extension(name)
        if extension is not None:
            return read_number(extension, key, 1.0, 0.0)
    return 1.0


def read_material(fields: Fields, textures: Textures) -> Material:
    """Read one material; of its extensions, only unlit and emissive strength are used."""
    uv = uv_sets(fields)
    surface = fields.child("pbrMetallicRoughness")
    red, green, blue, alpha = read_numbers(surface, "baseColorFactor", (1.0,) * 4, 0.0, 1.0)
    gain = emissive_gain(fields)
    glow = read_numbers(fields, "emissiveFactor", (0.0,) * 3, 0.0)
    normal = textures.use(fields, "normalTexture", uv)
    occlusion = textures.use(fields, "occlusionTexture", uv)
    modes = [mode.value for mode in AlphaMode]
    unlit = fields.extension("KHR_materials_unlit") is not None
    return Material(
        name=fields.text("name"),
        base_color=(red, green, blue, alpha),
        base_texture=textures.use(surface, "baseColorTexture", uv),
        alpha_mode=AlphaMode(read_choice(fields, "alphaMode", modes, "OPAQUE")),
        alpha_cutoff=read_number(fields, "alphaCutoff", 0.5, 0.0),
        double_sided=read_flag(fields, "doubleSided"),
        unlit=unlit,
        physically_based=not unlit,
        normal_texture=normal,
        normal_scale=read_number(fields.child("normalTexture"), "scale", 1.0) if normal else 1.0,
        emissive=(glow[0] * gain, glow[1] * gain, glow[2] * gain),
        emissive_texture=textures.use(fields, "emissiveTexture", uv),
        metallic=read_number(surface, "metallicFactor", 1.0, 0.0, 1.0),
        roughness=read_number(surface, "roughnessFactor", 1.0, 0.0, 1.0),
        metallic_roughness_texture=textures.use(surface, "metallicRoughnessTexture", uv),
        occlusion_texture=occlusion,
        occlusion_strength=(
            read_number(fields.child("occlusionTexture"), "strength", 1.0, 0.0, 1.0)
            if occlusion
            else 1.0
        ),
    )
