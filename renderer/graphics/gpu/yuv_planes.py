"""Convert a picture to YUV planes on the processor, for software rasterisers.

A shader pass on the processor costs several times as much as these loops, whose arithmetic is that
of shaders/yuv.frag.glsl in fixed point: BT.709, limited range, chroma as the mean of a 2x2 block
(ITU-R BT.709-6, 3.2 to 3.5).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]


def convert_yuv(pixels: U32, planes: U8, *, interleaved: bool) -> None:
    """Fill the planes of a picture.

    Args:
        pixels: (h, w) sRGB, red in the lowest byte; sides even.
        planes: (1.5 h, w) luma, then the chroma planes in memory order.
        interleaved: whether the chroma planes alternate byte by byte (NV12).
    """
    height, width = pixels.shape
    _fill_luma(pixels, planes)
    chroma = planes[height:].reshape(-1)
    quarter = width * height // 4
    if interleaved:
        _fill_chroma(pixels, chroma[0::2], chroma[1::2])
    else:
        _fill_chroma(pixels, chroma[:quarter], chroma[quarter:])


@compiled
def _fill_luma(pixels: U32, luma: U8) -> None:
    # 219 / 255 of the weights 0.2126, 0.7152 and 0.0722, times 2^16; 16 and one half likewise.
    for y in range(pixels.shape[0]):
        row, out = pixels[y], luma[y]
        for x in range(len(row)):
            pixel = np.int32(row[x] & np.uint32(0xFFFFFF))
            total = (
                (pixel & np.int32(255)) * np.int32(11966)
                + ((pixel >> np.int32(8)) & np.int32(255)) * np.int32(40254)
                + (pixel >> np.int32(16)) * np.int32(4064)
            )
            out[x] = np.uint8((total + np.int32(1081344)) >> np.int32(16))


@compiled
def _fill_chroma(pixels: U32, blue: U8, red: U8) -> None:
    # 224 / 255 / 1.8556 and 224 / 255 / 1.5748 of the differences to luma, times 2^16, of a sum of
    # four pixels; 128 and one half likewise, times four.
    width = pixels.shape[1] // 2
    for y in range(pixels.shape[0] // 2):
        upper, lower = pixels[2 * y], pixels[2 * y + 1]
        first = y * width
        for x in range(width):
            r = g = b = np.int32(0)
            for pixel in (upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]):
                value = np.int32(pixel & np.uint32(0xFFFFFF))
                r += value & np.int32(255)
                g += (value >> np.int32(8)) & np.int32(255)
                b += value >> np.int32(16)
            cb = np.int32(-6596) * r + np.int32(-22189) * g + np.int32(28785) * b
            cr = np.int32(28784) * r + np.int32(-26145) * g + np.int32(-2639) * b
            blue[first + x] = np.uint8((cb + np.int32(33685504)) >> np.int32(18))
            red[first + x] = np.uint8((cr + np.int32(33685504)) >> np.int32(18))
