"""Create the smoke texture of beams and jets."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

_SMOKE_SIDE: Final = 256
_OCTAVES: Final = ((4, 1.0), (8, 0.6), (16, 0.35), (32, 0.2), (64, 0.1))
"""Cells per side and amplitude of each octave of the noise."""


def smoke_texture(context: moderngl.Context) -> moderngl.Texture:
    """Return tileable smooth noise of mean 0.5 as a texture of one channel."""
    noise = np.round(255.0 * _tiling_noise()).astype(np.uint8)
    return context.texture((_SMOKE_SIDE, _SMOKE_SIDE), 1, noise.tobytes())


def _tiling_noise() -> npt.NDArray[np.float64]:
    """Return tileable smooth noise (256, 256) in 0 to 1, deterministic."""
    random = np.random.default_rng(1)
    noise = np.zeros((_SMOKE_SIDE, _SMOKE_SIDE))
    for cells, strength in _OCTAVES:
        grid = np.pad(random.random((cells, cells)), ((0, 1), (0, 1)), mode="wrap")
        place = np.linspace(0.0, cells, _SMOKE_SIDE, endpoint=False)
        cell = place.astype(np.intp)
        share = place - cell
        share = share * share * (3.0 - 2.0 * share)
        rows = grid[cell] * (1.0 - share)[:, None] + grid[cell + 1] * share[:, None]
        noise += strength * (rows[:, cell] * (1.0 - share) + rows[:, cell + 1] * share)
    noise -= noise.min()
    return np.asarray(noise / noise.max())
