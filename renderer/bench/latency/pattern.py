"""Draw a frame's number into the frame, and read it from the picture that a viewer sees."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

_BITS: Final = 16
_BLOCK: Final = 32
"""Side of a block in pixels: two macroblocks, which survive any bit rate."""
_DARK, _BRIGHT, _LIMIT = 40, 210, 125
WIDTH: Final = _BITS * _BLOCK
"""Least width of a picture."""

Plane = npt.NDArray[np.uint8]


def draw(luma: Plane, number: int, is_flash: bool) -> None:
    """Draw a number, its complement below it, and under them a field that flashes.

    Args:
        luma: (height, width) uint8, changed in place.
        number: of the frame; its lowest 16 bits are drawn.
        is_flash: whether the field is bright.
    """
    bits = (number >> np.arange(_BITS)) & 1
    rows = np.stack((bits, 1 - bits)).astype(np.uint8)
    blocks = np.kron(rows, np.ones((_BLOCK, _BLOCK), np.uint8))
    luma[: 2 * _BLOCK, :WIDTH] = _DARK + (_BRIGHT - _DARK) * blocks
    luma[2 * _BLOCK : 4 * _BLOCK, :WIDTH] = _BRIGHT if is_flash else _DARK


def read(luma: Plane) -> tuple[int, bool] | None:
    """Return the number and whether the field is bright; None if the picture has no pattern."""
    blocks = luma[: 4 * _BLOCK, :WIDTH].reshape(4, _BLOCK, _BITS, _BLOCK).mean(axis=(1, 3))
    bits = blocks[0] > _LIMIT
    if np.any(bits == (blocks[1] > _LIMIT)):
        return None
    number = int((bits.astype(np.int64) << np.arange(_BITS)).sum())
    return number, bool(blocks[2:].mean() > _LIMIT)
