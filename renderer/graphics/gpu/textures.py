"""Upload textures, once for each colour space in which they are sampled."""

from __future__ import annotations

from typing import Final

import moderngl

from avatars.model import Texture
from renderer.graphics.gpu import gl

SRGB8_ALPHA8: Final = 0x8C43
"""GL_SRGB8_ALPHA8: the GPU converts to linear light before filtering."""


class Textures:
    """The textures of one avatar.

    Args:
        anisotropy: maximum anisotropy; 1 is cheapest.
    """

    def __init__(
        self, context: moderngl.Context, textures: tuple[Texture, ...], anisotropy: float
    ) -> None:
        self._context = context
        self._sources = textures
        self._anisotropy = anisotropy
        self._uploaded: dict[tuple[int, bool], moderngl.Texture] = {}

    def get(self, index: int, *, is_color: bool) -> moderngl.Texture:
        """Return the uploaded texture; `is_color` means that texels are sRGB, not linear data."""
        key = (index, is_color)
        if key not in self._uploaded:
            self._uploaded[key] = self._upload(self._sources[index], is_color)
        return self._uploaded[key]

    def _upload(self, source: Texture, is_color: bool) -> moderngl.Texture:
        height, width = source.pixels.shape[:2]
        # GL's first row is at v = 0, as in glTF: no vertical flip.
        texture = self._context.texture(
            (width, height),
            4,
            source.pixels.tobytes(),
            internal_format=SRGB8_ALPHA8 if is_color else None,
        )
        if source.nearest:
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        else:
            texture.build_mipmaps()
            texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
            texture.anisotropy = self._anisotropy
        texture.repeat_x, texture.repeat_y = (wrap == "repeat" for wrap in source.wrap)
        if "mirror" in source.wrap:
            texture.use(0)
            gl.mirror_bound_texture(*(wrap == "mirror" for wrap in source.wrap))
        return texture
