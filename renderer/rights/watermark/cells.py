"""Lay out the mark: a grid of cells, each a smooth bump or dent of the luma.

The grid has 45 cells over the picture's shorter side, at any size, so that a scaled picture has the
same grid. A quarter of the cells have signs that the key alone decides, by which the mark is found;
the others spread the code's bits, each over some 21 cells of a 16:9 picture.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.payload import BITS

SHORT_CELLS: Final = 45
"""Cells over the shorter side: 24 pixels each at 1920x1080, which codecs keep at usual rates."""
AMPLITUDE: Final = 2.4
"""Largest change of a pixel's luma from 720 lines, in 8-bit steps: a PSNR of 48.4 dB. At 3.7 an eye
saw the cells on dark ground and white cloth; at 2.4 a payload is still read from the weakest of the
copies that `encore bench rights --clips` makes."""
SMALL_AMPLITUDE: Final = 4.0
"""The same up to 540 lines, whose cells of a few pixels codecs keep less of: 44.2 dB."""
PUBLIC_KEY: Final = b"Encore watermark 1"
"""Key of marks that everybody can read. A studio's own key makes a mark that only it finds."""

_SYNC_SHARE: Final = 4
"""One cell of this number is for finding the mark."""


@dataclass(frozen=True, slots=True, eq=False)
class CellGrid:
    """The cells of a picture of some shape under a key.

    Attributes:
        rows, columns: of the grid.
        signs: the key's sign of each cell, (rows, columns), -1 or +1.
        bits: the code's bit that each cell spreads, (rows, columns); -1 where it is for finding.
    """

    rows: int
    columns: int
    signs: NDArray[np.int8]
    bits: NDArray[np.int16]

    @property
    def sync(self) -> NDArray[np.int8]:
        """Return the signs of the cells for finding, 0 elsewhere."""
        return np.where(self.bits < 0, self.signs, np.int8(0)).astype(np.int8)

    def spread(self, code: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return every cell's sign for a code's bits (-1, +1)."""
        chosen = np.where(self.bits < 0, np.int8(1), code[np.maximum(self.bits, 0)])
        return (self.signs * chosen).astype(np.int8)

    def collect(self, cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the evidence for each bit from the measured cells, (rows, columns)."""
        weighted = (cells * self.signs).ravel()
        carries = self.bits.ravel() >= 0
        sums = np.bincount(self.bits.ravel()[carries], weighted[carries], minlength=BITS)
        return sums.astype(np.float64)


def make_grid(width: int, height: int, key: bytes = PUBLIC_KEY) -> CellGrid:
    """Return the grid of a picture.

    Args:
        width: of the picture, pixels; only the ratio of the sides matters.
        height: likewise.
        key: decides signs and places.
    """
    short = min(width, height)
    columns = max(1, round(SHORT_CELLS * width / short))
    return _make_grid(max(1, round(SHORT_CELLS * height / short)), columns, key)


@lru_cache(maxsize=16)
def _make_grid(rows: int, columns: int, key: bytes) -> CellGrid:
    count = rows * columns
    seed = hashlib.sha256(key + f" {rows} {columns}".encode()).digest()
    chooser = np.random.Generator(np.random.Philox(key=int.from_bytes(seed[:16], "big")))
    signs = chooser.integers(0, 2, count, np.int8) * np.int8(2) - np.int8(1)
    order = chooser.permutation(count)
    bits = np.full(count, -1, np.int16)
    carrying = order[count // _SYNC_SHARE :]
    bits[carrying] = np.arange(len(carrying), dtype=np.int16) % BITS
    return CellGrid(rows, columns, signs.reshape(rows, columns), bits.reshape(rows, columns))


def choose_amplitude(width: int, height: int) -> float:
    """Return the largest change of a pixel's luma in a picture of a size, in 8-bit steps."""
    share = min(1.0, max(0.0, 4.0 - min(width, height) / 180.0))
    return AMPLITUDE + share * (SMALL_AMPLITUDE - AMPLITUDE)


def bump(length: int, cells: int) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Return the height of the bumps along a side, and the cell of each pixel.

    Args:
        length: of the side, pixels.
        cells: along the side.

    Returns:
        A raised cosine that is 0 at the edges of every cell, and the cells' numbers.
    """
    at = (np.arange(length) + 0.5) * (cells / length)
    heights = 0.5 - 0.5 * np.cos(2.0 * np.pi * (at % 1.0))
    return heights.astype(np.float32), np.minimum(at.astype(np.intp), cells - 1)
