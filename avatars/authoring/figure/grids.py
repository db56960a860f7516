"""Surfaces laid out as grids of points, and the triangles between them."""

from __future__ import annotations

import numpy as np

from avatars.authoring.figure.source import Ints


def grid_triangles(rows: int, columns: int) -> Ints:
    """Two triangles a cell (m, 3) of points numbered along the rows."""
    a = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.concatenate(
        (
            np.stack((a, a + columns, a + columns + 1), 1),
            np.stack((a, a + columns + 1, a + 1), 1),
        )
    )
