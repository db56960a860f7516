"""Sum pictures so that a still mark adds up and moving content cancels.

Each picture is scaled to a given number of pixels a cell, freed of its low frequencies, divided by
its local strength, so that a flat wall counts as much as a crowd, and clipped. The sum is whitened,
since repeated structures such as an LED wall's have strong lines in the spectrum.
"""

from __future__ import annotations

import math
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

F32 = NDArray[np.float32]

PIXELS_A_CELL: Final = 8
"""Size of a cell to which pictures are scaled, pixels."""

_CLIP: Final = 0.5
"""Largest value, in local deviations: nearly the sign alone counts."""
_LEAST: Final = 0.5
"""Least local deviation, of 255: black borders stay 0."""
_DETAIL: Final = PIXELS_A_CELL + 1
"""Side of the box whose mean is subtracted, pixels."""
_LOCAL: Final = 4 * PIXELS_A_CELL + 1
"""Side of the box whose deviation is divided by, pixels."""
_ROOM: Final = 1.25
"""Sides of the transform, relative to the image, so that opposite edges are no neighbours."""
_WHITE: Final = 0.5
"""Magnitude relative to the mean below which the spectrum is not amplified."""


class PictureSum:
    """The sum of the luma planes of one size.

    Args:
        width, height: to which the pictures are scaled, pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._sum = np.zeros((height, width), np.float32)
        self._detail, self._strength = np.empty_like(self._sum), np.empty_like(self._sum)
        self.pictures = 0

    def add(self, luma: NDArray[np.uint8]) -> None:
        """Add a picture's luma plane."""
        detail, strength = self._detail, self._strength
        is_smaller = luma.shape[1] > self._size[0]
        way = cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR
        detail[:] = cv2.resize(luma, self._size, interpolation=way)
        detail -= cv2.boxFilter(detail, -1, (_DETAIL, _DETAIL), strength)
        np.square(detail, out=strength)
        cv2.boxFilter(strength, -1, (_LOCAL, _LOCAL), strength)
        strength += _LEAST**2
        np.sqrt(strength, out=strength)
        detail /= strength
        self._sum += np.clip(detail, -_CLIP, _CLIP, out=detail)
        self.pictures += 1

    def whiten(self) -> F32 | None:
        """Return the whitened sum with a deviation of 1; None if nothing was seen."""
        image = self._sum - self._sum.mean()
        spread = float(image.std())
        if spread <= 0.0 or not self.pictures:
            return None
        shape = fit_shape(image.shape, _ROOM)
        spectrum = fft.rfft2(image / spread, shape)
        magnitude = np.abs(spectrum)
        spectrum /= magnitude + np.float32(_WHITE) * magnitude.mean()
        white: F32 = fft.irfft2(spectrum, shape)[: image.shape[0], : image.shape[1]]
        return white / max(float(white.std()), 1e-12)


def fit_shape(shape: tuple[int, ...], factor: float = 1.0, spare: int = 0) -> tuple[int, int]:
    """Return fast sides of a transform of an image.

    Args:
        shape: of the image.
        factor: of the sides, for room around it.
        spare: pixels more.
    """
    rows, columns = (
        fft.next_fast_len(math.ceil(factor * side) + spare, real=True) for side in shape
    )
    return int(rows), int(columns)


def halve(image: F32) -> F32:
    """Return an image of half the size."""
    size = tuple(max(1, side // 2) for side in image.shape[::-1])
    halved: Any = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(halved, np.float32)
