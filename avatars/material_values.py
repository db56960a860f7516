"""Compute how an avatar's expressions change its materials.

Source: VRMC_vrm-1.0 expressions.md, "Expression update algorithm": a value is its rest value plus,
for each expression, weight · (target − rest). The textures of a material share one target, but each
has its own rest value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from avatars.model import F32, I32, Avatar, ColorSlot, Expression, Material, TextureUse

COLOR_SLOTS: Final[tuple[ColorSlot, ...]] = (
    "base_color", "shade_color", "emissive", "matcap_color", "rim_color", "outline_color",
)  # fmt: skip
"""The field of Material for each row of `colors`."""

UV_SLOTS: Final = (
    "base_texture", "shade_texture", "shading_shift_texture", "normal_texture", "emissive_texture",
    "rim_texture", "outline_width_texture", "uv_mask_texture", "metallic_roughness_texture",
    "occlusion_texture",
)  # fmt: skip
"""The field of Material for each row of `uvs`; a matcap is sampled by normal and has no UVs."""


_COLORS: Final = len(COLOR_SLOTS)


class MaterialValues:
    """The material values that one avatar's expressions change; buffers are allocated once.

    Attributes:
        materials: (b,) int32, ascending indices of the materials that any expression changes.
        colors: (b, 6, 4) float32, linear RGBA in the order of COLOR_SLOTS; alpha applies to the
            base colour only and is 1 elsewhere.
        uvs: (b, 10, 4) float32, offset u, v and scale u, v in the order of UV_SLOTS, which replace
            those of the TextureUse. `apply` writes `colors` and `uvs`; they start at rest.
    """

    def __init__(self, avatar: Avatar) -> None:
        bound = {bind.material for e in avatar.expressions for bind in e.color_binds}
        bound |= {bind.material for e in avatar.expressions for bind in e.uv_binds}
        self.materials: Final[I32] = np.array(sorted(bound), np.int32)
        used = {number: avatar.materials[number] for number in sorted(bound)}
        self._rest = _rest(used)
        self._deltas = np.zeros((len(avatar.expressions), self._rest.size), np.float32)
        for delta, expression in zip(self._deltas, avatar.expressions, strict=True):
            _add_change(delta.reshape(self._rest.shape), expression, used, self._rest)
        self._values = self._rest.copy()
        self.colors: Final[F32] = self._values[:, :_COLORS]
        self.uvs: Final[F32] = self._values[:, _COLORS:]

    def apply(self, weights: F32) -> None:
        """Write `colors` and `uvs`.

        Args:
            weights: (e,) the expressions' weights, overrides applied.
        """
        if len(self.materials):
            np.matmul(weights, self._deltas, out=self._values.reshape(-1))
            np.add(self._values, self._rest, out=self._values)


def _rest(materials: Mapping[int, Material]) -> F32:
    """Return the materials' own colours, then texture transforms, as (b, 6 + 10, 4)."""
    rest = np.ones((len(materials), _COLORS + len(UV_SLOTS), 4), np.float32)
    for row, material in zip(rest, materials.values(), strict=True):
        for slot, name in enumerate(COLOR_SLOTS):
            color = getattr(material, name)
            row[slot, : len(color)] = color
        for slot, field in enumerate(UV_SLOTS, _COLORS):
            use: TextureUse = getattr(material, field) or TextureUse(0)
            row[slot] = (*use.offset, *use.scale)
    return rest


def _add_change(
    delta: F32, expression: Expression, materials: Mapping[int, Material], rest: F32
) -> None:
    """Add target − rest of an expression at weight 1 to delta (b, 6 + 10, 4)."""
    rows = {number: row for row, number in enumerate(materials)}
    for color in expression.color_binds:
        row, slot = rows[color.material], COLOR_SLOTS.index(color.slot)
        # Only the base colour has an alpha.
        width = 4 if color.slot == "base_color" else 3
        delta[row, slot, :width] += np.array(color.value, np.float32)[:width]
        delta[row, slot, :width] -= rest[row, slot, :width]
    for uv in expression.uv_binds:
        row = rows[uv.material]
        target = np.array([*uv.offset, *uv.scale], np.float32)
        for slot, field in enumerate(UV_SLOTS, _COLORS):
            if getattr(materials[uv.material], field) is not None:
                # An axis that the bind does not change is None, which numpy converts to NaN.
                delta[row, slot] += np.nan_to_num(target - rest[row, slot], nan=0.0)
