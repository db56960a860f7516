"""Share a camera's picture: downscaled with the desk, or in full with the engine."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from renderer.capture.records import CameraFrame
from renderer.transport.latest import LatestPicture

_EVERY_S: Final = 1 / 15
"""Shortest preview interval, seconds: half the usual frame rate, so that the preview does not slow
the show."""
PREVIEW_WIDTH: Final = 640
"""Largest width of a preview, pixels."""


class SharedPicture:
    """Shares the newest frame through a file at a limited rate.

    Attributes:
        size: (width, height) of the preview in pixels.
    """

    def __init__(self, path: Path, size: tuple[int, int], widest: int) -> None:
        """Create the file.

        Args:
            path: the file.
            size: (width, height) of the frames in pixels.
            widest: largest width of the picture, pixels; above PREVIEW_WIDTH it is one that the
                audience sees, of which every frame is shared.
        """
        self._is_preview = widest <= PREVIEW_WIDTH
        width, height = size
        scale = min(1.0, widest / width)
        self.size = (max(1, round(width * scale)), max(1, round(height * scale)))
        self._picture = LatestPicture.create(path, *self.size)
        self._small = np.empty((self.size[1], self.size[0], 3), np.uint8)
        self._next = 0.0

    def publish(self, frame: CameraFrame) -> None:
        """Publish this frame; a preview's, unless its last one is less than _EVERY_S ago."""
        now = time.monotonic()
        if now < self._next and self._is_preview:
            return
        self._next = now + _EVERY_S
        if frame.pixels.shape == self._small.shape:
            self._picture.publish(frame.pixels, frame.t_seen_ns)
            return
        cv2.resize(frame.pixels, self.size, dst=self._small, interpolation=cv2.INTER_AREA)
        self._picture.publish(self._small, frame.t_seen_ns)

    def close(self) -> None:
        """Close the file."""
        self._picture.close()
