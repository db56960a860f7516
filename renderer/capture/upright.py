"""Pictures turned as their file or stream asks, all of one size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame


class Upright:
    """Makes RGB pixels of decoded pictures, turned by the first one's display matrix.

    Attributes:
        size: (width, height) of the upright pictures in pixels.
    """

    def __init__(self, first: VideoFrame) -> None:
        self._turns = round(first.rotation / 90) % 4
        self._decoded = (first.width, first.height)
        self.size = self._decoded[::-1] if self._turns % 2 else self._decoded

    def pixels(self, picture: VideoFrame) -> npt.NDArray[np.uint8]:
        """Pixels (h, w, 3); of one size even if the pictures change theirs."""
        width, height = self._decoded
        pixels = np.asarray(
            picture.to_ndarray(format="rgb24", width=width, height=height), np.uint8
        )
        return np.ascontiguousarray(np.rot90(pixels, self._turns)) if self._turns else pixels
