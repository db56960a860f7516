"""Cache the pictures of titles in one texture atlas; each is rasterised and uploaded once."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.text.raster import rasterise
from renderer.graphics.text.shaping import shape_line
from renderer.stage.text.titles import Logo

U8 = npt.NDArray[np.uint8]

SIZE: Final = (4096, 1024)
"""Size of the texture, texels (16 MB): a line across a 4K picture fits."""
BYTES_KEPT: Final = 96 << 20
"""Capacity of the cache of rasterised pictures, bytes: at 1080p 150 lines, two languages of a long
song."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TextKey:
    """A line of text at a size.

    Attributes:
        size: of an em, pixels.
    """

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class LogoKey:
    """A logo at a height, pixels. Logos are compared by identity."""

    logo: Logo
    height: int


Key = TextKey | LogoKey


@dataclass(frozen=True, slots=True)
class Region:
    """A picture's place in the texture.

    Attributes:
        left, top, width, height: texels.
        origin: column of a text's start, and row of its baseline, within the picture.
    """

    left: int
    top: int
    width: int
    height: int
    origin: tuple[int, int] = (0, 0)


class Atlas:
    """The texture of all titles: a text's channels are fill, outline and shadow; a logo is RGBA.

    Pictures are packed on shelves. If the texture is full, it is cleared and filled with the
    frame's pictures.
    """

    def __init__(self, context: moderngl.Context) -> None:
        side = int(context.info["GL_MAX_TEXTURE_SIZE"])
        self._width, self._height = min(SIZE[0], side), min(SIZE[1], side)
        self.texture = context.texture((self._width, self._height), 4)
        self.texture.filter = moderngl.LINEAR, moderngl.LINEAR
        self.texture.repeat_x = self.texture.repeat_y = False
        self._regions: dict[Key, Region | None] = {}
        self._clear_shelves()
        self._pictures = _Pictures()

    def prepare(self, keys: Iterable[Key]) -> None:
        """Rasterise pictures in advance, so that they only have to be uploaded when needed."""
        self._pictures.prepare(keys)

    def require(self, keys: Iterable[Key]) -> None:
        """Upload the pictures of a frame, unless the texture contains them; `get` returns them."""
        needed = list(keys)
        missing = [key for key in needed if key not in self._regions]
        if not missing:
            return
        for key in missing:
            self._regions[key] = self._add(key)
        if any(self._regions[key] is None for key in missing):
            self._regions.clear()
            self._clear_shelves()
            for key in dict.fromkeys(needed):
                self._regions[key] = self._add(key)
                if self._regions[key] is None:
                    _log.warning("a title is too large for the picture and is left out: %s", key)

    def get(self, key: Key) -> Region | None:
        """Return a required picture's place; None if it is too large for the texture."""
        return self._regions[key]

    def _clear_shelves(self) -> None:
        self._shelf_top = self._shelf_height = self._column = 0

    def _add(self, key: Key) -> Region | None:
        pixels, origin = self._pictures.get(key)
        height, width = pixels.shape[:2]
        if self._column + width > self._width:
            self._shelf_top += self._shelf_height
            self._column = self._shelf_height = 0
        if width > self._width or self._shelf_top + height > self._height:
            return None
        region = Region(self._column, self._shelf_top, width, height, origin)
        self.texture.write(pixels, (region.left, region.top, width, height))
        self._column += width
        self._shelf_height = max(self._shelf_height, height)
        return region


class _Pictures:
    """An LRU cache of rasterised pictures, limited in bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[U8, tuple[int, int]]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key) -> tuple[U8, tuple[int, int]]:
        """Return a picture (h, w, 4) and its origin; rasterise it if it is not cached."""
        if key not in self._kept:
            self._kept[key] = made = _picture_of(key)
            self._bytes += made[0].nbytes
            while self._bytes > BYTES_KEPT and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1][0].nbytes
        self._kept.move_to_end(key)
        return self._kept[key]

    def prepare(self, keys: Iterable[Key]) -> None:
        """Rasterise pictures in the order of their use, until half of the capacity is used."""
        for key in keys:
            if 2 * self._bytes > BYTES_KEPT:
                return
            self.get(key)


def _picture_of(key: Key) -> tuple[U8, tuple[int, int]]:
    """Return a picture (h, w, 4), and its origin."""
    if isinstance(key, TextKey):
        drawn = rasterise(shape_line(key.text), key.size)
        alpha = np.full((*drawn.pixels.shape[:2], 1), 255, np.uint8)
        return np.concatenate((drawn.pixels, alpha), axis=-1), (drawn.left, drawn.baseline)
    pixels = key.logo.pixels.astype(np.float32)
    pixels[..., :3] *= pixels[..., 3:] / 255.0
    height, width = pixels.shape[:2]
    size = max(1, round(width * key.height / height)), key.height
    scaled = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    # A transparent border, so that filtering never samples a neighbour.
    framed = np.pad(np.rint(scaled).astype(np.uint8), ((1, 1), (1, 1), (0, 0)))
    return framed, (1, 1)
