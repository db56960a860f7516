"""Find the mark in pictures that were encoded again, scaled, cropped or filmed from a screen.

The sum of the pictures is correlated with the signs of the cells for finding, over all positions
and a range of scales, at half the size. The best places are refined, and read at the full size; the
pattern there decides whether there is a mark (`evidence.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.cells import PUBLIC_KEY, CellGrid, make_grid
from renderer.rights.watermark.correlate import count_positions, find_peaks
from renderer.rights.watermark.evidence import (
    ANYWHERE,
    UNCROPPED,
    Thresholds,
    bound_whole,
    measure,
)
from renderer.rights.watermark.payload import Payload, decode, encode
from renderer.rights.watermark.picture_sum import F32, PIXELS_A_CELL, PictureSum, halve
from renderer.rights.watermark.place import Place, read_cells

_FINE: Final = tuple(float(one) for one in np.linspace(0.992, 1.008, 9))
"""Changes of a scale that are tried after it."""
_NEAR: Final = (-0.125, 0.0, 0.125)
"""Displacements of a place that are tried after it, cells."""
_PLACES: Final = 6
"""Number of places that are read."""

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
        ratio: width over height of the pictures as they left the show, of which these are a part;
            None if they have it still.
    """

    def __init__(
        self, width: int, height: int, key: bytes = PUBLIC_KEY, ratio: float | None = None
    ) -> None:
        whole = (width, height) if ratio is None else (round(1000 * ratio), 1000)
        self._grid = make_grid(*whole, key)
        # A part is covered by the grid along the side that kept its length.
        choose = min if ratio is None else max
        scale = PIXELS_A_CELL / choose(width / self._grid.columns, height / self._grid.rows)
        self._size = max(8, round(width * scale)), max(8, round(height * scale))
        self._sum = PictureSum(*self._size)

    @property
    def pictures(self) -> int:
        """Return the number of pictures added so far."""
        return self._sum.pictures

    @property
    def trials(self) -> int:
        """Return the number of places and sizes among which the search chooses."""
        width, height = self._size
        return _count_trials((height // 2, width // 2), self._grid)

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
    best = _read(image, grid, whole, UNCROPPED, pictures)
    if best.payload is not None:
        return best
    halved = halve(image)
    for peak in find_peaks(halved, grid)[:_PLACES]:
        place = _refine(halved, grid, peak.place).enlarged(2.0)
        found = _read(image, grid, place, ANYWHERE, pictures)
        if found.payload is not None:
            return found
        best = max(best, found, key=lambda one: (one.is_found, one.strength))
    return best


def count_trials(grid: CellGrid) -> int:
    """Return the number of places and sizes among which a search of whole pictures chooses."""
    return _count_trials((PIXELS_A_CELL // 2 * grid.rows, PIXELS_A_CELL // 2 * grid.columns), grid)


def _count_trials(sides: tuple[int, int], grid: CellGrid) -> int:
    return (1 + count_positions(sides, grid)) * (len(_FINE) + len(_NEAR) ** 2)


def search_pictures(
    pictures: Iterable[NDArray[np.uint8]], width: int, height: int, key: bytes = PUBLIC_KEY
) -> Detection:
    """Return what is found in luma planes of one size."""
    detector = MarkDetector(width, height, key)
    for picture in pictures:
        detector.add(picture)
    return detector.search()


def _read(image: F32, grid: CellGrid, place: Place, least: Thresholds, pictures: int) -> Detection:
    """Return what the pattern at a place says."""
    cells = read_cells(image, place, grid.rows, grid.columns)
    scale = place.height * grid.rows / image.shape[0]
    sync = measure(cells, grid.sync)
    if sync >= _READABLE:
        soft = grid.collect(cells)
        if bound_whole(cells, grid.sync, soft) >= least.read:
            payload = decode(soft)
            whole = measure(cells, grid.spread(encode(payload)))
            if whole >= least.read:
                return Detection(payload, True, whole, scale, pictures)
    return Detection(None, sync >= least.found, sync, scale, pictures)


def _refine(image: F32, grid: CellGrid, place: Place) -> Place:
    """Return the place near another one whose cells for finding agree most."""
    rows, columns, sync = grid.rows, grid.columns, grid.sync

    def rate(one: Place) -> float:
        return measure(read_cells(image, one, rows, columns), sync)

    best = max((place.scaled(factor, rows, columns) for factor in _FINE), key=rate)
    steps_px = [share * best.height for share in _NEAR]
    near = [best.moved(down, right) for down in steps_px for right in steps_px]
    return max(near, key=rate)
