"""Place the grid in a picture, and measure its cells there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.kernels import F32, weigh_rows

Positions = NDArray[np.floating[Any]]
"""Along a side of an image, pixels."""


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
    tops = place.top + place.height * np.arange(rows)
    lefts = place.left + place.width * np.arange(columns)
    return measure_bumps(image, (tops, lefts), (place.height, place.width)).astype(np.float64)


def measure_bumps(
    image: F32, starts: tuple[Positions, Positions], size: tuple[float, float]
) -> F32:
    """Return the correlation of an image with bumps in rows and columns; 0 outside.

    Args:
        image: (height, width).
        starts: (n,) tops and (m,) left edges of the bumps, pixels.
        size: height and width of a bump, pixels.

    Returns:
        (n, m).
    """
    strips = weigh_rows(image, *_weigh_side(starts[0], size[0]))
    bumps = weigh_rows(np.ascontiguousarray(strips.T), *_weigh_side(starts[1], size[1]))
    return np.ascontiguousarray(bumps.T)


def _weigh_side(starts: Positions, size: float) -> tuple[NDArray[np.intp], F32]:
    """Return the first pixel of each bump along a side, and the weights of the pixels from it."""
    first = np.ceil(starts - 0.5)
    at = ((first - starts + 0.5)[:, None] + np.arange(int(size) + 1)) / size
    angles = (2.0 * np.pi * np.minimum(at, 1.0)).astype(np.float32)
    return first.astype(np.intp), np.float32(0.5) - np.float32(0.5) * np.cos(angles)
