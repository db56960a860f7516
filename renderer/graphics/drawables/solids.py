"""Create small solids as triangles, in metres, counter-clockwise seen from outside."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.base import Point

F64 = npt.NDArray[np.float64]

_CORNERS: Final = np.array(list(product((-0.5, 0.5), repeat=3)))
"""Corners of the unit cube; the last coordinate varies fastest."""
_SIDES: Final = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
"""Corners of each side of the cube, counter-clockwise seen from outside."""


def make_box(size: Point, center: Point) -> F64:
    """Return the triangles (12, 3, 3) of a box."""
    corners = _CORNERS * size + np.asarray(center)
    quads = corners[np.array(_SIDES)]
    return np.concatenate((quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]))


def make_prism(span: tuple[float, float], radius: float, sides: int) -> F64:
    """Return the triangles (4 * sides, 3, 3) of a regular prism along z.

    Args:
        span: z of its ends; the first is lower.
        radius: from the axis to the edges.
        sides: number of its sides.
    """
    angles = 2.0 * np.pi * np.arange(sides + 1) / sides
    rim = radius * np.column_stack((np.cos(angles), np.sin(angles)))
    low, high = (np.column_stack((rim, np.full(sides + 1, z))) for z in span)
    middles = [np.broadcast_to((0.0, 0.0, z), (sides, 3)) for z in span]
    return np.concatenate(
        [
            np.stack(corners, axis=1)
            for corners in (
                (low[:-1], low[1:], high[1:]),
                (low[:-1], high[1:], high[:-1]),
                (middles[0], low[1:], low[:-1]),
                (middles[1], high[:-1], high[1:]),
            )
        ]
    )
