"""Correlate an image with the signs of the cells for finding, over positions and sizes.

At each size the image is correlated with the bump of a cell at all points of a lattice, four to a
cell's side, once. A position of the grid takes every fourth point; the cells for finding are a
quarter of these. Only positions at which the grid covers the image or lies in it are tried.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.cells import CellGrid
from renderer.rights.watermark.kernels import F32, correlate_signs
from renderer.rights.watermark.place import Place, measure_bumps

SCALES: Final = tuple(float(one) for one in np.linspace(0.78, 1.30, 53))
"""Sizes of the shown grid relative to the picture: below 1 the picture has borders, above 1 it was
cropped. Steps of 1 % are half a cell at the picture's edge, which still adds up in its middle."""
POINTS_A_CELL: Final = 4
"""Points of the lattice along a cell's side."""


@dataclass(frozen=True, slots=True)
class Peak:
    """The best position of the grid at one size.

    Attributes:
        height: of the correlation, in standard deviations of that of other signs.
        place: of the grid.
    """

    height: float
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The cells for finding, as points of the lattice.

    Attributes:
        plus, minus: (n, 2) and (m, 2), row and column of those of each sign.
    """

    plus: NDArray[np.intp]
    minus: NDArray[np.intp]


def find_peaks(image: F32, grid: CellGrid) -> list[Peak]:
    """Return the best position of the grid in an image at each size, the highest first."""
    sync = grid.sync
    points = [POINTS_A_CELL * np.argwhere(sync == sign) for sign in (1, -1)]
    cells = _Cells(points[0], points[1])
    peaks = [_find_peak(image, grid, cells, scale) for scale in SCALES]
    return sorted(peaks, key=lambda one: -one.height)


def count_positions(sides: tuple[int, int], grid: CellGrid) -> int:
    """Return the number of positions and sizes that are tried in an image.

    Args:
        sides: height and width of the image, pixels.
        grid: of the key.
    """
    count = 0
    for scale in SCALES:
        pitch = _pitch(sides, grid, scale)
        rows = _list_points(sides[0], grid.rows, pitch)
        count += len(rows) * len(_list_points(sides[1], grid.columns, pitch))
    return count


def _find_peak(image: F32, grid: CellGrid, cells: _Cells, scale: float) -> Peak:
    pitch = _pitch((image.shape[0], image.shape[1]), grid, scale)
    cell = POINTS_A_CELL * pitch
    downs = _list_points(image.shape[0], grid.rows, pitch)
    rights = _list_points(image.shape[1], grid.columns, pitch)
    tops, lefts = (
        pitch * (points.start + np.arange(len(points) + POINTS_A_CELL * (count - 1)))
        for points, count in ((downs, grid.rows), (rights, grid.columns))
    )
    lattice = measure_bumps(image, (tops, lefts), (cell, cell))
    heights = correlate_signs(lattice, cells.plus, cells.minus, len(downs), len(rights))
    down, right = np.unravel_index(int(np.argmax(heights)), heights.shape)
    # The mean square of those points of the lattice that are not outside the image and thus 0.
    square = float(np.vdot(lattice, lattice)) / min(lattice.size, image.size / pitch**2)
    seen = (len(cells.plus) + len(cells.minus)) * min(1.0, 1.0 / scale) ** 2
    deviation = math.sqrt(max(square * seen, 1e-24))
    place = Place(pitch * downs[int(down)], pitch * rights[int(right)], cell, cell)
    return Peak(float(heights[down, right]) / deviation, place)


def _pitch(sides: tuple[int, int], grid: CellGrid, scale: float) -> float:
    """Return the distance of the lattice's points at a scale, pixels."""
    return max(sides[0] / grid.rows, sides[1] / grid.columns) * scale / POINTS_A_CELL


def _list_points(side: int, cells: int, pitch: float) -> range:
    """Return the points at which the grid covers a side or lies in it, give or take a cell."""
    spare = side - POINTS_A_CELL * cells * pitch
    first = math.floor(min(0.0, spare) / pitch) - POINTS_A_CELL
    return range(first, math.ceil(max(0.0, spare) / pitch) + POINTS_A_CELL + 1)
