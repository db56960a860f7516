"""Read plain glTF materials and convert them to MToon's terms.

Sources: glTF 2.0 specification, 3.9; KHR_materials_unlit; KHR_materials_emissive_strength;
VRMC_materials_hdr_emissiveMultiplier-1.0.
"""

from __future__ import annotations

from typing import Final

from avatars.gltf.fields import Fields
from avatars.gltf.textures import Textures, coordinate_set
from avatars.model import AlphaMode, Material

# MToon shades by linearstep(toony − 1, 1 − toony, n·l + shift); with these two it is
# clamp(n·l, 0, 1): Lambert's law, which is a physically based material without its specular part.
LAMBERT_TOONY: Final = 0.5
LAMBERT_SHIFT: Final = -0.5


def texture_coordinates(fields: Fields) -> int:
    """Return which of a mesh's UV sets a material uses: that of its base texture.

    The avatar model has one UV set per vertex; materials that use several are rare.
    """
    return coordinate_set(fields.child("pbrMetallicRoughness").child("baseColorTexture"))


def emissive_gain(fields: Fields) -> float:
    """Return a material's emission multiplier, from Khronos' extension or VRM's older one."""
    for name, key in (
        ("KHR_materials_emissive_strength", "emissiveStrength"),
        ("VRMC_materials_hdr_emissiveMultiplier", "emissiveMultiplier"),
    ):
        extension = fields.extension(name)
        if extension is not None:
            return extension.number(key, 1.0, 0.0)
    return 1.0


def read_material(fields: Fields, textures: Textures) -> Material:
    """Read one material; of its extensions, only unlit and emissive strength are used."""
    uv = texture_coordinates(fields)
    surface = fields.child("pbrMetallicRoughness")
    red, green, blue, alpha = surface.numbers("baseColorFactor", (1.0,) * 4, 0.0, 1.0)
    gain = emissive_gain(fields)
    glow = fields.numbers("emissiveFactor", (0.0,) * 3, 0.0)
    normal = textures.use(fields, "normalTexture", uv)
    modes = [mode.value for mode in AlphaMode]
    return Material(
        name=fields.text("name"),
        base_color=(red, green, blue, alpha),
        base_texture=textures.use(surface, "baseColorTexture", uv),
        alpha_mode=AlphaMode(fields.choice("alphaMode", modes, "OPAQUE")),
        alpha_cutoff=fields.number("alphaCutoff", 0.5, 0.0),
        double_sided=fields.flag("doubleSided"),
        unlit=fields.extension("KHR_materials_unlit") is not None,
        normal_texture=normal,
        normal_scale=fields.child("normalTexture").number("scale", 1.0) if normal else 1.0,
        emissive=(glow[0] * gain, glow[1] * gain, glow[2] * gain),
        emissive_texture=textures.use(fields, "emissiveTexture", uv),
        shading_toony=LAMBERT_TOONY,
        shading_shift=LAMBERT_SHIFT,
    )
