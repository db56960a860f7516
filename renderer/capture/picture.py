"""The camera's picture, small, for the desk to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from renderer.capture.records import CameraFrame
from renderer.transport.latest import LatestPicture

_WIDEST: Final = 640


class SharedPicture:
    """Shares the newest frame through a file, at most 640 pixels wide.

    Attributes:
        size: (width, height) of what is shared, in pixels.
    """

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        width, height = size
        scale = min(1.0, _WIDEST / width)
        self.size = (max(1, round(width * scale)), max(1, round(height * scale)))
        self._picture = LatestPicture.create(path, *self.size)
        self._small = np.empty((self.size[1], self.size[0], 3), np.uint8)

    def publish(self, frame: CameraFrame) -> None:
        """Show this frame."""
        if frame.pixels.shape == self._small.shape:
            self._picture.publish(frame.pixels, frame.t_seen_ns)
            return
        cv2.resize(frame.pixels, self.size, dst=self._small, interpolation=cv2.INTER_AREA)
        self._picture.publish(self._small, frame.t_seen_ns)

    def close(self) -> None:
        """Let the file go."""
        self._picture.close()
