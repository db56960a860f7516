"""Select the defines that each shader of an avatar reads, so that few variants are compiled."""

from __future__ import annotations

from typing import Final

_DEPTH: Final = (
    "HAS_BASE", "CUTOUT", "UV_TRANSFORM", "UV_ANIMATION", "HAS_UV_MASK", "HAS_VERTEX_COLOR",
)  # fmt: skip
_OUTLINE: Final = (
    "HAS_BASE", "CUTOUT", "UV_TRANSFORM", "UV_ANIMATION", "HAS_UV_MASK", "HAS_OUTLINE", "SECOND_UV",
)  # fmt: skip
_LIT_OUTLINE: Final = (
    *_OUTLINE, "OUTLINE_LIT", "UNLIT", "HAS_EMISSIVE", "HAS_SHADE", "HAS_SHIFT", "HAS_MATCAP",
    "HAS_RIM_COLOR", "HAS_RIM", "LIMITS_TO_BASE", "COLORS_AS_ROOTS",
)  # fmt: skip
_OUTLINE_ALONE: Final = ("OUTLINE_LIT", "HAS_OUTLINE")
_AT_VERTICES: Final = "LIGHTS_AT_VERTICES"
_TOON_ALONE: Final = (_AT_VERTICES, "TESTS_DEPTH_LATE")
_PER_PIXEL: Final = ("UNLIT", "PHYSICAL", "HAS_NORMAL", "HAS_SHIFT")
"""Materials whose lights cannot be evaluated at vertices: unlit, or shaded by a texture."""


def toon_defines(
    material: tuple[str, ...], surface: tuple[str, ...], *, is_vertex_lit: bool
) -> tuple[str, ...]:
    """Return the defines of toon.frag.glsl.

    Args:
        material: the material's defines.
        surface: those of every lit surface.
        is_vertex_lit: whether lights at vertices suit its triangles: small ones, and no lashes,
            whose vertices do not tell which side is seen.
    """
    per_pixel = not is_vertex_lit or any(one in _PER_PIXEL for one in material)
    return (
        *(one for one in material if one not in _OUTLINE_ALONE),
        *(one for one in surface if not (per_pixel and one == _AT_VERTICES)),
    )


def outline_defines(material: tuple[str, ...], surface: tuple[str, ...]) -> tuple[str, ...]:
    """Return the defines of outline.frag.glsl; the arguments are those of `toon_defines`."""
    if "OUTLINE_LIT" not in material:
        return _select(material, _OUTLINE)
    return (*_select(material, _LIT_OUTLINE), *(one for one in surface if one not in _TOON_ALONE))


def depth_defines(material: tuple[str, ...]) -> tuple[str, ...]:
    """Return the defines of depth.frag.glsl for an alpha-tested material."""
    return _select(material, _DEPTH)


def _select(defines: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(define for define in defines if define.split()[0] in names)
