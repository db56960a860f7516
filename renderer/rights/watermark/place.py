"""Place the grid in a picture, and measure its cells there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the grid is in an image.

    Attributes:
        top, left: of the grid, pixels; may be outside.
        height, width: of a cell, pixels.
    """

    top: float
    left: float
    height: float
    width: float

    def moved(self, down: float, right: float) -> Place:
        """Return the place displaced by pixels."""
        return Place(self.top + down, self.left + right, self.height, self.width)

    def scaled(self, factor: float, rows: int, columns: int) -> Place:
        """Return the place scaled about the grid's centre.

        Args:
            factor: of the size.
            rows, columns: of the grid.
        """
        return Place(
            self.top - 0.5 * (factor - 1.0) * rows * self.height,
            self.left - 0.5 * (factor - 1.0) * columns * self.width,
            self.height * factor,
            self.width * factor,
        )

    def enlarged(self, factor: float) -> Place:
        """Return the place in an image that is larger by a factor."""
        return Place(
            self.top * factor, self.left * factor, self.height * factor, self.width * factor
        )


def read_cells(image: F32, place: Place, rows: int, columns: int) -> NDArray[np.float64]:
    """Return the correlation of an image with each cell's bump, (rows, columns); 0 outside."""
    down, row_starts, row_cells = _cut_side(image.shape[0], place.top, place.height, rows)
    across, starts, column_cells = _cut_side(image.shape[1], place.left, place.width, columns)
    cells = np.zeros((rows, columns))
    if len(row_starts) and len(starts):
        part = image[down.start : down.stop, across.start : across.stop]
        strips = np.add.reduceat(part * down.weights[:, None], row_starts, axis=0)
        sums = np.add.reduceat(strips * across.weights, starts, axis=1)
        cells[np.ix_(row_cells, column_cells)] = sums
    return cells


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The pixels along a side that lie in the grid, with their weights in the cells' bumps."""

    start: int
    stop: int
    weights: F32


def _cut_side(
    length: int, start: float, cell: float, cells: int
) -> tuple[_Side, NDArray[np.intp], NDArray[np.intp]]:
    """Return a side's pixels in the grid, where each cell begins among them, and which it is."""
    at = (np.arange(length) + (0.5 - start)) / cell
    inside = np.flatnonzero((at >= 0.0) & (at < cells))
    if not len(inside):
        empty = np.zeros(0, np.intp)
        return _Side(0, 0, np.zeros(0, np.float32)), empty, empty
    at = at[inside]
    weights = (0.5 - 0.5 * np.cos(2.0 * np.pi * at)).astype(np.float32)
    number = at.astype(np.intp)
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    return _Side(int(inside[0]), int(inside[-1]) + 1, weights), starts, number[starts]
