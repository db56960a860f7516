"""Triangulate surfaces whose vertices form a regular grid."""

from __future__ import annotations

import numpy as np

from avatars.authoring.figure.source import Ints


def grid_triangles(rows: int, columns: int) -> Ints:
    """Return two triangles per grid cell, (m, 3), for points numbered in row-major order."""
    a = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.concatenate(
        (
            np.stack((a, a + columns, a + columns + 1), 1),
            np.stack((a, a + columns + 1, a + 1), 1),
        )
    )
