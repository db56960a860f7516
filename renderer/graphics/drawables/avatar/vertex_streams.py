"""Collect the vertex attributes that only some materials read, at no cost for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatars.model import Material, Primitive, TextureUse

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VertexStreams:
    """Optional attributes of merged vertices, and the materials that read them.

    Attributes:
        second_uv: (n, 2); None if no texture uses the second UV set.
        color: (n, 4) linear RGBA; None if no material uses vertex colours.
        tangent: (n, 4) tangent and the bitangent's sign; None if no normal map has tangents.
        colored: materials that use vertex colours. MToon ignores them, as its specification says.
        bumped: materials whose normal map uses the file's tangents, because all their vertices
            have one.
    """

    second_uv: F32 | None
    color: F32 | None
    tangent: F32 | None
    colored: frozenset[int]
    bumped: frozenset[int]


def collect_streams(
    primitives: Sequence[Primitive], materials: Sequence[Material]
) -> VertexStreams:
    """Return the optional attributes of primitives, concatenated in their order."""
    used = {primitive.material for primitive in primitives}
    colored = frozenset(
        p.material
        for p in primitives
        if (materials[p.material].unlit or materials[p.material].physically_based)
        and np.any(p.color != 1.0)
    )
    bare = {p.material for p in primitives if p.tangent is None}
    bumped = frozenset(m for m in used - bare if materials[m].normal_texture is not None)
    has_second_uv = any(use.uv_set for m in used for use in texture_uses(materials[m]))
    return VertexStreams(
        _join([(p.second_uv, len(p.position)) for p in primitives], 2) if has_second_uv else None,
        np.concatenate([p.color for p in primitives]).astype(np.float32) if colored else None,
        _join([(p.tangent, len(p.position)) for p in primitives], 4) if bumped else None,
        colored,
        bumped,
    )


def texture_uses(m: Material) -> list[TextureUse]:
    """Return the textures of a material that a UV set places."""
    slots = (
        m.base_texture, m.shade_texture, m.shading_shift_texture, m.normal_texture,
        m.emissive_texture, m.rim_texture, m.outline_width_texture, m.uv_mask_texture,
        m.metallic_roughness_texture, m.occlusion_texture,
    )  # fmt: skip
    return [use for use in slots if use is not None]


def _join(parts: Sequence[tuple[F32 | None, int]], width: int) -> F32:
    """Return (n, width) values of all parts; zeros for parts without values."""
    filled = [np.zeros((n, width), np.float32) if own is None else own for own, n in parts]
    return np.concatenate(filled).astype(np.float32)
