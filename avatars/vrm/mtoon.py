"""Read MToon 1.0 materials.

Source: VRMC_materials_mtoon-1.0 README.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from avatars.gltf.fields import Fields
from avatars.gltf.textures import Textures
from avatars.model import AlphaMode, Material, OutlineMode

_OUTLINES: Final = tuple(mode.value for mode in OutlineMode)


def read_mtoon_1(plain: Material, mtoon: Fields, textures: Textures, uv: int = 0) -> Material:
    """Return a plain glTF material with the values of its VRMC_materials_mtoon applied.

    Args:
        plain: the material's glTF values.
        mtoon: its extension.
        textures: the file's textures.
        uv: the UV set that its vertices will have.
    """

    def color(key: str, default: float) -> tuple[float, float, float]:
        return cast(tuple[float, float, float], mtoon.numbers(key, (default,) * 3, 0.0))

    mode = OutlineMode(mtoon.choice("outlineWidthMode", _OUTLINES, "none"))
    shift = textures.use(mtoon, "shadingShiftTexture", uv)
    blended = plain.alpha_mode is AlphaMode.BLEND
    return replace(
        plain,
        unlit=False,
        transparent_with_z_write=blended and mtoon.flag("transparentWithZWrite"),
        render_queue_offset=mtoon.integer("renderQueueOffsetNumber", 0, -9, 9) if blended else 0,
        shade_color=color("shadeColorFactor", 0.0),
        shade_texture=textures.use(mtoon, "shadeMultiplyTexture", uv),
        shading_shift=mtoon.number("shadingShiftFactor", 0.0),
        shading_shift_texture=shift,
        shading_shift_texture_scale=(
            mtoon.child("shadingShiftTexture").number("scale", 1.0) if shift else 1.0
        ),
        shading_toony=mtoon.number("shadingToonyFactor", 0.9),
        gi_equalization=mtoon.number("giEqualizationFactor", 0.9),
        matcap_color=color("matcapFactor", 1.0),
        matcap_texture=textures.use(mtoon, "matcapTexture", uv),
        rim_color=color("parametricRimColorFactor", 0.0),
        rim_texture=textures.use(mtoon, "rimMultiplyTexture", uv),
        rim_lighting_mix=mtoon.number("rimLightingMixFactor", 1.0),
        rim_fresnel_power=mtoon.number("parametricRimFresnelPowerFactor", 5.0, 0.0),
        rim_lift=mtoon.number("parametricRimLiftFactor", 0.0),
        outline_mode=mode,
        outline_width=mtoon.number("outlineWidthFactor", 0.0, 0.0),
        outline_width_texture=textures.use(mtoon, "outlineWidthMultiplyTexture", uv),
        outline_color=color("outlineColorFactor", 0.0),
        outline_lighting_mix=mtoon.number("outlineLightingMixFactor", 1.0),
        uv_scroll=(
            mtoon.number("uvAnimationScrollXSpeedFactor", 0.0),
            mtoon.number("uvAnimationScrollYSpeedFactor", 0.0),
        ),
        uv_rotation=mtoon.number("uvAnimationRotationSpeedFactor", 0.0),
        uv_mask_texture=textures.use(mtoon, "uvAnimationMaskTexture", uv),
    )
