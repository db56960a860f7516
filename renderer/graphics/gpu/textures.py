"""Upload textures, once for each colour space in which they are sampled.

A software rasteriser converts each of a sample's eight texels from sRGB. It filters plain bytes in
integers, four of them without a visible difference, so that colours are uploaded as square roots of
linear light, which shaders square: COLORS_AS_ROOTS.
"""

from __future__ import annotations

import logging
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt
from PIL import Image

from avatars.model import Texture
from renderer.graphics.gpu import gl

SRGB8_ALPHA8: Final = 0x8C43
"""GL_SRGB8_ALPHA8: the GPU converts to linear light before filtering."""

_SRGB: Final = np.arange(256) / 255.0
_LINEAR: Final = np.where(_SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4)
_ROOTS: Final = np.round(255.0 * np.sqrt(_LINEAR)).astype(np.uint8)
"""Square root of linear light, 0 to 255, for each sRGB value (IEC 61966-2-1)."""

_log = logging.getLogger(__name__)


class Textures:
    """The textures of one avatar or set; those larger than the GPU allows are scaled down.

    Args:
        anisotropy: maximum anisotropy; 1 is cheapest.
        are_roots: whether colours are square roots of linear light, and filtered for speed.
    """

    def __init__(
        self,
        context: moderngl.Context,
        textures: tuple[Texture, ...],
        anisotropy: float,
        *,
        are_roots: bool = False,
    ) -> None:
        self.are_roots = are_roots
        self._context = context
        self._sources = textures
        self._anisotropy = anisotropy
        self._largest = int(context.info["GL_MAX_TEXTURE_SIZE"])
        self._uploaded: dict[tuple[int, bool], moderngl.Texture] = {}

    def get(self, index: int, *, is_color: bool) -> moderngl.Texture:
        """Return the uploaded texture; `is_color` means that texels are sRGB, not linear data."""
        key = (index, is_color)
        if key not in self._uploaded:
            self._uploaded[key] = self._upload(self._sources[index], is_color)
        return self._uploaded[key]

    def _upload(self, source: Texture, is_color: bool) -> moderngl.Texture:
        pixels = scale_down(source.pixels, self._largest)
        height, width = pixels.shape[:2]
        if pixels is not source.pixels:
            _log.warning("texture %s was scaled down to %d×%d", source.name, width, height)
        is_srgb = is_color and not self.are_roots
        if is_color and self.are_roots:
            pixels = np.concatenate((_ROOTS[pixels[..., :3]], pixels[..., 3:]), axis=2)
        # GL's first row is at v = 0, as in glTF: no vertical flip.
        texture = self._context.texture(
            (width, height),
            4,
            np.ascontiguousarray(pixels),
            internal_format=SRGB8_ALPHA8 if is_srgb else None,
        )
        gl.check_errors(f"texture {source.name!r} of {width}×{height}")
        if source.nearest:
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        else:
            texture.build_mipmaps()
            texture.filter = (
                moderngl.LINEAR_MIPMAP_NEAREST if self.are_roots else moderngl.LINEAR_MIPMAP_LINEAR,
                moderngl.LINEAR,
            )
            texture.anisotropy = self._anisotropy
        texture.repeat_x, texture.repeat_y = (wrap == "repeat" for wrap in source.wrap)
        if "mirror" in source.wrap:
            texture.use(0)
            gl.mirror_bound_texture(*(wrap == "mirror" for wrap in source.wrap))
        return texture


def scale_down(pixels: npt.NDArray[np.uint8], largest: int) -> npt.NDArray[np.uint8]:
    """Return an image (h, w, 4) whose sides are at most `largest`; the same array if they are."""
    height, width = pixels.shape[:2]
    if max(height, width) <= largest:
        return pixels
    share = largest / max(height, width)
    size = max(1, int(width * share)), max(1, int(height * share))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
