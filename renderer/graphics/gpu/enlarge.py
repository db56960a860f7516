"""Enlarge pictures with bilinear filtering on the processor, for software rasterisers.

The arithmetic is that of a GPU's linear filter with clamped coordinates, as in
shaders/scale_up.frag.glsl, with weights in 256ths.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled

I32 = npt.NDArray[np.int32]
U32 = npt.NDArray[np.uint32]


class Enlarger:
    """Enlarges pictures of one size.

    Args:
        source: width and height of the pictures, pixels.
        size: of the results.
    """

    def __init__(self, source: tuple[int, int], size: tuple[int, int]) -> None:
        self._columns = _place_taps(source[0], size[0])
        self._rows = _place_taps(source[1], size[1])
        self._mixed: U32 = np.zeros((2, source[0]), np.uint32)
        self._picture: U32 = np.zeros((size[1], size[0]), np.uint32)

    def run(self, pixels: U32) -> U32:
        """Return a picture (h, w), enlarged, valid until the next call."""
        _enlarge(pixels, self._columns, self._rows, self._mixed, self._picture)
        return self._picture


def _place_taps(source: int, size: int) -> I32:
    """Return (3, size): the two source pixels of each result's, and the second one's weight."""
    at = (np.arange(size) + 0.5) * source / size - 0.5
    first = np.floor(at).astype(np.int32)
    weight = np.round(256.0 * (at - first)).astype(np.int32)
    return np.stack((first.clip(0, source - 1), (first + 1).clip(0, source - 1), weight)).astype(
        np.int32
    )


@compiled
def _enlarge(pixels: U32, columns: I32, rows: I32, mixed: U32, picture: U32) -> None:
    """Fill a picture; two channels at a time, 16 bits each.

    Args:
        mixed: (2, w) is overwritten: red and blue, green and alpha of a row between two of the
            source's.
    """
    pair, half = np.uint32(0xFF00FF), np.uint32(0x800080)
    width, wide = picture.shape[1], pixels.shape[1]
    for y in range(picture.shape[0]):
        above, below = pixels[rows[0, y]], pixels[rows[1, y]]
        b = np.uint32(rows[2, y])
        a = np.uint32(256) - b
        for x in range(wide):
            one, two = above[x], below[x]
            mixed[0, x] = (((one & pair) * a + (two & pair) * b + half) >> np.uint32(8)) & pair
            one, two = (one >> np.uint32(8)) & pair, (two >> np.uint32(8)) & pair
            mixed[1, x] = ((one * a + two * b + half) >> np.uint32(8)) & pair
        out = picture[y]
        for x in range(width):
            left, right, d = columns[0, x], columns[1, x], np.uint32(columns[2, x])
            c = np.uint32(256) - d
            rb = ((mixed[0, left] * c + mixed[0, right] * d + half) >> np.uint32(8)) & pair
            ga = (mixed[1, left] * c + mixed[1, right] * d + half) & np.uint32(0xFF00FF00)
            out[x] = rb | ga
