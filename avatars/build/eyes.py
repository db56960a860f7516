"""The idol's eyes: the front of a ball each, and one painted iris for both."""

from __future__ import annotations

import numpy as np

from avatars.build.geometry import Piece, joined, smoothstep
from avatars.build.landmarks import Landmarks
from avatars.build.paint import Colour, flat, mixed
from avatars.build.source import Floats
from avatars.names import BONE_INDEX

SIZE = 512
_RINGS, _SPOKES = 5, 16
_REACH = np.radians(75.0)
"""How far from its front pole each ball is covered."""


def eyeballs(marks: Landmarks) -> Piece:
    """Both eyes, turning with their bones."""
    return joined(
        [
            _cap(marks.left, marks.eye_radius, BONE_INDEX["leftEye"]),
            _cap(marks.right, marks.eye_radius, BONE_INDEX["rightEye"]),
        ]
    )


def _cap(centre: Floats, radius: float, bone: int) -> Piece:
    ring = np.repeat(np.arange(1, _RINGS + 1), _SPOKES)
    spoke = np.tile(np.arange(_SPOKES), _RINGS)
    down, around = _REACH * ring / _RINGS, 2.0 * np.pi * spoke / _SPOKES
    rim = np.stack(
        (np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), np.cos(down)), axis=1
    )
    normal = np.concatenate(([[0.0, 0.0, 1.0]], rim))
    triangles = [(0, 1 + k, 1 + (k + 1) % _SPOKES) for k in range(_SPOKES)]
    for i in range(_RINGS - 1):
        for k in range(_SPOKES):
            a, b = 1 + i * _SPOKES + k, 1 + i * _SPOKES + (k + 1) % _SPOKES
            triangles += [(a, a + _SPOKES, b + _SPOKES), (a, b + _SPOKES, b)]
    weights = np.zeros((len(normal), 55))
    weights[:, bone] = 1.0
    uv = np.column_stack((0.5 + 0.5 * normal[:, 0], 0.5 - 0.5 * normal[:, 1]))
    # A little smaller than the socket, so that lids slide over it.
    position = centre + normal * radius * 0.985
    return Piece(position, normal, uv, weights, np.array(triangles))


def paint_iris(dark: Colour, middle: Colour, light: Colour, radius: float = 0.64) -> Floats:
    """The picture (SIZE, SIZE, 3) of an eye seen from the front, 1 being the ball's radius.

    Args:
        dark, middle, light: the iris from its upper to its lower edge.
        radius: the iris's.
    """
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    x = (column + 0.5) / SIZE * 2.0 - 1.0
    y = 1.0 - (row + 0.5) / SIZE * 2.0
    picture = flat((SIZE, SIZE), (0.985, 0.98, 0.99))
    picture = mixed(picture, (0.80, 0.78, 0.86), smoothstep(0.15, 0.70, y) * 0.8)

    away = np.hypot(x, y * 0.84) / radius
    height = np.clip((y / radius + 1.0) / 2.0, 0.0, 1.0)
    iris = mixed(flat((SIZE, SIZE), light), middle, smoothstep(0.0, 0.5, height))
    iris = mixed(iris, dark, smoothstep(0.45, 1.0, height))
    angle = np.arctan2(y, x)
    streaks = 0.9 + 0.1 * np.sin(angle * 44.0 + np.sin(angle * 13.0) * 2.0)
    iris *= np.where(away > 0.45, streaks, 1.0)[..., None]
    iris = mixed(iris, dark, smoothstep(0.80, 0.97, away) * 0.8)
    pupil = smoothstep(0.40, 0.35, np.hypot(x, y * 0.85) / radius)
    iris = mixed(iris, (0.05, 0.05, 0.14), pupil)
    glow = np.exp(-((x / 0.30) ** 2 + ((y + 0.28) / 0.15) ** 2)) * (1.0 - pupil) * 0.45
    iris = mixed(iris, (0.9, 1.0, 1.0), glow)
    picture = picture * (1.0 - (edge := smoothstep(1.02, 0.98, away)[..., None])) + iris * edge
    # The upper lid's shadow, then the lights in front of it all.
    picture = mixed(picture, (0.10, 0.10, 0.24), smoothstep(0.15, 0.65, y) * 0.45 * edge[..., 0])
    for cx, cy, rx, ry in ((-0.18, 0.22, 0.13, 0.16), (0.20, -0.24, 0.07, 0.08)):
        spot = smoothstep(1.05, 0.85, np.hypot((x - cx) / rx, (y - cy) / ry))
        picture = mixed(picture, (1.0, 1.0, 1.0), spot)
    return picture
