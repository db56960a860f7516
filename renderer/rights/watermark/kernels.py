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
    lattice: F32, plus: NDArray[np.intp], minus: NDArray[np.intp], height: int, width: int
) -> F32:
    """Return the sum of signed points of a lattice, for a window of displacements.

    Args:
        lattice: measured points; those that any displacement reaches.
        plus: (n, 2), row and column at displacement 0 of the points that are added.
        minus: (m, 2), likewise, of those that are subtracted.
        height, width: number of displacements down and to the right.

    Returns:
        (height, width).
    """
    sums = np.zeros((height, width), np.float32)
    pairs = min(len(plus), len(minus)) // 2 * 2
    for down in range(height):
        target = sums[down]
        # Two of each at a time, so that each sum is loaded and stored once for four points. Views,
        # whose indices need no check for being negative, are added by vector instructions.
        for each in range(0, pairs, 2):
            a = lattice[plus[each, 0] + down, plus[each, 1] : plus[each, 1] + width]
            b = lattice[minus[each, 0] + down, minus[each, 1] : minus[each, 1] + width]
            c = lattice[plus[each + 1, 0] + down, plus[each + 1, 1] : plus[each + 1, 1] + width]
            d = lattice[minus[each + 1, 0] + down, minus[each + 1, 1] : minus[each + 1, 1] + width]
            for right in range(width):
                target[right] += (a[right] - b[right]) + (c[right] - d[right])
        for each in range(pairs, len(plus)):
            a = lattice[plus[each, 0] + down, plus[each, 1] : plus[each, 1] + width]
            for right in range(width):
                target[right] += a[right]
        for each in range(pairs, len(minus)):
            b = lattice[minus[each, 0] + down, minus[each, 1] : minus[each, 1] + width]
            for right in range(width):
                target[right] -= b[right]
    return sums
