"""Convert a program frame to a small RGB picture for the desk's monitor."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

_WIDEST: Final = 640

# BT.709, limited range, to full-range RGB (ITU-R BT.709-6, 3.4 and 3.5): columns Y, U, V, 1.
_TO_RGB: Final = np.array(
    [
        [1.164384, 0.0, 1.792741, -248.101],
        [1.164384, -0.213249, -0.532909, 76.878],
        [1.164384, 2.112402, 0.0, -289.0176],
    ],
    np.float32,
)


class Monitor:
    """Converts I420 planes to a small RGB picture, in preallocated buffers."""

    def __init__(self, width: int, height: int) -> None:
        shrink = max(1, -(-width // _WIDEST))
        self.width, self.height = width // shrink, height // shrink
        self._source = width, height
        self._yuv = np.empty((self.height, self.width, 3), np.uint8)
        self._rgb = np.empty_like(self._yuv)

    def convert(self, planes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Convert (h * 3 // 2, w) I420 to (monitor height, monitor width, 3) RGB.

        The result is valid until the next call.
        """
        width, height = self._source
        size = (self.width, self.height)
        flat = planes.reshape(-1)
        luma, quarter = width * height, width * height // 4
        half = (height // 2, width // 2)
        parts = (
            planes[:height],
            flat[luma : luma + quarter].reshape(half),
            flat[luma + quarter :].reshape(half),
        )
        for channel, part in enumerate(parts):
            self._yuv[..., channel] = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        cv2.transform(self._yuv, _TO_RGB, dst=self._rgb)
        return self._rgb
