"""Convert a program frame to a small RGB picture for the desk's monitor.

A frame with alpha is shown over a checkerboard.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from renderer.transport.pixel_layout import PixelLayout

_WIDEST: Final = 640
_CHECK: Final = 8
"""Side of a square of the checkerboard, pixels."""
_SQUARES: Final = (72, 96)
"""The two grey values of the checkerboard, sRGB."""

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
    """Converts YUV planes or RGBA to a small RGB picture, in preallocated buffers."""

    def __init__(self, width: int, height: int, size: tuple[int, int] | None = None) -> None:
        """Allocate the buffers.

        Args:
            width, height: of the frames, pixels.
            size: width and height of the picture; None for the frame's, divided by a whole number.
        """
        shrink = max(1, -(-width // _WIDEST))
        self.width, self.height = (width // shrink, height // shrink) if size is None else size
        self._source = width, height
        self._yuv = np.empty((self.height, self.width, 3), np.uint8)
        self._rgb = np.empty_like(self._yuv)
        row, column = np.mgrid[: self.height, : self.width] // _CHECK
        self._board = np.choose((row + column) % 2, _SQUARES)[..., None].astype(np.float32)

    def convert(
        self, planes: npt.NDArray[np.uint8], layout: PixelLayout = PixelLayout.I420
    ) -> npt.NDArray[np.uint8]:
        """Return the picture, (monitor height, monitor width, 3); valid until the next call.

        Args:
            planes: (h * 3 // 2, w) I420 or NV12, or (h, w * 4) RGBA with straight alpha.
            layout: of the planes.
        """
        width, height = self._source
        size = (self.width, self.height)
        if layout is PixelLayout.RGBA:
            pixels = planes.reshape(height, width, 4)
            small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)
            share = small[..., 3:] / 255.0
            self._rgb[:] = self._board + (small[..., :3] - self._board) * share
            return self._rgb
        flat = planes.reshape(-1)
        luma, quarter = width * height, width * height // 4
        half = (height // 2, width // 2)
        self._yuv[..., 0] = cv2.resize(planes[:height], size, interpolation=cv2.INTER_AREA)
        if layout is PixelLayout.NV12:
            both = flat[luma:].reshape(*half, 2)
            self._yuv[..., 1:] = cv2.resize(both, size, interpolation=cv2.INTER_AREA)
        else:
            for channel, start in ((1, luma), (2, luma + quarter)):
                part = flat[start : start + quarter].reshape(half)
                self._yuv[..., channel] = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        cv2.transform(self._yuv, _TO_RGB, dst=self._rgb)
        return self._rgb
