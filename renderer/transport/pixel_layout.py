"""Define how a finished picture lies in memory, between renderer and encoder."""

from __future__ import annotations

from enum import Enum


class PixelLayout(Enum):
    """The layout of a picture's bytes; the values are libav's names.

    The YUV layouts are BT.709 in limited range, with one pair of chroma values for four pixels.
    """

    I420 = "yuv420p"
    """(height * 3 // 2, width): Y, then U and V, each with two of its rows in one row."""
    NV12 = "nv12"
    """(height * 3 // 2, width): Y, then U and V in turn; hardware encoders' own layout."""
    RGBA = "rgba"
    """(height, width * 4): sRGB with straight alpha, of a keyed renderer."""

    @property
    def components(self) -> int:
        """Return the bytes of a texel of the target that is read back."""
        return 4 if self is PixelLayout.RGBA else 1
