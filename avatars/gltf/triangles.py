"""Convert index lists of any mode to triangles, and compute missing normals."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]

TRIANGLES: Final = 4
STRIP: Final = 5
FAN: Final = 6


def to_triangles(indices: U32, mode: int) -> U32:
    """Return triangles (m, 3) with counter-clockwise front faces, without degenerate ones.

    Source: glTF 2.0 specification, 3.7.2.1: strip triangle i is (i, i + 1 + i%2, i + 2 − i%2),
    fan triangle i is (i + 1, i + 2, 0).

    Args:
        indices: (k,) vertex indices.
        mode: TRIANGLES, STRIP or FAN.
    """
    if mode == TRIANGLES:
        corners = indices[: len(indices) // 3 * 3].reshape(-1, 3)
    else:
        i = np.arange(max(len(indices) - 2, 0))
        odd = i % 2
        places = (
            (i, i + 1 + odd, i + 2 - odd) if mode == STRIP else (i + 1, i + 2, np.zeros_like(i))
        )
        corners = indices[np.stack(places, axis=-1)]
    a, b, c = corners.T
    whole: U32 = corners[(a != b) & (b != c) & (c != a)]
    return whole


def unit_normals(normal: F32) -> F32:
    """Scale normals (n, 3) to length 1; zero normals become +Y."""
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0], np.float32)
    return np.where(length > 1e-12, normal / np.maximum(length, 1e-12), up).astype(np.float32)


def smooth_normals(position: F32, triangles: U32) -> F32:
    """Return unit normals (n, 3), the area-weighted means of each vertex's face normals.

    The specification requires flat normals, but toon shading bands need smooth ones.
    """
    a, b, c = (position[triangles[:, i]].astype(np.float64) for i in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros((len(position), 3))
    for corner in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(
                triangles[:, corner], face[:, axis], minlength=len(position)
            )
    length = np.linalg.norm(total, axis=-1, keepdims=True)
    return unit_normals((total / np.maximum(length, 1e-30)).astype(np.float32))
