"""Test that the director's picture has the program's colours."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.show.control.monitor import Monitor
from renderer.transport.pixel_layout import PixelLayout

# RGB and its BT.709 limited-range Y'CbCr, from the standard's own equations.
KR, KB = 0.2126, 0.0722


def planes_of(rgb: tuple[int, int, int], width: int, height: int) -> np.ndarray:
    r, g, b = (value / 255 for value in rgb)
    luma = KR * r + (1 - KR - KB) * g + KB * b
    y = round(16 + 219 * luma)
    u = round(128 + 224 * (b - luma) / (2 * (1 - KB)))
    v = round(128 + 224 * (r - luma) / (2 * (1 - KR)))
    flat = np.concatenate(
        [
            np.full(width * height, y),
            np.full(width * height // 4, u),
            np.full(width * height // 4, v),
        ]
    )
    return flat.astype(np.uint8).reshape(height * 3 // 2, width)


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1920, 1080), (136, 130)])
@pytest.mark.parametrize(
    "rgb", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (130, 60, 200)]
)
def test_a_plain_colour_stays_itself(size: tuple[int, int], rgb: tuple[int, int, int]) -> None:
    monitor = Monitor(*size)
    planes = planes_of(rgb, *size)
    picture = monitor.convert(planes).copy()
    chroma = planes[size[1] :].reshape(2, -1).T
    mixed = np.concatenate((planes[: size[1]], chroma.reshape(size[1] // 2, size[0])))
    np.testing.assert_array_equal(monitor.convert(mixed, PixelLayout.NV12), picture)
    assert picture.shape == (monitor.height, monitor.width, 3)
    assert monitor.width <= 640
    assert np.abs(picture.astype(int) - np.array(rgb)).max() <= 3
