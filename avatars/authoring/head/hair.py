"""Build the hair: a cap on the scalp and locks that run down from the crown."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, cut, join, smoothstep
from avatars.authoring.figure.landmarks import Landmarks, piece_of
from avatars.authoring.figure.paint import Colour, flat, mix
from avatars.authoring.figure.palette import Palette
from avatars.authoring.figure.rigging import Rigging
from avatars.authoring.figure.source import Floats, Source
from avatars.authoring.figure.thinning import thin
from avatars.authoring.head.headwear import Headwear, headwear, paint_headwear
from avatars.authoring.head.locks import FRINGE, Lock, path_of, rows_between, sample_spline
from avatars.authoring.head.swing import lock_weights

SIZE = 512
"""Width and height of the hair texture, texels."""
_TONES = (1.0, 1.25, 0.56)
"""Brightness factors by `Lock.tone`; each is a column of the texture, followed by the headwear's
column."""

_BALL = 128
"""Width and height of the matcap, texels."""

_COLUMNS = len(_TONES) + 1
"""Columns of the texture."""

_RING_DIPS, _RING_STRAYS = 0.11, 0.008
"""Amplitudes by which the ring-shaped highlight is lower in front and varies from lock to lock, in
units of the skull's vertical semi-axis."""


@dataclass(frozen=True, slots=True)
class Weave:
    """Level of detail of the hair.

    Attributes:
        across: vertices across a lock.
        between: rows per segment of a lock's path.
        step: stride: only every `step`-th row is kept.
        cap: number of triangles of the cap under the locks.
    """

    across: int
    between: int
    step: int
    cap: int

    def of(self, lock: Lock) -> Weave:
        """Return the detail for one lock: reduced behind the head and under other locks."""
        behind = 100.0 < lock.end % 360.0 < 260.0
        across = max(self.across - int(behind), 3)
        return replace(
            self, across=across, between=1 if lock.tone == 2 and behind else self.between
        )


def hair(
    source: Source,
    body: Body,
    marks: Landmarks,
    locks: tuple[Lock, ...],
    rigging: Rigging,
    worn: Headwear,
    weave: Weave,
) -> Piece:
    """Build cap, locks and headwear as one piece."""
    cap = _cap(source, body, marks, rigging, weave)
    strands = [_strand(marks, lock, rigging, weave) for lock in locks]
    column = (len(_TONES) / _COLUMNS, 1.0)
    return join([cap, *strands, *headwear(marks, worn, rigging, column, fine=weave.between > 1)])


def hairline(marks: Landmarks, position: Floats) -> Floats:
    """Return the height (n,) above the hairline, eye distances; positive under the hair."""
    q = marks.face(position)
    behind = (position[:, 2] - marks.skull[2]) / marks.unit
    angle = np.degrees(np.arctan2(np.abs(q[:, 0]), behind))
    line = np.interp(
        angle,
        [0.0, 30.0, 50.0, 62.0, 74.0, 106.0, 118.0, 132.0, 150.0, 180.0],
        [1.02, 0.98, 0.80, 0.52, 0.24, 0.20, -0.45, -1.0, -1.3, -1.45],
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
    piece = thin(piece.grow((0.02 + 0.09 * over) * marks.unit), weave.cap)
    count = len(piece.position)
    height = (piece.position[:, 1] - marks.skull[1]) / marks.radii[1]
    return replace(
        piece,
        uv=np.column_stack((np.full(count, 2.5 / _COLUMNS), _over(height))),
        weights=np.tile(lock_weights(rigging, FRINGE, 1), (count, 1)),
    )


def _strand(marks: Landmarks, lock: Lock, rigging: Rigging, weave: Weave) -> Piece:
    coarse = path_of(marks, lock)
    weave = weave.of(lock)
    path = sample_spline(coarse, weave.between)
    bones = rows_between(lock_weights(rigging, lock, len(coarse)), weave.between)
    # Count rows from the tip, so that it is kept for every stride.
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
    # A lens-shaped cross-section, open on the hidden underside, with edges bent towards the head.
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
    if lock.tone == 2:
        # A lock under others catches no highlight, which the matcap has at upward normals.
        normal[:, 1] *= 0.2
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    v = _layout(marks, path, t, lock)
    u = np.linspace(0.02, 0.98, weave.across)
    # Mirror u for half of the locks, so that neighbours look different.
    u = (lock.tone + (u if round(lock.start) % 2 else 1.0 - u)) / _COLUMNS
    uv = np.column_stack((np.tile(u, len(t)), v.repeat(weave.across)))
    a = (np.arange(len(t) - 1)[:, None] * weave.across + np.arange(weave.across - 1)).ravel()
    triangles = np.concatenate(
        (
            np.stack((a, a + 1, a + weave.across + 1), 1),
            np.stack((a, a + weave.across + 1, a + weave.across), 1),
        )
    )
    return Piece(position, normal, uv, weights, triangles)


def _over(height: Floats) -> Floats:
    """Return v for hair on the skull.

    Args:
        height: (n,) above the skull's centre, in units of its vertical semi-axis.
    """
    v: Floats = np.clip(0.35 * (1.15 - height) / 1.15, 0.0, 1.0)
    return v


def _layout(marks: Landmarks, path: Floats, t: Floats, lock: Lock) -> Floats:
    """Return v of a lock's rows: by height on the skull, then by fraction of the hanging length.

    This makes the highlight a ring around the head, and all locks end in the tips' colour. The
    ring is lower in front than at the sides, as on a sphere seen from slightly above, and varies
    from lock to lock.

    Args:
        path: (k, 3) the lock's centre line, metres.
        t: (k,) fraction of the lock's length at each row.
    """
    height = (path[:, 1] - marks.skull[1]) / marks.radii[1]
    height = height + _RING_DIPS * np.cos(np.radians(lock.end))
    height = height + _RING_STRAYS * np.sin(2.4 * lock.start + lock.tone)
    over = _over(height)
    low = int(np.argmax(height < 0.25)) if np.any(height < 0.25) else len(t) - 1
    hanging = over[low] + (1.0 - over[low]) * (t - t[low]) / max(1.0 - t[low], 1e-6)
    v: Floats = np.clip(np.where(np.arange(len(t)) < low, over, hanging), 0.0, 1.0)
    return v


def _shine(palette: Palette) -> Colour:
    """Return the colour of light on the hair: the tips', somewhat whiter."""
    red, green, blue = palette.hair_tip
    return red + (1.0 - red) * 0.4, green + (1.0 - green) * 0.4, blue + (1.0 - blue) * 0.4


def paint_sheen(palette: Palette) -> Floats:
    """Paint the hair's matcap (_BALL, _BALL, 3): a highlight across the upper half of each lock.

    The lock's own curvature bends the highlight and ends it at the lock's edges; a second, fainter
    one below it, as on real hair, has the hair's own colour.
    """
    row, column = np.mgrid[0:_BALL, 0:_BALL]
    middle = (_BALL - 1) / 2.0
    x, y = (column - middle) / middle, (middle - row) / middle
    sides = np.exp(-(((x + 0.06) / 0.72) ** 4))
    from_line = y - 0.50 + 0.16 * x * x
    first = smoothstep(0.040, 0.022, np.abs(from_line)) * sides
    second = np.exp(-(((from_line + 0.10) / 0.09) ** 2)) * sides
    edge = smoothstep(0.80, 1.0, np.hypot(x, y)) * smoothstep(-0.4, 0.6, y)
    white, own = np.array(_shine(palette)), np.array(palette.hair_tip)
    sheen = first[..., None] * white + (0.22 * second + 0.24 * edge)[..., None] * own
    return np.asarray(np.clip(sheen, 0.0, 1.0))


def paint_hair(palette: Palette) -> Floats:
    """Paint the hair texture (SIZE, SIZE, 3).

    v runs from root to tip; each column has soft strands across and a highlight.
    """
    root, tip = palette.hair_root, palette.hair_tip
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    t, across = (row + 0.5) / SIZE, (column + 0.5) / SIZE * _COLUMNS
    tone = across.astype(np.int64)
    u = across - tone
    strand = 0.5 + 0.26 * np.sin(u * 12.0 + 0.6) + 0.10 * np.sin(u * 31.0) + 0.12 * np.sin(u * 7.0)
    picture = mix(flat((SIZE, SIZE), root), tip, smoothstep(0.30, 1.0, t))
    picture *= (np.array((*_TONES, 1.0))[tone] * (0.90 + 0.18 * strand))[..., None]
    # Darken the edges, where a lock is occluded by the next one.
    edge = smoothstep(0.20, 0.0, np.minimum(u, 1.0 - u))
    picture *= (1.0 - 0.46 * edge)[..., None]
    # A soft painted sheen that ends in strands; the moving highlight is the material's matcap.
    strands = 0.5 + 0.3 * np.sin(u * 23.0 + 0.4) + 0.2 * np.sin(u * 57.0 + 1.0)
    sheen = smoothstep(0.09, 0.17, t) * smoothstep(0.03, -0.01, t - 0.17 - 0.05 * strands)
    picture = mix(picture, np.array(_shine(palette)), 0.20 * sheen * (tone < 2))
    worn = paint_headwear(u, t, palette.accent, palette.metal)
    picture = np.where((tone == len(_TONES))[..., None], worn, picture)
    return np.clip(picture, 0.0, 1.0)
