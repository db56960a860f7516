"""Find the mark in pictures that were encoded again, scaled, cropped or filmed from a screen.

The sum of the pictures is correlated with the signs of the cells for finding, over all positions
and a range of scales, by Fourier transform at half the size. The best places are refined, and read
at the full size; the pattern there decides whether there is a mark (`evidence.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from renderer.rights.watermark.cells import PUBLIC_KEY, CellGrid, bump, make_grid
from renderer.rights.watermark.evidence import FOUND, READ, measure
from renderer.rights.watermark.payload import Payload, decode, encode
from renderer.rights.watermark.picture_sum import F32, PIXELS_A_CELL, PictureSum, fit_shape, halve
from renderer.rights.watermark.place import Place, read_cells

_SCALES: Final = tuple(float(one) for one in np.linspace(0.78, 1.30, 53))
"""Sizes of the shown grid relative to the picture: below 1 the picture has borders, above 1 it was
cropped. Steps of 1 % are half a cell at the picture's edge, which still adds up in its middle."""
_FINE: Final = tuple(float(one) for one in np.linspace(0.992, 1.008, 9))
"""Changes of a scale that are tried after it."""
_NEAR: Final = (-0.5, 0.0, 0.5)
"""Displacements of a place that are tried after it, pixels of the halved image."""
_PLACES: Final = 6
"""Most places that are read."""
_PROMISING: Final = 4.4
"""Least height of a peak that is read, in standard deviations of the correlation elsewhere; the
highest of a picture without a mark is 4 to 5.5."""

_READABLE: Final = 2.5
"""z of the cells for finding from which the payload is decoded; on average half that of all."""


@dataclass(frozen=True, slots=True)
class Detection:
    """Result of a search.

    Attributes:
        payload: what the mark says; None if there is none, or it cannot be read.
        is_found: whether there is a mark.
        strength: z of the pattern (`evidence.py`): of all cells if the payload was read, else of
            the cells for finding.
        scale: size of the grid relative to the picture.
        pictures: number of pictures searched.
    """

    payload: Payload | None
    is_found: bool
    strength: float
    scale: float
    pictures: int


class MarkDetector:
    """Sums pictures, and searches the sum for the mark.

    Args:
        width: of the pictures, pixels.
        height: likewise.
        key: of the mark.
        ratio: width over height of the pictures as they left the show; None if they have it still.
    """

    def __init__(
        self, width: int, height: int, key: bytes = PUBLIC_KEY, ratio: float | None = None
    ) -> None:
        whole = (width, height) if ratio is None else (round(1000 * ratio), 1000)
        self._grid = make_grid(*whole, key)
        cell = min(width / self._grid.columns, height / self._grid.rows)
        scale = PIXELS_A_CELL / cell
        self._sum = PictureSum(max(8, round(width * scale)), max(8, round(height * scale)))

    @property
    def pictures(self) -> int:
        """Return the number of pictures added so far."""
        return self._sum.pictures

    def add(self, luma: NDArray[np.uint8]) -> None:
        """Add a picture's luma plane, (height, width)."""
        self._sum.add(luma)

    def search(self) -> Detection:
        """Return what was found in the pictures added so far."""
        image = self._sum.whiten()
        if image is None:
            return Detection(None, False, 0.0, 1.0, self.pictures)
        return search_image(image, self._grid, self.pictures)


def search_image(image: F32, grid: CellGrid, pictures: int = 1) -> Detection:
    """Return what is found in a whitened image of about 8 pixels a cell.

    Args:
        image: (height, width).
        grid: of the key.
        pictures: number of pictures that it sums.
    """
    # A picture that was only scaled as a whole has the grid exactly in its place.
    rows, columns = grid.rows, grid.columns
    whole = Place(0.0, 0.0, image.shape[0] / rows, image.shape[1] / columns)
    best = _read(image, grid, whole, pictures)
    if best.payload is not None:
        return best
    halved = halve(image)
    for place in _find_places(halved, grid):
        found = _read(image, grid, _refine(halved, grid, place).enlarged(2.0), pictures)
        if found.payload is not None:
            return found
        best = max(best, found, key=lambda one: one.strength)
    return best


def count_trials(grid: CellGrid) -> int:
    """Return the number of places and sizes among which a search chooses."""
    count = 1
    size = (PIXELS_A_CELL // 2 * grid.rows, PIXELS_A_CELL // 2 * grid.columns)
    for scale in (1.0, *_SCALES):
        height, width = (len(_list_positions(side, round(side * scale))) for side in size)
        count += height * width
    return count * (len(_FINE) + len(_NEAR) ** 2)


def search_pictures(
    pictures: Iterable[NDArray[np.uint8]], width: int, height: int, key: bytes = PUBLIC_KEY
) -> Detection:
    """Return what is found in luma planes of one size."""
    detector = MarkDetector(width, height, key)
    for picture in pictures:
        detector.add(picture)
    return detector.search()


def _read(image: F32, grid: CellGrid, place: Place, pictures: int) -> Detection:
    """Return what the pattern at a place says."""
    cells = read_cells(image, place, grid.rows, grid.columns)
    scale = place.height * grid.rows / image.shape[0]
    sync = measure(cells, grid.sync)
    if sync >= _READABLE:
        payload = decode(grid.collect(cells))
        whole = measure(cells, grid.spread(encode(payload)))
        if whole >= READ:
            return Detection(payload, True, whole, scale, pictures)
    return Detection(None, sync >= FOUND, sync, scale, pictures)


def _refine(image: F32, grid: CellGrid, place: Place) -> Place:
    """Return the place near another one whose cells for finding agree most."""
    rows, columns, sync = grid.rows, grid.columns, grid.sync

    def rate(one: Place) -> float:
        return measure(read_cells(image, one, rows, columns), sync)

    best = max((place.scaled(factor, rows, columns) for factor in _FINE), key=rate)
    near = [best.moved(down, right) for down in _NEAR for right in _NEAR]
    return max(near, key=rate)


def _find_places(image: F32, grid: CellGrid) -> list[Place]:
    """Return the most promising places of the grid in an image, the best first."""
    # Room for the largest pattern, so that nothing that counts wraps around.
    shape = fit_shape(image.shape, max(_SCALES), PIXELS_A_CELL)
    spectrum = fft.rfft2(image, shape)
    found: list[tuple[float, Place]] = []
    for scale in (1.0, *_SCALES):
        pattern = _transform_pattern(grid, scale, image.shape, shape)
        correlation = fft.irfft2(spectrum * pattern, shape)
        cell = max(image.shape[0] / grid.rows, image.shape[1] / grid.columns) * scale
        rows = _list_positions(image.shape[0], round(grid.rows * cell))
        columns = _list_positions(image.shape[1], round(grid.columns * cell))
        window = correlation[np.ix_(rows % shape[0], columns % shape[1])]
        row, column = np.unravel_index(int(np.argmax(window)), window.shape)
        deviation = float(np.sqrt(np.mean(correlation[: image.shape[0], : image.shape[1]] ** 2)))
        place = Place(float(rows[row]), float(columns[column]), cell, cell)
        found.append((float(window[row, column]) / max(deviation, 1e-12), place))
    found.sort(key=lambda one: -one[0])
    return [place for height, place in found[:_PLACES] if height >= _PROMISING]


def _list_positions(side: int, pattern: int) -> NDArray[np.intp]:
    """Return the positions at which a pattern covers a side or lies in it, give or take a cell."""
    spare = PIXELS_A_CELL // 2
    return np.arange(min(0, side - pattern) - spare, max(0, side - pattern) + spare + 1)


@lru_cache(maxsize=64)
def _transform_pattern(
    grid: CellGrid, scale: float, size: tuple[int, int], shape: tuple[int, int]
) -> NDArray[np.complex64]:
    """Return the conjugate spectrum of the cells for finding at a scale; it is kept."""
    cell = max(size[0] / grid.rows, size[1] / grid.columns) * scale
    height, width = round(grid.rows * cell), round(grid.columns * cell)
    down, rows = bump(height, grid.rows)
    across, columns = bump(width, grid.columns)
    pattern = grid.sync[np.ix_(rows, columns)].astype(np.float32)
    pattern *= down[:, None] * across[None, :]
    pattern -= pattern.mean()
    spectrum: NDArray[np.complex64] = np.conj(fft.rfft2(pattern, shape))
    return spectrum
