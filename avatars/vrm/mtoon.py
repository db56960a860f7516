"""Read MToon 1.0 materials.

Source: VRMC_materials_mtoon-1.0 README.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from avatars.gltf.fields import Fields
from avatars.gltf.material_fields import (
    read_choice,
    read_flag,
    read_integer,
    read_number,
    read_numbers,
)
from avatars.gltf.textures import ONE_UV_SET, Textures, UvSets
from avatars.model import AlphaMode, Material, OutlineMode

_OUTLINES: Final = tuple(mode.value for mode in OutlineMode)


def read_mtoon_1(
    plain: Material, mtoon: Fields, textures: Textures, uv: UvSets = ONE_UV_SET
) -> Material:
    """Return a plain glTF material with the values of its VRMC_materials_mtoon applied.

    Args:
        plain: the material's glTF values.
        mtoon: its extension.
        textures: the file's textures.
        uv: the UV sets that its vertices will have.
    """

    def color(key: str, default: float) -> tuple[float, float, float]:
        return cast(tuple[float, float, float], read_numbers(mtoon, key, (default,) * 3, 0.0))

    mode = OutlineMode(read_choice(mtoon, "outlineWidthMode", _OUTLINES, "none"))
    shift = textures.use(mtoon, "shadingShiftTexture", uv)
    blended = plain.alpha_mode is AlphaMode.BLEND
    return replace(
        plain,
        unlit=False,
        physically_based=False,
        transparent_with_z_write=blended and read_flag(mtoon, "transparentWithZWrite"),
        render_queue_offset=(
            read_integer(mtoon, "renderQueueOffsetNumber", 0, -9, 9) if blended else 0
        ),
        shade_color=color("shadeColorFactor", 0.0),
        shade_texture=textures.use(mtoon, "shadeMultiplyTexture", uv),
        shading_shift=read_number(mtoon, "shadingShiftFactor", 0.0),
        shading_shift_texture=shift,
        shading_shift_texture_scale=(
            read_number(mtoon.child("shadingShiftTexture"), "scale", 1.0) if shift else 1.0
        ),
        shading_toony=read_number(mtoon, "shadingToonyFactor", 0.9, 0.0, 1.0),
        gi_equalization=read_number(mtoon, "giEqualizationFactor", 0.9, 0.0, 1.0),
        matcap_color=color("matcapFactor", 1.0),
        matcap_texture=textures.use(mtoon, "matcapTexture", uv),
        rim_color=color("parametricRimColorFactor", 0.0),
        rim_texture=textures.use(mtoon, "rimMultiplyTexture", uv),
        rim_lighting_mix=read_number(mtoon, "rimLightingMixFactor", 1.0, 0.0, 1.0),
        rim_fresnel_power=read_number(mtoon, "parametricRimFresnelPowerFactor", 5.0, 0.0),
        rim_lift=read_number(mtoon, "parametricRimLiftFactor", 0.0),
        outline_mode=mode,
        outline_width=read_number(mtoon, "outlineWidthFactor", 0.0, 0.0),
        outline_width_texture=textures.use(mtoon, "outlineWidthMultiplyTexture", uv),
        outline_color=color("outlineColorFactor", 0.0),
        outline_lighting_mix=read_number(mtoon, "outlineLightingMixFactor", 1.0, 0.0, 1.0),
        uv_scroll=(
            read_number(mtoon, "uvAnimationScrollXSpeedFactor", 0.0),
            read_number(mtoon, "uvAnimationScrollYSpeedFactor", 0.0),
        ),
        uv_rotation=read_number(mtoon, "uvAnimationRotationSpeedFactor", 0.0),
        uv_mask_texture=textures.use(mtoon, "uvAnimationMaskTexture", uv),
    )
