"""Apply the display matrix and pixel aspect ratio of decoded frames."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame

_WIDEST: Final = 8
"""Pixel aspect ratio (or its inverse) above which it is invalid: the widest used is 2."""


class Upright:
    """Converts decoded frames to RGB, oriented by the first frame's display matrix.

    The matrix maps a pixel at (x, y), x right and y down, to (a x + c y, b x + d y). It is rounded
    to the nearest of the eight rotations and reflections by right angles: transposed or not, then
    mirrored along either axis or not. Non-square pixels are made square before that, by scaling up
    width or height, so that no detail is lost.

    Args:
        first: the first frame, which determines the layout of all.
        pixel_aspect: width over height of the decoded pixels; None or 0 if unknown.
        longest: maximum length of the longer side in pixels, to which frames are scaled down;
            None keeps their size.

    Attributes:
        size: (width, height) of the upright frames in pixels.
        fault: why the stated aspect is not used, as the end of a sentence; empty if it is used.
    """

    def __init__(
        self, first: VideoFrame, pixel_aspect: Fraction | None, longest: int | None = None
    ) -> None:
        a, b, c, d = _display_matrix(first)
        self._on_its_side = abs(b) + abs(c) > abs(a) + abs(d)
        across, down = (c, b) if self._on_its_side else (a, d)
        self._steps = (-1 if down < 0 else 1, -1 if across < 0 else 1)
        aspect = pixel_aspect or Fraction(1)
        self.fault = ""
        if not Fraction(1, _WIDEST) <= aspect <= _WIDEST:
            self.fault = f"states pixels {float(aspect):.3g} times as wide as high, taken as square"
            aspect = Fraction(1)
        width = first.width * max(aspect, Fraction(1))
        height = first.height / min(aspect, Fraction(1))
        share = Fraction(1)
        if longest is not None:
            share = min(share, Fraction(longest) / max(width, height))
        self._decoded = max(1, round(width * share)), max(1, round(height * share))
        self.size = self._decoded[::-1] if self._on_its_side else self._decoded

    def pixels(self, picture: VideoFrame) -> npt.NDArray[np.uint8]:
        """Return a frame's pixels (h, w, 3) RGB, always of the same size."""
        width, height = self._decoded
        pixels = np.asarray(
            picture.to_ndarray(format="rgb24", width=width, height=height), np.uint8
        )
        if self._on_its_side:
            pixels = pixels.transpose(1, 0, 2)
        down, across = self._steps
        return np.ascontiguousarray(pixels[::down, ::across])


def _display_matrix(picture: VideoFrame) -> tuple[int, int, int, int]:
    """Return a, b, c, d of a frame's display matrix in 16.16 fixed point; identity if absent."""
    data = picture.side_data.get("DISPLAYMATRIX")
    if not isinstance(data, SideData):
        return 1, 0, 0, 1
    # Nine numbers in row order: a b u, c d v, x y w.
    a, b, _, c, d = np.frombuffer(bytes(data), np.int32)[:5].tolist()
    return a, b, c, d
