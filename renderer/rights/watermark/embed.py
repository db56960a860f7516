"""Mark pictures: add the mark to the luma plane, in place."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.cells import PUBLIC_KEY, bump, choose_amplitude, make_grid
from renderer.rights.watermark.payload import Payload, encode


class Watermark:
    """Marks the pictures of one show.

    The mark of a minute is computed once, in a thread before the minute begins; marking a picture
    is one addition of bytes.

    Args:
        width: of the pictures, pixels.
        height: likewise.
        show: the show's number.
        key: of the mark.
    """

    def __init__(self, width: int, height: int, show: int, key: bytes = PUBLIC_KEY) -> None:
        self._grid = make_grid(width, height, key)
        self._show = show
        down, rows = bump(height, self._grid.rows)
        across, columns = bump(width, self._grid.columns)
        amplitude = np.float32(choose_amplitude(width, height))
        self._down, self._across = down[:, None] * amplitude, across[None, :]
        self._cells = np.ix_(rows, columns)
        # Rounding alone would change the strength by up to 2 dB with the size of the cells.
        self._dither = np.random.Generator(np.random.Philox(key=1)).random(
            (height, width), np.float32
        )
        self._lock = threading.Lock()
        self._patterns: dict[int, NDArray[np.uint8]] = {}
        self._prepare(0)

    def mark(
        self, luma: NDArray[np.uint8], t_show_ns: int, out: NDArray[np.uint8] | None = None
    ) -> None:
        """Add the mark to a picture.

        Args:
            luma: the picture's luma plane, (height, width), limited range: values from 16 to 235,
                so that adding never overflows.
            t_show_ns: show time, which decides the minute; before the show counts as its start.
            out: for the marked plane; None changes the picture itself.
        """
        minute = max(0, t_show_ns) // 60_000_000_000
        pattern = self._patterns.get(minute)
        if pattern is None:
            pattern = self._prepare(minute)
        # Bytes wrap around, so that adding 254 subtracts 2.
        np.add(luma, pattern, out=luma if out is None else out)
        if minute + 1 not in self._patterns:
            self._patterns[minute + 1] = pattern
            threading.Thread(
                target=self._prepare, args=(minute + 1,), name="watermark", daemon=True
            ).start()

    def _prepare(self, minute: int) -> NDArray[np.uint8]:
        """Compute and keep the pattern of a minute; forget those before the last."""
        signs = self._grid.spread(encode(Payload(self._show, minute)))
        pattern = self._down * self._across
        pattern *= signs[self._cells]
        np.floor(np.add(pattern, self._dither, out=pattern), out=pattern)
        rounded: NDArray[np.uint8] = pattern.astype(np.int8).view(np.uint8)
        with self._lock:
            self._patterns[minute] = rounded
            for old in [each for each in self._patterns if each < minute - 1]:
                del self._patterns[old]
        return rounded
