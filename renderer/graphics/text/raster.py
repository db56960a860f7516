"""Rasterise a shaped line: coverage of its fill, its outline and its soft shadow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import freetype
import numpy as np
import numpy.typing as npt

from renderer.graphics.text.shaping import Glyph, ShapedLine

U8 = npt.NDArray[np.uint8]

OUTLINE: Final = 0.055
"""Width of the outline, em: as wide as a bold letter's counter allows."""
SHADOW: Final = 0.11
"""Standard deviation of the shadow's blur, em."""
SHADOW_DROP: Final = 0.035
"""Vertical offset of the shadow below the letters, em."""
MARGIN: Final = 0.40
"""Space around a line's picture for outline and shadow, em: 3 standard deviations."""
_UNITS: Final = 64
"""FreeType's units in a pixel."""


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A rasterised line.

    Attributes:
        pixels: (h, w, 3) uint8, top row first: coverage of the fill, of fill and outline, and of
            the shadow.
        left: column of the line's start.
        baseline: row of the baseline.
    """

    pixels: U8
    left: int
    baseline: int


def rasterise(line: ShapedLine, size: float, *, is_outlined: bool = True) -> LinePicture:
    """Return a line's picture.

    Args:
        size: of an em, pixels.
        is_outlined: whether outline and shadow are drawn; without them both are zero, and the
            picture ends at the line's own box.
    """
    margin = math.ceil(MARGIN * size) if is_outlined else 1
    above, below = math.ceil(line.ascent * size), math.ceil(line.descent * size)
    height = above + below + 2 * margin
    pixels = np.zeros((height, math.ceil(line.width * size) + 2 * margin, 3), np.uint8)
    baseline = above + margin
    stroker = freetype.Stroker()
    stroker.set(
        round(OUTLINE * size * _UNITS),
        freetype.FT_STROKER_LINECAP_ROUND,
        freetype.FT_STROKER_LINEJOIN_ROUND,
        0,
    )
    face, edge = np.zeros((2, *pixels.shape[:2]), np.uint8)
    for glyph in line.glyphs:
        _draw_glyph(glyph, size, margin, baseline, face, None)
        if is_outlined:
            _draw_glyph(glyph, size, margin, baseline, edge, stroker)
    pixels[..., 0] = face
    if is_outlined:
        pixels[..., 1] = np.maximum(face, edge)
        drop = round(SHADOW_DROP * size)
        pixels[drop:, :, 2] = pixels[: height - drop, :, 1]
        pixels[..., 2] = cv2.GaussianBlur(pixels[..., 2], (0, 0), max(SHADOW * size, 0.5))
    return LinePicture(pixels, margin, baseline)


def _draw_glyph(
    glyph: Glyph, size: float, left: int, baseline: int, into: U8, stroker: freetype.Stroker | None
) -> None:
    """Draw a glyph, or its outline if a stroker is given, over the existing coverage."""
    face = glyph.font.outlines
    # 72 dots an inch: a point is a pixel. Unhinted, so that letters keep their places.
    face.set_char_size(round(size * _UNITS))
    face.load_glyph(glyph.index, freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP)
    shape = face.glyph.get_glyph()
    if stroker is not None:
        shape.stroke(stroker, True)
    x = left + glyph.x * size
    column = math.floor(x)
    origin = freetype.Vector(round((x - column) * _UNITS), round(glyph.y * size * _UNITS))
    drawn = shape.to_bitmap(freetype.FT_RENDER_MODE_NORMAL, origin, True)
    bitmap = drawn.bitmap
    if not bitmap.rows or not bitmap.width:
        return
    coverage = np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)
    coverage = coverage[:, : bitmap.width]
    top, start = baseline - drawn.top, column + drawn.left
    rows = slice(max(top, 0), min(top + bitmap.rows, into.shape[0]))
    columns = slice(max(start, 0), min(start + bitmap.width, into.shape[1]))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    part = into[rows, columns]
    shown = coverage[
        rows.start - top : rows.stop - top, columns.start - start : columns.stop - start
    ]
    np.maximum(part, shown, out=part)
