"""Find the mark in pictures that were encoded again, scaled, cropped or filmed from a screen.

Pictures are summed after a high-pass with clipped values, so that the mark, which stands still,
adds up and moving content cancels. The whitened sum is correlated with the key's pattern over all
positions and a range of scales (by Fourier transform); the peak's height, in standard deviations of
the correlation elsewhere, decides whether there is a mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy import fft
from numpy.typing import NDArray

from renderer.rights.watermark.cells import PUBLIC_KEY, CellGrid, bump, make_grid
from renderer.rights.watermark.payload import Payload, decode

THRESHOLD: Final = 15.0
"""Peak in standard deviations from which a mark counts as found. `encore bench rights` searches
unmarked pictures with other keys and extrapolates how often one reaches it."""
READABLE_THRESHOLD: Final = 12.0
"""Peak from which a mark counts as found if its payload passes its own check, which 1 in 95,000
unmarked pictures does."""
PIXELS_A_CELL: Final = 8
"""Size of a cell to which pictures are scaled before the search, pixels."""

_SCALES: Final = np.linspace(0.78, 1.30, 53)
"""Sizes of the shown grid relative to the picture: below 1 the picture has borders, above 1 it was
cropped. Steps of 1 % are half a cell at the picture's edge, which still adds up in its middle."""
_FINE: Final = np.linspace(-0.008, 0.008, 9)
"""Changes of the best scale that are tried after it."""
_WHITE: Final = 0.1
"""Magnitude relative to the mean below which the spectrum is not amplified."""
_CLIP: Final = 2.5
"""Largest value of the high-passed picture, in its median absolute values: edges of the content."""


@dataclass(frozen=True, slots=True)
class Detection:
    """Result of a search.

    Attributes:
        payload: what the mark says; None if there is none, or it cannot be read.
        is_found: whether there is a mark.
        strength: peak in standard deviations.
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
        self._size = (max(8, round(width * scale)), max(8, round(height * scale)))
        self._sum = np.zeros(self._size[::-1], np.float64)
        self.pictures = 0

    def add(self, luma: NDArray[np.uint8]) -> None:
        """Add a picture's luma plane, (height, width)."""
        small = cv2.resize(luma, self._size, interpolation=cv2.INTER_AREA).astype(np.float32)
        blurred = cv2.boxFilter(small, -1, (2 * PIXELS_A_CELL + 1,) * 2)
        detail = small - blurred
        limit = _CLIP * max(float(np.median(np.abs(detail))), 0.5)
        self._sum += np.clip(detail, -limit, limit)
        self.pictures += 1

    def search(self) -> Detection:
        """Return what was found in the pictures added so far."""
        if not self.pictures:
            return Detection(None, False, 0.0, 1.0, 0)
        image = self._sum / self.pictures
        image = image - image.mean()
        spread = image.std()
        if spread <= 0.0:
            return Detection(None, False, 0.0, 1.0, self.pictures)
        image /= spread
        shape = tuple(cv2.getOptimalDFTSize(2 * side) for side in image.shape)
        spectrum = fft.rfft2(image, shape)
        # Whitened: repeated structures of the content, such as an LED wall's, have strong lines.
        spectrum /= np.abs(spectrum) + np.abs(spectrum).mean() * _WHITE
        white = fft.irfft2(spectrum, shape)[: image.shape[0], : image.shape[1]]
        whole = self._correlate(spectrum, shape, image.shape, 1.0)
        if whole.strength >= THRESHOLD and (payload := self._read(white, whole)) is not None:
            return Detection(payload, True, whole.strength, 1.0, self.pictures)
        others = [self._correlate(spectrum, shape, image.shape, scale) for scale in _SCALES]
        best = max((whole, *others), key=_strength)
        fine = [
            self._correlate(spectrum, shape, image.shape, best.scale * (1.0 + change))
            for change in _FINE
        ]
        # A picture that was only scaled as a whole has exactly the first scale.
        ranked = [whole, *sorted(fine, key=_strength, reverse=True)]
        best = max(ranked, key=_strength)
        found = (self._read(white, peak) for peak in ranked)
        is_likely = best.strength >= READABLE_THRESHOLD
        payload = next((one for one in found if one is not None), None) if is_likely else None
        is_found = payload is not None or best.strength >= THRESHOLD
        return Detection(payload, is_found, best.strength, best.scale, self.pictures)

    def _correlate(
        self,
        spectrum: NDArray[np.complex128],
        shape: tuple[int, ...],
        size: tuple[int, ...],
        scale: float,
    ) -> _Peak:
        """Return the best position of the pattern at one scale."""
        template = _render(self._grid, self._grid.sync, scale, size)
        correlation = fft.irfft2(spectrum * np.conj(fft.rfft2(template, shape)), shape)
        # Positions at which the grid covers most of the picture, or lies within it.
        slack = [abs(t - s) + PIXELS_A_CELL for t, s in zip(template.shape, size, strict=True)]
        rows = np.arange(-slack[0], slack[0] + 1)
        columns = np.arange(-slack[1], slack[1] + 1)
        window = correlation[np.ix_(rows % shape[0], columns % shape[1])]
        place = np.unravel_index(int(np.argmax(window)), window.shape)
        deviation = float(np.sqrt(np.mean(correlation[: size[0], : size[1]] ** 2)))
        strength = float(window[place]) / max(deviation, 1e-12)
        return _Peak(strength, float(scale), int(rows[place[0]]), int(columns[place[1]]))

    def _read(self, image: NDArray[np.float64], peak: _Peak) -> Payload | None:
        """Return the payload at a position and scale."""
        rows, columns = self._grid.rows, self._grid.columns
        height, width = _template_size(self._grid, peak.scale, image.shape)
        top, left = peak.row, peak.column
        # The part of the grid that is in the picture.
        canvas = np.zeros((height, width))
        y0, x0 = max(0, top), max(0, left)
        y1, x1 = min(image.shape[0], top + height), min(image.shape[1], left + width)
        if y1 <= y0 or x1 <= x0:
            return None
        canvas[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
        down, row_of = bump(height, rows)
        across, column_of = bump(width, columns)
        weighted = canvas * down[:, None] * across[None, :]
        flat = (row_of[:, None] * columns + column_of[None, :]).ravel()
        sums = np.bincount(flat, weighted.ravel(), minlength=rows * columns)
        cells = sums.astype(np.float64).reshape(rows, columns)
        return decode(self._grid.collect(cells))


@dataclass(frozen=True, slots=True)
class _Peak:
    strength: float
    scale: float
    row: int
    column: int


def _strength(peak: _Peak) -> float:
    return peak.strength


def _template_size(grid: CellGrid, scale: float, size: tuple[int, ...]) -> tuple[int, int]:
    """Return the size of the grid in the picture, (height, width), pixels."""
    cell = max(size[0] / grid.rows, size[1] / grid.columns) * scale
    return round(grid.rows * cell), round(grid.columns * cell)


def _render(
    grid: CellGrid, signs: NDArray[np.int8], scale: float, size: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return signs as bumps at a scale."""
    height, width = _template_size(grid, scale, size)
    down, rows = bump(height, grid.rows)
    across, columns = bump(width, grid.columns)
    chosen: NDArray[np.float64] = signs[np.ix_(rows, columns)].astype(np.float64)
    chosen *= down[:, None] * across[None, :]
    chosen -= chosen.mean()
    return chosen


def search_pictures(
    pictures: Iterable[NDArray[np.uint8]], width: int, height: int, key: bytes = PUBLIC_KEY
) -> Detection:
    """Return what is found in luma planes of one size."""
    detector = MarkDetector(width, height, key)
    for picture in pictures:
        detector.add(picture)
    return detector.search()
