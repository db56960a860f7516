"""Convert materials for the toon shader: uniform block, texture units, shader variant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.model import AlphaMode, Material, OutlineMode, TextureUse
from renderer.graphics.gpu.shaders import UNITS
from renderer.graphics.gpu.textures import Textures

_ROWS: Final = 30
"""Size of the block in shaders/material.glsl, in vec4."""
_FIRST_UV: Final = 10
"""First row of `uv_rows`; each texture slot has two rows."""


@dataclass(frozen=True, slots=True)
class MaterialBinding:
    """The GPU bindings of a material's draw calls.

    Attributes:
        block: its uniform buffer.
        values: (30, 4) float32, the contents of the buffer.
        textures: (texture, unit) of those that the variant samples.
        defines: of the shader variant.
    """

    material: Material
    block: moderngl.Buffer
    values: npt.NDArray[np.float32]
    textures: tuple[tuple[moderngl.Texture, int], ...]
    defines: tuple[str, ...]

    def change(self, colors: npt.NDArray[np.float32], uvs: npt.NDArray[np.float32]) -> None:
        """Upload the material values of the current expressions, if they differ from the buffer's.

        Args:
            colors: (6, 4), ordered as avatars.material_values returns them.
            uvs: (10, 4), ordered likewise.
        """
        rows = self.values.copy()
        rows[0] = colors[0]
        rows[1:6, :3] = colors[1:, :3]
        for slot, (_, _, use, _) in enumerate(_slots(self.material)[:-1]):
            u, v, width, height = (float(value) for value in uvs[slot])
            placed = TextureUse(0, (u, v), (width, height), use.rotation if use else 0.0)
            rows[_FIRST_UV + 2 * slot : _FIRST_UV + 2 * slot + 2, :3] = _uv_rows(placed)
        if not np.array_equal(rows, self.values):
            self.values[:] = rows
            self.block.write(rows)

    @property
    def has_outline(self) -> bool:
        """Return whether an outline is drawn."""
        return has_outline(self.material)


def has_outline(material: Material) -> bool:
    """Return whether a material has an outline; one that blends without depth writes has none."""
    solid = material.alpha_mode is not AlphaMode.BLEND or material.transparent_with_z_write
    return solid and material.outline_mode is not OutlineMode.NONE and material.outline_width > 0.0


def bind(
    context: moderngl.Context,
    textures: Textures,
    material: Material,
    *,
    changes: bool,
    has_colors: bool,
    has_tangents: bool,
) -> MaterialBinding:
    """Upload a material's uniform block and look up its textures.

    Args:
        changes: whether expressions change the material; its variant must then not be specialised
            for the rest values.
        has_colors: whether it shows vertex colours.
        has_tangents: whether its normal map uses the file's tangents.
    """
    slots = _slots(material)
    bound, defines = [], []
    for sampler, define, use, is_color in slots:
        if use is not None:
            bound.append((textures.get(use.texture, is_color=is_color), UNITS[sampler]))
            defines.append(define)
    if material.alpha_mode is AlphaMode.MASK:
        defines.append("CUTOUT")
    if material.alpha_mode is AlphaMode.BLEND:
        defines.append("BLENDED")
    if material.double_sided:
        defines.append("DOUBLE_SIDED")
    if material.unlit:
        defines.append("UNLIT")
    if material.physically_based:
        defines.append("PHYSICAL")
    if material.limits_to_base:
        defines.append("LIMITS_TO_BASE")
    if has_colors:
        defines.append("HAS_VERTEX_COLOR")
    if has_tangents:
        defines.append("HAS_TANGENT")
    if changes or material.outline_lighting_mix > 0.0:
        defines.append("OUTLINE_LIT")
    if textures.are_roots:
        defines.append("COLORS_AS_ROOTS")
    second = sum(use.uv_set << slot for slot, (*_, use, _) in enumerate(slots) if use is not None)
    if second:
        defines.append(f"SECOND_UV {second}")
    if changes or any(material.rim_color):
        defines.append("HAS_RIM_COLOR")
    if any(material.uv_scroll) or material.uv_rotation:
        defines.append("UV_ANIMATION")
    if changes or any(use is not None and _is_placed(use) for _, _, use, _ in slots):
        defines.append("UV_TRANSFORM")
    values = pack_material(material)
    return MaterialBinding(
        material, context.buffer(values.tobytes()), values, tuple(bound), tuple(defines)
    )


def _slots(m: Material) -> tuple[tuple[str, str, TextureUse | None, bool], ...]:
    """Return (sampler, define, use, whether it is sRGB colour) of each texture slot, by number."""
    return (
        ("base_map", "HAS_BASE", m.base_texture, True),
        ("shade_map", "HAS_SHADE", m.shade_texture, True),
        ("shift_map", "HAS_SHIFT", m.shading_shift_texture, False),
        ("normal_map", "HAS_NORMAL", m.normal_texture, False),
        ("emissive_map", "HAS_EMISSIVE", m.emissive_texture, True),
        ("rim_map", "HAS_RIM", m.rim_texture, True),
        ("outline_map", "HAS_OUTLINE", m.outline_width_texture, False),
        ("uv_mask_map", "HAS_UV_MASK", m.uv_mask_texture, False),
        ("metallic_roughness_map", "HAS_METALLIC_ROUGHNESS", m.metallic_roughness_texture, False),
        ("occlusion_map", "HAS_OCCLUSION", m.occlusion_texture, False),
        ("matcap_map", "HAS_MATCAP", m.matcap_texture, True),
    )


def pack_material(m: Material) -> npt.NDArray[np.float32]:
    """Return the uniform block of shaders/material.glsl: (30, 4) float32."""
    rows = np.zeros((_ROWS, 4), np.float32)
    rows[0] = m.base_color
    rows[1] = *m.shade_color, m.shading_shift
    rows[2] = *m.emissive, m.shading_toony
    rows[3] = *m.matcap_color, m.gi_equalization
    rows[4] = *m.rim_color, m.rim_lighting_mix
    rows[5] = *m.outline_color, m.outline_lighting_mix
    rows[6] = m.rim_fresnel_power, m.rim_lift, m.alpha_cutoff, m.normal_scale
    of_screen = m.outline_mode is OutlineMode.SCREEN
    rows[7] = m.shading_shift_texture_scale, m.outline_width, of_screen, 0.0
    rows[8] = *m.uv_scroll, m.uv_rotation, 0.0
    rows[9] = m.metallic, m.roughness, m.occlusion_strength, 0.0
    # A matcap is sampled by the normal, so it has no UV rows.
    for slot, (_, _, use, _) in enumerate(_slots(m)[:-1]):
        first = _FIRST_UV + 2 * slot
        rows[first : first + 2, :3] = _uv_rows(use)
    return rows


def _is_placed(use: TextureUse) -> bool:
    return (use.offset, use.scale, use.rotation) != ((0.0, 0.0), (1.0, 1.0), 0.0)


def _uv_rows(use: TextureUse | None) -> tuple[tuple[float, float, float], ...]:
    """Return KHR_texture_transform as rows: scale, counter-clockwise rotation (v down), offset."""
    if use is None:
        return (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    c, s = math.cos(use.rotation), math.sin(use.rotation)
    (width, height), (u, v) = use.scale, use.offset
    return (c * width, s * height, u), (-s * width, c * height, v)
