"""Convert VRM 0.x's MToon materials to MToon 1.0's terms.

0.x stores the properties of a Unity shader: colours in sRGB, textures with v upwards, widths in
centimetres. The formulas are from UniVRM's MToon10Migrator and its migration of 0.x materials.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Final

from avatars.gltf.fields import Fields
from avatars.gltf.material_fields import (
    read_integer,
    read_number,
    read_numbers,
)
from avatars.gltf.textures import Textures
from avatars.model import AlphaMode, Material, OutlineMode, TextureUse

Color = tuple[float, float, float]

_BLEND_MODES: Final = (AlphaMode.OPAQUE, AlphaMode.MASK, AlphaMode.BLEND, AlphaMode.BLEND)
_WITH_Z_WRITE: Final = 3
_OUTLINE_MODES: Final = (OutlineMode.NONE, OutlineMode.WORLD, OutlineMode.SCREEN)
_METRES_PER_CENTIMETRE: Final = 0.01
_HEIGHTS_PER_UNIT: Final = 0.005
"""Screen heights per unit of a 0.x screen outline width, a hundredth of half the height."""
_UNLIT: Final = {
    "VRM/UnlitTexture": (AlphaMode.OPAQUE, False),
    "VRM/UnlitCutout": (AlphaMode.MASK, False),
    "VRM/UnlitTransparent": (AlphaMode.BLEND, False),
    "VRM/UnlitTransparentZWrite": (AlphaMode.BLEND, True),
}


def is_mtoon_0(properties: Fields) -> bool:
    """Return whether the properties are those of MToon and not of another shader."""
    return properties.text("shader") == "VRM/MToon"


def read_material_0(plain: Material, properties: Fields, textures: Textures) -> Material:
    """Return a plain glTF material with its entry of VRM.materialProperties applied."""
    if is_mtoon_0(properties):
        return _Mtoon(properties, textures).read(plain)
    unlit = _UNLIT.get(properties.text("shader"))
    if unlit is None:
        return plain
    mode, z_write = unlit
    return replace(
        plain, unlit=True, physically_based=False, alpha_mode=mode, transparent_with_z_write=z_write
    )


def linear(value: float) -> float:
    """Convert a colour component from sRGB to linear (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


class _Mtoon:
    """Converts one material; all of its textures use the UV transform of _MainTex."""

    def __init__(self, properties: Fields, textures: Textures) -> None:
        self._floats = properties.child("floatProperties")
        self._vectors = properties.child("vectorProperties")
        self._pictures = properties.child("textureProperties")
        self._textures = textures
        u, v, width, height = read_numbers(self._vectors, "_MainTex", (0.0, 0.0, 1.0, 1.0))
        # In Unity v increases upwards from the image's bottom, in glTF downwards from its top.
        self._offset, self._scale = (u, 1.0 - v - height), (width, height)

    def read(self, plain: Material) -> Material:
        number = partial(read_number, self._floats)
        color, texture = self._color, self._texture
        blend = read_integer(self._floats, "_BlendMode", 0, 0, 3)
        outline = _OUTLINE_MODES[read_integer(self._floats, "_OutlineWidthMode", 0, 0, 2)]
        shift, toony = _shading(number("_ShadeShift", 0.0), number("_ShadeToony", 0.9))
        *_, alpha = read_numbers(self._vectors, "_Color", (1.0,) * 4, 0.0)
        matcap = texture("_SphereAdd")
        return replace(
            plain,
            base_color=(*color("_Color", (1.0, 1.0, 1.0)), min(alpha, 1.0)),
            base_texture=texture("_MainTex"),
            alpha_mode=_BLEND_MODES[blend],
            alpha_cutoff=number("_Cutoff", 0.5),
            double_sided=read_integer(self._floats, "_CullMode", 2, 0, 2) == 0,
            unlit=False,
            physically_based=False,
            limits_to_base=True,
            transparent_with_z_write=blend == _WITH_Z_WRITE,
            normal_texture=texture("_BumpMap"),
            normal_scale=number("_BumpScale", 1.0),
            emissive=self._raw_color("_EmissionColor", (0.0, 0.0, 0.0)),
            emissive_texture=texture("_EmissionMap"),
            shade_color=color("_ShadeColor", (0.97, 0.81, 0.86)),
            shade_texture=texture("_ShadeTexture"),
            shading_shift=shift,
            shading_toony=toony,
            gi_equalization=min(max(1.0 - number("_IndirectLightIntensity", 0.1), 0.0), 1.0),
            # 0.x added its sphere texture unscaled, and nothing where there was none.
            matcap_color=(1.0, 1.0, 1.0) if matcap else (0.0, 0.0, 0.0),
            matcap_texture=matcap,
            rim_color=color("_RimColor", (0.0, 0.0, 0.0)),
            rim_texture=texture("_RimTexture"),
            rim_lighting_mix=number("_RimLightingMix", 0.0),
            rim_fresnel_power=number("_RimFresnelPower", 1.0, 0.0),
            rim_lift=number("_RimLift", 0.0),
            outline_mode=outline,
            outline_width=self._outline_width(outline),
            outline_width_texture=texture("_OutlineWidthTexture"),
            outline_color=color("_OutlineColor", (0.0, 0.0, 0.0)),
            outline_lighting_mix=(
                number("_OutlineLightingMix", 1.0)
                if read_integer(self._floats, "_OutlineColorMode", 0, 0, 1) == 1
                else 0.0
            ),
            uv_scroll=(number("_UvAnimScrollX", 0.0), -number("_UvAnimScrollY", 0.0)),
            uv_rotation=number("_UvAnimRotation", 0.0) * math.tau,
            uv_mask_texture=texture("_UvAnimMaskTexture"),
        )

    def _outline_width(self, mode: OutlineMode) -> float:
        width = read_number(self._floats, "_OutlineWidth", 0.5, 0.0)
        if mode is OutlineMode.WORLD:
            return width * _METRES_PER_CENTIMETRE
        return width * _HEIGHTS_PER_UNIT if mode is OutlineMode.SCREEN else 0.0

    def _raw_color(self, key: str, default: Color) -> Color:
        red, green, blue = read_numbers(self._vectors, key, default, 0.0)
        return red, green, blue

    def _color(self, key: str, default: Color) -> Color:
        red, green, blue = self._raw_color(key, default)
        return linear(red), linear(green), linear(blue)

    def _texture(self, key: str) -> TextureUse | None:
        place = self._textures.optional(self._pictures, key)
        return None if place is None else TextureUse(place, self._offset, self._scale)


def _shading(shift: float, toony: float) -> tuple[float, float]:
    """Convert shift and toony from 0.x to MToon 1.0.

    0.x blends from shade to lit over n·l in [shift, lerp(1, shift, toony)]; 1.0 over
    [−shift − (1 − toony), −shift + (1 − toony)].
    """
    low, high = shift, 1.0 + (shift - 1.0) * toony
    return (
        min(max(-(high + low) / 2.0, -1.0), 1.0),
        min(max(1.0 - (high - low) / 2.0, 0.0), 1.0),
    )
