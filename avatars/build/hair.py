"""The idol's hair: a cap on the scalp and locks that flow from the crown."""

from __future__ import annotations

from dataclasses import dataclass, replace

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

SIZE = 512
_TONES = (1.0, 1.16, 0.74)
"""How bright locks are, by `Lock.tone`: columns of the picture."""


@dataclass(frozen=True, slots=True)
class Weave:
    """How finely locks are made.

    Attributes:
        across: vertices across a lock.
        between: steps between two points of its path.
        step: of which every so many rows are kept.
        cap: triangles of the cap under them.
    """

    across: int
    between: int
    step: int
    cap: int


def hair(
    source: Source,
    body: Body,
    marks: Landmarks,
    locks: tuple[Lock, ...],
    rigging: Rigging,
    weave: Weave,
) -> Piece:
    """Cap and locks."""
    cap = _cap(source, body, marks, rigging, weave)
    return joined([cap, *(_strand(marks, lock, rigging, weave) for lock in locks)])


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


def _cap(source: Source, body: Body, marks: Landmarks, rigging: Rigging, weave: Weave) -> Piece:
    quads = source.base.groups["body"].corners
    piece, _ = piece_of(body, marks, quads[(marks.head_share[quads] > 0.3).all(axis=1)])
    over = hairline(marks, piece.position)
    q = (piece.position - marks.skull) / marks.unit
    ear = (np.abs(q[:, 0]) * marks.unit > marks.radii[0]) & (
        marks.face(piece.position)[:, 1] < 0.25
    )
    piece = cut(piece, np.where(ear, -1.0, over))
    over = np.clip(hairline(marks, piece.position), 0.0, 1.0)
    piece = thinned(piece.grown((0.02 + 0.12 * over) * marks.unit), weave.cap)
    count = len(piece.position)
    return replace(
        piece,
        uv=np.tile([2.5 / len(_TONES), 0.1], (count, 1)),
        weights=np.tile(lock_weights(rigging, FRINGE, 1), (count, 1)),
    )


def _strand(marks: Landmarks, lock: Lock, rigging: Rigging, weave: Weave) -> Piece:
    coarse = path_of(marks, lock)
    path = _curved(coarse, weave.between)
    bones = _between(lock_weights(rigging, lock, len(coarse)), weave.between)
    # The tip stays, whatever the step.
    kept = np.arange(len(path) - 1, -1, -weave.step)[::-1]
    path, weights = path[kept], np.repeat(bones[kept], weave.across, axis=0)
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
    root = smoothstep(-0.1, 0.35, t)
    tip = np.clip((t - 0.25) / 0.75, 0.0, 1.0)
    width = lock.width * marks.unit * ((0.3 + 0.7 * root) * (1.0 - tip**lock.taper) ** 0.85 + 0.01)
    thick = lock.thick * lock.width * marks.unit
    thick = thick * np.minimum(1.0, width / (0.6 * lock.width * marks.unit))
    turn = np.pi * np.arange(weave.across) / (weave.across - 1)
    # A lens, open underneath where nobody looks, its edges bent towards the head.
    side = -np.cos(turn)[None, :] * width[:, None]
    rise = np.sin(turn)[None, :] * thick[:, None] - 0.5 * thick[:, None]
    rise -= 0.22 * width[:, None] * np.cos(turn)[None, :] ** 2
    position = (
        path[:, None] + aside[:, None] * side[..., None] + out[:, None] * rise[..., None]
    ).reshape(-1, 3)
    normal = (
        out[:, None] * (0.6 + np.sin(turn))[None, :, None]
        - aside[:, None] * (0.7 * np.cos(turn))[None, :, None]
    ).reshape(-1, 3)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    v = _layout(marks, path, t)
    u = (lock.tone + np.linspace(0.02, 0.98, weave.across)) / len(_TONES)
    uv = np.column_stack((np.tile(u, len(t)), v.repeat(weave.across)))
    a = (np.arange(len(t) - 1)[:, None] * weave.across + np.arange(weave.across - 1)).ravel()
    triangles = np.concatenate(
        (
            np.stack((a, a + 1, a + weave.across + 1), 1),
            np.stack((a, a + weave.across + 1, a + weave.across), 1),
        )
    )
    return Piece(position, normal, uv, weights, triangles)


def _layout(marks: Landmarks, path: Floats, t: Floats) -> Floats:
    """v of a lock's rows: by height over the skull's middle, then by the share of what hangs.

    So that light lies at one height on all of them, and all end in the tips' colour.
    """
    height = (path[:, 1] - marks.skull[1]) / marks.radii[1]
    over = 0.35 * (1.15 - height) / 1.15
    low = int(np.argmax(height < 0.25)) if np.any(height < 0.25) else len(t) - 1
    hanging = over[low] + (1.0 - over[low]) * (t - t[low]) / max(1.0 - t[low], 1e-6)
    v: Floats = np.clip(np.where(np.arange(len(t)) < low, over, hanging), 0.0, 1.0)
    return v


def _between(rows: Floats, count: int) -> Floats:
    """Rows (k, c) with `count` − 1 more set evenly between each two."""
    place = np.arange((len(rows) - 1) * count + 1) / count
    low = np.minimum(place.astype(np.int64), len(rows) - 2)
    share = (place - low)[:, None]
    out: Floats = rows[low] * (1.0 - share) + rows[low + 1] * share
    return out


def _curved(points: Floats, count: int) -> Floats:
    """A Catmull-Rom curve through points (k, 3), `count` steps between each two."""
    ends = np.concatenate((2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]))
    place = np.arange((len(points) - 1) * count + 1) / count
    i = np.minimum(place.astype(np.int64), len(points) - 2)
    t = (place - i)[:, None]
    a, b, c, d = (ends[i + k] for k in range(4))
    curve: Floats = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return curve


def paint_hair(root: Colour, tip: Colour) -> Floats:
    """The picture (SIZE, SIZE, 3): v from root to tip, soft strands across, a ring of light."""
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    t, across = (row + 0.5) / SIZE, (column + 0.5) / SIZE * len(_TONES)
    tone = across.astype(np.int64)
    u = across - tone
    strand = 0.5 + 0.22 * np.sin(u * 21.0 + 0.6) + 0.16 * np.sin(u * 47.0) + 0.10 * np.sin(u * 9.0)
    picture = mixed(flat((SIZE, SIZE), root), tip, smoothstep(0.30, 1.0, t))
    picture *= (np.array(_TONES)[tone] * (0.90 + 0.18 * strand))[..., None]
    # Edges are darker, as where one lock lies under the next.
    edge = smoothstep(0.16, 0.0, np.minimum(u, 1.0 - u))
    picture *= (1.0 - 0.22 * edge)[..., None]
    teeth = 0.016 * np.sin(u * 24.0) + 0.010 * np.sin(u * 57.0 + 1.0)
    bow = 0.05 * (2.0 * u - 1.0) ** 2
    high = smoothstep(0.012, 0.020, t - 0.125 + bow + 0.6 * teeth)
    low = smoothstep(0.012, -0.004, t - 0.185 + bow - teeth)
    ring = high * low * smoothstep(0.0, 0.2, np.minimum(u, 1.0 - u))
    shine = tuple(c + (1.0 - c) * 0.55 for c in tip)
    picture = mixed(picture, np.array(shine), 0.62 * ring * (tone < 2))
    return np.clip(picture, 0.0, 1.0)
