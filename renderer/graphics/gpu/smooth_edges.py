"""Anti-alias the edges of a picture on the processor, for software rasterisers.

The filter is that of shaders/smooth.frag.glsl (FXAA; Lottes, "FXAA", NVIDIA white paper, 2009). A
software rasteriser runs a shader's every path for every pixel; these loops filter the few pixels at
an edge alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled

I32 = npt.NDArray[np.int32]
U32 = npt.NDArray[np.uint32]


class EdgeFilter:
    """Filters pictures of one size.

    Attributes:
        pixels: (h, w) uint32, the picture to filter; red in the lowest byte.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = size
        self.pixels: U32 = np.zeros((height, width), np.uint32)
        self._smooth: U32 = np.zeros((height, width), np.uint32)
        # A border of one pixel repeats the picture's own, as clamped coordinates would.
        self._lightness: I32 = np.zeros((height + 2, width + 2), np.int32)
        self._contrast: I32 = np.zeros(width, np.int32)

    def run(self) -> U32:
        """Return the filtered picture (h, w), valid until the next call."""
        _measure_lightness(self.pixels, self._lightness)
        _smooth(self.pixels, self._lightness, self._contrast, self._smooth)
        return self._smooth


@compiled
def _measure_lightness(pixels: U32, lightness: I32) -> None:
    """Write each pixel's lightness times 65,280, inside a border of copies."""
    height, width = pixels.shape
    for y in range(height):
        row, out = pixels[y], lightness[y + 1]
        for x in range(width):
            value = np.int32(row[x] & np.uint32(0xFFFFFF))
            # 0.299, 0.587 and 0.114, times 2^16.
            out[x + 1] = (
                np.int32(19595) * (value & np.int32(255))
                + np.int32(38470) * ((value >> np.int32(8)) & np.int32(255))
                + np.int32(7471) * (value >> np.int32(16))
            ) >> np.int32(8)
        out[0], out[width + 1] = out[1], out[width]
    lightness[0] = lightness[1]
    lightness[height + 1] = lightness[height]


@compiled
def _smooth(pixels: U32, lightness: I32, contrast: I32, smooth: U32) -> None:
    """Filter the edges; the constants are those of the shader."""
    unit = np.float32(1.0 / 65280.0)
    least, share, reach = np.float32(0.06), np.float32(0.16), np.float32(6.0)
    few = np.int32(0.06 * 65280.0)
    quarter, half = np.float32(0.25), np.float32(0.5)
    height, width = pixels.shape
    for y in range(height):
        above, own, below = lightness[y], lightness[y + 1], lightness[y + 2]
        for x in range(width):
            smooth[y, x] = pixels[y, x]
            low = min(min(above[x], above[x + 1]), min(above[x + 2], own[x]))
            high = max(max(above[x], above[x + 1]), max(above[x + 2], own[x]))
            low = min(min(low, own[x + 1]), min(own[x + 2], below[x]))
            high = max(max(high, own[x + 1]), max(own[x + 2], below[x]))
            low = min(low, min(below[x + 1], below[x + 2]))
            high = max(high, max(below[x + 1], below[x + 2]))
            contrast[x] = high - low
        for x in range(width):
            # Means of four pixels have at most the contrast of the nine.
            if contrast[x] < few:
                continue
            middle, e, w = unit * own[x + 1], unit * own[x + 2], unit * own[x]
            n, s = unit * above[x + 1], unit * below[x + 1]
            nw = quarter * (middle + n + w + unit * above[x])
            ne = quarter * (middle + n + e + unit * above[x + 2])
            sw = quarter * (middle + s + w + unit * below[x])
            se = quarter * (middle + s + e + unit * below[x + 2])
            darkest = min(middle, min(min(nw, ne), min(sw, se)))
            brightest = max(middle, max(max(nw, ne), max(sw, se)))
            if brightest - darkest < max(least, share * brightest):
                continue
            along_x, along_y = (sw + se) - (nw + ne), (nw + sw) - (ne + se)
            flat = max(np.float32(0.03125) * (nw + ne + sw + se), np.float32(1.0 / 128.0))
            scale = np.float32(1.0) / (min(abs(along_x), abs(along_y)) + flat)
            along_x = min(max(along_x * scale, -reach), reach)
            along_y = min(max(along_y * scale, -reach), reach)
            # Two channels at a time, 16 bits each: red and blue, green and alpha.
            near_rb = near_ga = far_rb = far_ga = np.uint32(0)
            for tap in range(4):
                step = np.float32((-1.0 / 6.0, 1.0 / 6.0, -0.5, 0.5)[tap])
                # In sixteenths of a pixel.
                at_x = np.int32(np.float32(16.0) * (np.float32(x) + step * along_x) + half)
                at_y = np.int32(np.float32(16.0) * (np.float32(y) + step * along_y) + half)
                at_x = min(max(at_x, np.int32(0)), np.int32(16 * width - 16))
                at_y = min(max(at_y, np.int32(0)), np.int32(16 * height - 16))
                left, top = at_x >> 4, at_y >> 4
                right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
                u, v = np.uint32(at_x & 15), np.uint32(at_y & 15)
                rb = ga = np.uint32(0x800080)
                for corner in range(4):
                    pixel = pixels[bottom if corner > 1 else top, right if corner & 1 else left]
                    weight = (u if corner & 1 else np.uint32(16) - u) * (
                        v if corner > 1 else np.uint32(16) - v
                    )
                    rb += np.uint32(weight * (pixel & np.uint32(0xFF00FF)))
                    ga += np.uint32(weight * ((pixel >> np.uint32(8)) & np.uint32(0xFF00FF)))
                rb = (rb >> np.uint32(8)) & np.uint32(0xFF00FF)
                ga = (ga >> np.uint32(8)) & np.uint32(0xFF00FF)
                if tap < 2:
                    near_rb, near_ga = np.uint32(near_rb + rb), np.uint32(near_ga + ga)
                else:
                    far_rb, far_ga = np.uint32(far_rb + rb), np.uint32(far_ga + ga)
            far_rb, far_ga = np.uint32(far_rb + near_rb), np.uint32(far_ga + near_ga)
            found = (
                np.float32(0.299 / 1020.0) * np.float32(far_rb & np.uint32(0xFFFF))
                + np.float32(0.587 / 1020.0) * np.float32(far_ga & np.uint32(0xFFFF))
                + np.float32(0.114 / 1020.0) * np.float32(far_rb >> np.uint32(16))
            )
            if darkest <= found <= brightest:
                rb = ((far_rb + np.uint32(0x20002)) >> np.uint32(2)) & np.uint32(0xFF00FF)
                ga = ((far_ga + np.uint32(0x20002)) >> np.uint32(2)) & np.uint32(0xFF00FF)
            else:
                rb = ((near_rb + np.uint32(0x10001)) >> np.uint32(1)) & np.uint32(0xFF00FF)
                ga = ((near_ga + np.uint32(0x10001)) >> np.uint32(1)) & np.uint32(0xFF00FF)
            smooth[y, x] = np.uint32(rb | (ga << np.uint32(8)))
