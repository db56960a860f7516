"""Rasterise a line of text for LED walls: a banner that repeats, or a centred line of lyrics."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from renderer.graphics.text.raster import rasterise
from renderer.graphics.text.shaping import shape_line

LINE_SIZE: Final = (2048, 64)
"""Size of a line's picture, texels."""
CENTERED_WIDTH: Final = 820
"""Maximum width of a centred line, texels; longer text is scaled down."""
_HEIGHT: Final = 46
"""Size of an em, texels."""
_SMALLEST: Final = 8
"""Minimum size of an em for long text, texels; text that is longer still is cut off."""
_GAP: Final = 3 * _HEIGHT
"""Gap between repetitions of a banner, texels."""
_LINES_KEPT: Final = 32
"""Maximum number of pictures in the cache, 128 KB each: the lines of a song."""


class TextLine:
    """The picture of a line of text for an LED wall.

    Attributes:
        pixels: LINE_SIZE[1] × LINE_SIZE[0] bytes, top row first; white on black.
        span: (left, right) of a centred line, as shares of the picture's width; (0, 0) for a
            banner.
    """

    def __init__(self) -> None:
        self.pixels: npt.NDArray[np.uint8] = np.zeros(LINE_SIZE[::-1], np.uint8)
        self.span = (0.0, 0.0)
        self._shown = ("", False)

    def set_text(self, text: str, *, is_centered: bool = False) -> bool:
        """Rasterise a text if it differs; return whether the pixels have changed.

        Args:
            text: one line; empty for none.
            is_centered: once in the middle; otherwise repeated, so that the picture tiles.
        """
        if (text, is_centered) == self._shown:
            return False
        self._shown = text, is_centered
        self.pixels[:], self.span = _rasterise_line(text, is_centered)
        return True


@lru_cache(maxsize=_LINES_KEPT)
def _rasterise_line(
    text: str, is_centered: bool
) -> tuple[npt.NDArray[np.uint8], tuple[float, float]]:
    picture = np.zeros(LINE_SIZE[::-1], np.uint8)
    line = shape_line(text)
    if not line.glyphs or not text.strip():
        return picture, (0.0, 0.0)
    room = CENTERED_WIDTH if is_centered else LINE_SIZE[0] - _GAP
    size = max(_SMALLEST, min(_HEIGHT, int(room / line.width)))
    drawn = rasterise(line, size, is_outlined=False)
    coverage = _fit_height(drawn.pixels[..., 0])[:, : LINE_SIZE[0]]
    height, width = coverage.shape
    top = (LINE_SIZE[1] - height) // 2
    times = 1 if is_centered else max(1, LINE_SIZE[0] // (width + _GAP))
    for number in range(times):
        left = round((number + 0.5) * LINE_SIZE[0] / times - width / 2)
        picture[top : top + height, left : left + width] = coverage
    if not is_centered:
        return picture, (0.0, 0.0)
    left = (LINE_SIZE[0] - width) // 2
    return picture, (left / LINE_SIZE[0], (left + width) / LINE_SIZE[0])


def _fit_height(coverage: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a line's coverage without empty rows, no higher than the picture."""
    rows = np.flatnonzero(coverage.any(axis=1))
    if len(rows):
        coverage = coverage[rows[0] : rows[-1] + 1]
    height, width = coverage.shape
    if height <= LINE_SIZE[1]:
        return coverage
    size = max(1, width * LINE_SIZE[1] // height), LINE_SIZE[1]
    return np.asarray(cv2.resize(coverage, size, interpolation=cv2.INTER_AREA), np.uint8)
