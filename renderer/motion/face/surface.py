"""Measures on lips, nose, cheeks and chin of a face aligned with a reference face.

The head's transform tilts slightly with jaw and brows. So the face is aligned here by points that
no expression moves (corners of the eyes, temples, forehead) with the mean of the faces that the
regression was trained on. The measures are then linear in the points; they are lengths in units of
the distance between the outer corners of the eyes, left and right averaged.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from avatars.maths.vectors import Array

LEARNT: Final = "face_reading.npz"
"""File written by `renderer.training.face`: the reference face and the regression's weights."""

RIGID_POINTS: Final = (33, 133, 362, 263, 127, 356, 234, 454, 10, 151, 9, 8)
"""Rows of MediaPipe's face mesh that expressions hardly move."""

_X, _Y, _Z = range(3)
_MEASURE_TABLE: Final[tuple[tuple[str, int, tuple[int, ...], tuple[int, ...]], ...]] = (
    ("mouth, wide", _X, (291,), (61,)),
    ("upper lip, middle", _Y, (0,), (13,)),
    ("lower lip, middle", _Y, (14,), (17,)),
    ("upper lip, sides", _Y, (37, 267, 39, 269), (82, 312, 81, 311)),
    ("lower lip, sides", _Y, (87, 317, 178, 402), (84, 314, 181, 405)),
    ("lips' meeting, ahead", _Z, (13, 14), ()),
    ("lips' rims, ahead", _Z, (0, 17), ()),
    ("corners, ahead", _Z, (61, 291), ()),
    ("corners, up", _Y, (61, 291), ()),
    ("chin, up", _Y, (152,), ()),
    ("chin, ahead", _Z, (152,), ()),
    ("lower lip over chin", _Y, (17,), (152,)),
    ("nose over upper lip", _Y, (2,), (0,)),
    ("nostrils, up", _Y, (48, 278, 64, 294, 98, 327), ()),
    ("nostrils, apart", _X, (278, 294), (48, 64)),
    ("nose's tip, up", _Y, (4,), ()),
    ("beside the nose, up", _Y, (36, 266, 203, 423, 206, 426), ()),
    ("cheeks, apart", _X, (411, 376), (187, 147)),
    ("cheeks, ahead", _Z, (205, 425, 187, 411, 50, 280), ()),
    ("jaw, wide", _X, (397, 365), (172, 136)),
    ("face, wide", _X, (454,), (234,)),
    ("cheeks, up", _Y, (205, 425, 50, 280), ()),
    ("brows' inner ends, up", _Y, (107, 336, 55, 285), ()),
    ("brows, apart", _X, (285,), (55,)),
    ("lower lids, up", _Y, (374, 380, 373, 145, 153, 144), ()),
)
"""Name, axis, and the rows whose mean minus the mean of the other rows is the measure."""

SURFACE: Final = tuple(name for name, *_ in _MEASURE_TABLE)
_USED_ROWS: Final = np.array(
    sorted({row for _, _, plus, minus in _MEASURE_TABLE for row in plus + minus})
)
_RIGID_ROWS: Final = np.array(RIGID_POINTS)
_OUTER_CORNERS: Final = (263, 33)


def _matrix() -> Array:
    """Return (25, 3·m) the linear map from the used points' coordinates to the measures."""
    out = np.zeros((len(_MEASURE_TABLE), len(_USED_ROWS), 3))
    for k, (_, axis, plus, minus) in enumerate(_MEASURE_TABLE):
        for rows, sign in ((plus, 1.0), (minus, -1.0)):
            for row in rows:
                out[k, np.searchsorted(_USED_ROWS, row), axis] += sign / len(rows)
    return out.reshape(len(_MEASURE_TABLE), -1)


@cache
def reference_points() -> Array:
    """Return (12, 3) RIGID_POINTS on the reference face.

    The outer corners of the eyes are 1 apart.
    """
    with (files("renderer.motion.face") / LEARNT).open("rb") as file, np.load(file) as kept:
        places: Array = kept["standard"].astype(np.float64)
    return places


_MATRIX: Final = _matrix()


def measure_surface(points: Array) -> Array:
    """Compute the SURFACE measures (25,) of points (478, 3) in pixels.

    Y up, z towards the camera.
    """
    return measure_on_face(points, reference_points())


def measure_on_face(points: Array, face: Array) -> Array:
    """Compute the SURFACE measures (25,) relative to another reference face.

    Args:
        points: (478, 3) pixels, y up, z towards the camera.
        face: (12, 3) the reference face's RIGID_POINTS.
    """
    apart = max(float(np.linalg.norm(points[_OUTER_CORNERS[0]] - points[_OUTER_CORNERS[1]])), 1e-6)
    still = points[_RIGID_ROWS] / apart
    middle, goal = still.mean(axis=0), face.mean(axis=0)
    # The rotation that aligns both point sets best (Kabsch 1976).
    u, _, v = np.linalg.svd((still - middle).T @ (face - goal))
    if np.linalg.det(u @ v) < 0.0:
        u[:, 2] = -u[:, 2]
    turned = (points[_USED_ROWS] / apart - middle) @ (u @ v) + goal
    out: Array = _MATRIX @ turned.ravel()
    return out
