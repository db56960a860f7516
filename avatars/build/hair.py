"""The idol's hair: a cap on the scalp and locks that flow from the crown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.build.body import Body
from avatars.build.geometry import Piece, cut, joined, smoothstep
from avatars.build.landmarks import Landmarks, piece_of
from avatars.build.locks import FRINGE, Lock, path_of
from avatars.build.paint import Colour, flat, mixed
from avatars.build.rigging import Rigging
from avatars.build.source import Floats, Source
from avatars.build.swing import lock_weights
from avatars.build.thinning import thinned

SIZE = 256
_ACROSS = 4
"""Vertices across a lock."""


def hair(
    source: Source,
    body: Body,
    marks: Landmarks,
    locks: tuple[Lock, ...],
    rigging: Rigging,
    step: int = 1,
) -> Piece:
    """Cap and locks.

    Args:
        step: of a lock's path, every so many points are kept.
    """
    cap = _cap(source, body, marks, rigging)
    return joined([cap, *(_strand(marks, lock, rigging, step) for lock in locks)])


def hairline(marks: Landmarks, position: Floats) -> Floats:
    """Height over the hairline (n,) in eye distances; positive under the hair."""
    q = marks.face(position)
    behind = (position[:, 2] - marks.skull[2]) / marks.unit
    angle = np.degrees(np.arctan2(np.abs(q[:, 0]), behind))
    line = np.interp(
        angle,
        [0.0, 30.0, 50.0, 70.0, 85.0, 100.0, 120.0, 180.0],
        [1.02, 0.98, 0.80, 0.35, 0.0, -0.6, -1.3, -1.6],
    )
    over: Floats = q[:, 1] - line
    return over


def _cap(source: Source, body: Body, marks: Landmarks, rigging: Rigging) -> Piece:
    quads = source.base.groups["body"].corners
    piece, _ = piece_of(body, marks, quads[(marks.head_share[quads] > 0.3).all(axis=1)])
    over = hairline(marks, piece.position)
    q = (piece.position - marks.skull) / marks.unit
    ear = (np.abs(q[:, 0]) * marks.unit > marks.radii[0]) & (
        marks.face(piece.position)[:, 1] < 0.25
    )
    piece = cut(piece, np.where(ear, -1.0, over))
    over = np.clip(hairline(marks, piece.position), 0.0, 1.0)
    piece = thinned(piece.grown((0.02 + 0.09 * over) * marks.unit), 500)
    count = len(piece.position)
    return replace(
        piece,
        uv=np.tile([0.5, 0.1], (count, 1)),
        weights=np.tile(lock_weights(rigging, FRINGE, 1), (count, 1)),
    )


def _strand(marks: Landmarks, lock: Lock, rigging: Rigging, step: int) -> Piece:
    path = path_of(marks, lock)
    weights = lock_weights(rigging, lock, len(path))
    # The tip stays, whatever the step.
    kept = np.arange(len(path) - 1, -1, -step)[::-1]
    path, weights = path[kept], np.repeat(weights[kept], _ACROSS, axis=0)
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    length = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))))
    t = length / length[-1]
    lon = np.radians(lock.end)
    level = np.array([np.sin(lon), 0.0, np.cos(lon)])
    out = (path - marks.skull) / marks.radii**2
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    hanging = smoothstep(-0.3, -1.2, (path[:, 1] - marks.skull[1]) / marks.unit)[:, None]
    out = out * (1.0 - hanging) + level * hanging
    out -= along * np.sum(out * along, axis=1, keepdims=True)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    aside = np.cross(along, out)
    root = np.clip(t / 0.3, 0.0, 1.0)
    tip = np.clip((t - 0.3) / 0.7, 0.0, 1.0)
    width = lock.width * marks.unit * ((0.4 + 0.6 * root) * (1.0 - tip**lock.taper) + 0.02)
    thick = lock.thick * lock.width * marks.unit
    thick = thick * np.minimum(1.0, width / (0.5 * lock.width * marks.unit))
    turn = np.pi * np.arange(_ACROSS) / (_ACROSS - 1)
    # A lens, open underneath where nobody looks, its edges bent towards the head.
    side = -np.cos(turn)[None, :] * width[:, None]
    rise = np.sin(turn)[None, :] * thick[:, None] - 0.5 * thick[:, None]
    rise -= 0.18 * width[:, None] * np.cos(turn)[None, :] ** 2
    position = (
        path[:, None] + aside[:, None] * side[..., None] + out[:, None] * rise[..., None]
    ).reshape(-1, 3)
    normal = (
        out[:, None] * (0.35 + np.sin(turn))[None, :, None]
        - aside[:, None] * (0.8 * np.cos(turn))[None, :, None]
    ).reshape(-1, 3)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    uv = np.column_stack((np.tile(np.linspace(0, 1, _ACROSS), len(t)), np.repeat(t, _ACROSS)))
    a = (np.arange(len(t) - 1)[:, None] * _ACROSS + np.arange(_ACROSS - 1)).ravel()
    triangles = np.concatenate(
        (
            np.stack((a, a + 1, a + _ACROSS + 1), 1),
            np.stack((a, a + _ACROSS + 1, a + _ACROSS), 1),
        )
    )
    return Piece(position, normal, uv, weights, triangles)


def paint_hair(root: Colour, tip: Colour) -> Floats:
    """The picture (SIZE, SIZE, 3): v from root to tip, streaks across, a ring of light."""
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    t, u = (row + 0.5) / SIZE, (column + 0.5) / SIZE
    streak = 0.5 + 0.2 * np.sin(u * 31.0) + 0.15 * np.sin(u * 73.0 + 1.0) + 0.1 * np.sin(u * 17.0)
    picture = mixed(flat((SIZE, SIZE), root), tip, smoothstep(0.45, 1.0, t))
    picture *= (0.86 + 0.24 * streak)[..., None]
    ring = np.exp(-(((t - 0.22 - 0.04 * (streak - 0.5)) / 0.03) ** 2)) * (0.3 + 0.5 * streak)
    return mixed(picture, (0.78, 0.84, 1.0), np.clip(0.8 * ring, 0.0, 1.0))
