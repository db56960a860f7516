"""Turn a shared picture into an image that the painter copies without converting or scaling."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

U8 = npt.NDArray[np.uint8]


class ScreenImage:
    """A picture in the screen's own layout, in a buffer that is used again."""

    def __init__(self) -> None:
        self._buffer: U8 | None = None
        self._image: QImage | None = None

    @property
    def is_there(self) -> bool:
        """Return whether there is a picture."""
        return self._image is not None

    def clear(self) -> None:
        """Forget the picture."""
        self._image = None

    def set_pixels(self, pixels: U8, size: tuple[int, int], scale: float, share: float) -> None:
        """Take a picture.

        Args:
            pixels: (h, w, 3) uint8 RGB, C-contiguous; not kept.
            size: width and height in which it is drawn, in the screen's pixels; a picture of
                another size is scaled once.
            scale: the screen's pixels per pixel of the widget.
            share: brightness, 0 to 1.
        """
        width, height = size
        if pixels.shape[:2] != (height, width) and width and height:
            pixels = np.asarray(
                cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8
            )
        if share < 1.0:
            pixels = np.asarray(cv2.convertScaleAbs(pixels, alpha=share), np.uint8)
        height, width = pixels.shape[:2]
        if self._buffer is None or self._buffer.shape[:2] != (height, width):
            self._buffer = np.empty((height, width, 4), np.uint8)
        # Qt's 32 bits are blue, green, red, unused in memory; OpenCV writes them in place.
        cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA, dst=self._buffer)
        # An image of its own for each picture: a GPU uploads what it does not know, and drops what
        # it keeps of the one before.
        self._image = QImage(
            self._buffer.data, width, height, 4 * width, QImage.Format.Format_RGB32
        )
        self._image.setDevicePixelRatio(scale)

    def draw(self, painter: QPainter, place: QRect) -> None:
        """Draw the picture in its place; one of another size, until the next comes, scaled."""
        if self._image is None:
            return
        if self._image.deviceIndependentSize().toSize() == place.size():
            painter.drawImage(place.topLeft(), self._image)
        else:
            painter.drawImage(place, self._image)
