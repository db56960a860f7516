"""Compiled loops of the search for the mark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.compile import compiled

F32 = NDArray[np.float32]


@compiled
def weigh_rows(image: F32, starts: NDArray[np.intp], weights: F32) -> F32:
    """Return weighted sums of adjacent rows of an image; rows outside it count as 0.

    Args:
        image: (height, width).
        starts: (n,), first row of each sum; may be negative.
        weights: (n, k), of the k rows from there.

    Returns:
        (n, width).
    """
    height, width = image.shape
    sums = np.zeros((len(starts), width), np.float32)
    for each in range(len(starts)):
        for tap in range(weights.shape[1]):
            row, weight = starts[each] + tap, weights[each, tap]
            if 0 <= row < height and weight != 0.0:
                for column in range(width):
                    sums[each, column] += weight * image[row, column]
    return sums


@compiled
def correlate_signs(
    lattice: F32,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    signs: F32,
    height: int,
    width: int,
) -> F32:
    """Return the sum of signed points of a lattice, for a window of displacements.

    Args:
        lattice: measured points; those that any displacement reaches.
        rows, columns: (n,), of the points at displacement 0.
        signs: (n,), of the points.
        height, width: number of displacements down and to the right.

    Returns:
        (height, width).
    """
    sums = np.zeros((height, width), np.float32)
    fours = len(signs) // 4 * 4
    for down in range(height):
        target = sums[down]
        # Four at a time, so that each sum is loaded and stored once for four points. Views, whose
        # indices need no check for being negative, are added by vector instructions.
        for each in range(0, fours, 4):
            one = lattice[rows[each] + down, columns[each] : columns[each] + width]
            two = lattice[rows[each + 1] + down, columns[each + 1] : columns[each + 1] + width]
            three = lattice[rows[each + 2] + down, columns[each + 2] : columns[each + 2] + width]
            four = lattice[rows[each + 3] + down, columns[each + 3] : columns[each + 3] + width]
            a, b, c, d = signs[each], signs[each + 1], signs[each + 2], signs[each + 3]
            for right in range(width):
                first = a * one[right] + b * two[right]
                target[right] += first + (c * three[right] + d * four[right])
        for each in range(fours, len(signs)):
            one = lattice[rows[each] + down, columns[each] : columns[each] + width]
            for right in range(width):
                target[right] += signs[each] * one[right]
    return sums
