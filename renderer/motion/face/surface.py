"""What is measured on lips, nose, cheeks and chin of a face that was turned onto a standard one.

The head's own transform tilts a little with the jaw and the brows. So the face is turned here by
what no shape moves (corners of the eyes, temples, forehead) onto the mean of the faces that the
reading of face shapes was learnt from. All measures are linear in the points then, and are lengths
in distances between the outer corners of the eyes; left and right are taken together.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from avatars.maths.vectors import Array

LEARNT: Final = "face_reading.npz"
"""What `renderer.training.face` finds: the standard face, and how shapes are read."""

STILL: Final = (33, 133, 362, 263, 127, 356, 234, 454, 10, 151, 9, 8)
"""Rows of MediaPipe's face mesh that no shape of the face moves, or hardly."""

_X, _Y, _Z = range(3)
_TABLE: Final[tuple[tuple[str, int, tuple[int, ...], tuple[int, ...]], ...]] = (
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
"""What, along which axis, the mean of which rows less the mean of which others."""

SURFACE: Final = tuple(name for name, *_ in _TABLE)
_USED: Final = np.array(sorted({row for _, _, plus, minus in _TABLE for row in plus + minus}))
_STILL: Final = np.array(STILL)
_OUTER: Final = (263, 33)


def _matrix() -> Array:
    out = np.zeros((len(_TABLE), len(_USED), 3))
    for k, (_, axis, plus, minus) in enumerate(_TABLE):
        for rows, sign in ((plus, 1.0), (minus, -1.0)):
            for row in rows:
                out[k, np.searchsorted(_USED, row), axis] += sign / len(rows)
    return out.reshape(len(_TABLE), -1)


@cache
def standard() -> Array:
    """(12, 3) where STILL's rows are on the standard face; outer corners of the eyes 1 apart."""
    with (files("renderer.motion.face") / LEARNT).open("rb") as file, np.load(file) as kept:
        places: Array = kept["standard"].astype(np.float64)
    return places


_MATRIX: Final = _matrix()


def measure_surface(points: Array) -> Array:
    """The SURFACE measures (25,) of points (478, 3) in pixels; y up, z towards the camera."""
    return measure_on_face(points, standard())


def measure_on_face(points: Array, face: Array) -> Array:
    """The same on another face, whose STILL rows are at (12, 3)."""
    apart = max(float(np.linalg.norm(points[_OUTER[0]] - points[_OUTER[1]])), 1e-6)
    still = points[_STILL] / apart
    middle, goal = still.mean(axis=0), face.mean(axis=0)
    # The rotation nearest to what takes the one onto the other (Kabsch 1976).
    u, _, v = np.linalg.svd((still - middle).T @ (face - goal))
    if np.linalg.det(u @ v) < 0.0:
        u[:, 2] = -u[:, 2]
    turned = (points[_USED] / apart - middle) @ (u @ v) + goal
    out: Array = _MATRIX @ turned.ravel()
    return out
