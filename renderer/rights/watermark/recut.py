"""Look for the mark also in pictures that were cut to another shape, or stand between bars.

The grid of a picture follows from its shape. One that was cut to another shape has the grid of the
picture that it was cut from, which is 16:9 in most shows; a screen that was recorded upright shows
a picture with bars above and below.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.cells import PUBLIC_KEY
from renderer.rights.watermark.detect import Detection, MarkDetector
from renderer.rights.watermark.evidence import TRIALS

USUAL_RATIO: Final = 16.0 / 9.0
MOST_SEARCHES: Final = 3
"""Searches of one part of a file."""

_SAME: Final = 0.003
"""Difference of two ratios, as a share, below which their grids are equal at usual sizes."""
_NEAR: Final = 0.03
"""The same for a picture between bars, whose edges are found to a few pixels."""
_FLAT: Final = 3.0
"""Standard deviation of a row or column of a bar, of 255, at most."""
_LEAST: Final = 0.25
"""Least side of a picture between bars, relative to the whole."""

Rows = tuple[slice, slice]


class MarkSearch:
    """Sums pictures of one size, and searches them for the mark in the shapes that it may have.

    Args:
        first: luma plane of a picture, (height, width), by which bars are recognised.
        key: of the mark.
    """

    def __init__(self, first: NDArray[np.uint8], key: bytes = PUBLIC_KEY) -> None:
        height, width = first.shape
        everything: Rows = (slice(0, height), slice(0, width))
        self._parts = [(everything, MarkDetector(width, height, key))]
        if abs(width / height / USUAL_RATIO - 1.0) > _SAME:
            cut = MarkDetector(width, height, key, USUAL_RATIO)
            # The proof counts with at most so many places.
            if cut.trials <= TRIALS:
                self._parts.append((everything, cut))
        if (inner := find_inner(first)) is not None:
            rows, columns = inner
            sides = columns.stop - columns.start, rows.stop - rows.start
            self._parts.append((inner, MarkDetector(*sides, key, USUAL_RATIO)))

    def add(self, luma: NDArray[np.uint8]) -> None:
        """Add a picture's luma plane."""
        for part, detector in self._parts:
            detector.add(np.ascontiguousarray(luma[part]))

    def search(self) -> Detection:
        """Return what was found in the pictures added so far."""
        best: Detection | None = None
        for _, detector in self._parts:
            found = detector.search()
            if found.payload is not None:
                return found
            if best is None or found.is_found > best.is_found:
                best = found
        assert best is not None  # There is always a part: everything.
        return best


def find_inner(picture: NDArray[np.uint8]) -> Rows | None:
    """Return rows and columns of a 16:9 picture between bars; None where there is none."""
    height, width = picture.shape
    if abs(width / height / USUAL_RATIO - 1.0) <= _NEAR:
        return None
    rows = np.flatnonzero(picture.std(axis=1) > _FLAT)
    columns = np.flatnonzero(picture.std(axis=0) > _FLAT)
    if not len(rows) or not len(columns):
        return None
    inner = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    high, wide = inner[0].stop - inner[0].start, inner[1].stop - inner[1].start
    if high < _LEAST * height or wide < _LEAST * width:
        return None
    return inner if abs(wide / high / USUAL_RATIO - 1.0) <= _NEAR else None
