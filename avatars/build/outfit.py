"""The idol's clothes: garments grown out of the source's loose suit, and a skirt of her own.

A garment is the suit's part where a field over its vertices is positive, swollen a little. All
wear one picture: bands of colour, along which u runs, and a map of the trunk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.build.body import Body
from avatars.build.geometry import (
    Piece,
    compacted,
    cut,
    joined,
    nearest_weights,
    smoothstep,
    vertex_normals,
)
from avatars.build.landmarks import Landmarks, piece_of
from avatars.build.paint import Colour, Mask, flat
from avatars.build.source import Floats, Source
from avatars.build.thinning import thinned

SIZE = 512

WHITE: Colour = (0.965, 0.96, 0.98)
NAVY: Colour = (0.145, 0.17, 0.36)
CORAL: Colour = (0.98, 0.46, 0.44)
GOLD: Colour = (0.93, 0.76, 0.42)
INK: Colour = (0.13, 0.12, 0.20)

_BANDS: dict[str, list[tuple[float, float, Colour]]] = {
    # Each stripe: from u, to u, colour.
    "sleeve": [(0.0, 1.0, WHITE), (0.0, 0.10, NAVY), (0.10, 0.13, GOLD), (0.84, 0.88, GOLD),
               (0.88, 1.0, NAVY)],
    "skirt": [(0.0, 1.0, NAVY), (0.0, 0.15, GOLD), (0.78, 0.81, GOLD), (0.90, 0.97, CORAL)],
    "leggings": [(0.0, 1.0, INK)],
    "boots": [(0.0, 1.0, WHITE), (0.0, 0.10, NAVY), (0.90, 0.94, GOLD), (0.94, 1.0, NAVY)],
}  # fmt: skip
_TRUNK = 0.5
"""Below this v lies the trunk: its front on the left half, its back on the right."""


def paint_clothes() -> Floats:
    """The picture (SIZE, SIZE, 3): the bands above, the trunk below."""
    picture = flat((SIZE, SIZE), WHITE)
    height = _TRUNK * SIZE / len(_BANDS)
    for row, stripes in enumerate(_BANDS.values()):
        rows = slice(round(row * height), round((row + 1) * height))
        for low, high, colour in stripes:
            picture[rows, round(low * SIZE) : round(high * SIZE)] = colour
    half = SIZE // 2
    row, column = np.mgrid[0:half, 0:half]
    x = (column + 0.5) / half * 2.0 - 1.0
    y = 1.0 - (row + 0.5) / half
    for start, front in ((0, True), (half, False)):
        side = flat((half, half), WHITE)

        def lay(where: Mask, colour: Colour, side: Floats = side) -> None:
            side[where] = colour

        lay(y > 0.90, NAVY)
        if front:
            # A coral placket with gold edges and buttons beside it.
            lay(np.abs(x) < 0.17, GOLD)
            lay(np.abs(x) < 0.14, CORAL)
            for button in (0.25, 0.45, 0.65):
                for across in (-0.27, 0.27):
                    lay(np.hypot(x - across, (y - button) * 1.6) < 0.045, GOLD)
        else:
            lay(np.abs(y - 0.78) < 0.02, GOLD)
        lay(np.abs(y - 0.89) < 0.015, GOLD)
        picture[half:, start : start + half] = side
    return picture


def _band_uv(name: str, along: Floats) -> Floats:
    row = (list(_BANDS).index(name) + 0.5) / len(_BANDS) * _TRUNK
    # Half a texel from the ends, or linear filtering would mix in what lies beyond.
    return np.column_stack((np.clip(along, 0.004, 0.996), np.full(len(along), row)))


def _trunk_uv(across: Floats, up: Floats, *, front: bool) -> Floats:
    """Where on the trunk's picture: `across` from −1 to 1, `up` from 0 to 1."""
    u = 0.25 + 0.24 * np.clip(across, -1.0, 1.0) + (0.0 if front else 0.5)
    v = _TRUNK + (1.0 - _TRUNK) * (0.99 - 0.98 * np.clip(up, 0.0, 1.0))
    return np.column_stack((u, v))


@dataclass(frozen=True, slots=True)
class _Levels:
    """Heights and widths that the cut is measured by, metres."""

    neck: float
    waist: float
    crotch: float
    knee: float
    boot: float
    shoulder: float
    wrist: float

    @classmethod
    def of(cls, body: Body) -> _Levels:
        ankle, knee = body.head("leftFoot")[1], body.head("leftLowerLeg")[1]
        return cls(
            neck=float(body.head("neck")[1]),
            waist=float(body.head("spine")[1]) + 0.02,
            crotch=float(body.head("leftUpperLeg")[1]) - 0.045,
            knee=float(knee),
            boot=float(ankle + 0.55 * (knee - ankle)),
            shoulder=float(body.head("leftUpperArm")[0]),
            wrist=float(body.head("leftHand")[0]),
        )


def clothes(source: Source, body: Body, marks: Landmarks) -> Piece:
    """Jacket, skirt, leggings and boots."""
    at = _Levels.of(body)
    suit, _ = piece_of(body, marks, source.base.groups["helper-tights"].corners)
    suit = suit.with_normals()
    return joined(
        [
            *_jacket(suit, at),
            _leggings(suit, at),
            _boots(suit, at),
            _skirt(suit, at),
        ]
    )


def shown_skin(body: Body) -> Floats:
    """(19158,) positive where the clothes leave skin to be seen: neck and hands."""
    at = _Levels.of(body)
    x, y = np.abs(body.position[:, 0]), body.position[:, 1]
    neck = np.where(x < at.shoulder, y - (at.neck - 0.045), -1.0)
    return np.maximum(neck, x - (at.wrist - 0.03))


def _jacket(suit: Piece, at: _Levels) -> list[Piece]:
    """Sleeves, and the trunk's front and back, which tucks into the skirt."""
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    hem, collar, cuff = at.waist - 0.015, at.neck + 0.012, at.wrist - 0.01
    on_arm = x > at.shoulder + 0.02
    trunk_field = np.where(on_arm, 1.0, np.minimum(y - hem, collar - y))
    jacket = thinned(cut(suit, np.minimum(trunk_field, cuff - x)), 2300)
    x, y = np.abs(jacket.position[:, 0]), jacket.position[:, 1]
    sleeve = (x - at.shoulder) / (cuff - at.shoulder)
    flare = 0.008 * smoothstep(0.6, 1.0, sleeve) + 0.006 * smoothstep(0.35, 0.0, np.abs(sleeve))
    jacket = jacket.grown(0.004 + 0.006 * smoothstep(0.0, 0.06, y - hem) + flare)
    centre = x[jacket.triangles].mean(axis=1)
    ahead = jacket.normal[:, 2][jacket.triangles].mean(axis=1) > 0.0
    trunk = centre < at.shoulder + 0.015
    across, up = jacket.position[:, 0] / (at.shoulder + 0.03), (y - hem) / (collar - hem)
    return [
        _part(jacket, ~trunk, _band_uv("sleeve", sleeve)),
        _part(jacket, trunk & ahead, _trunk_uv(across, up, front=True)),
        _part(jacket, trunk & ~ahead, _trunk_uv(across, up, front=False)),
    ]


def _part(piece: Piece, triangles: Mask, uv: Floats) -> Piece:
    """Some of a piece's triangles, with a layout of their own."""
    used, renumbered = compacted(piece.triangles[triangles])
    return Piece(
        piece.position[used], piece.normal[used], uv[used], piece.weights[used], renumbered
    )


def _leggings(suit: Piece, at: _Levels) -> Piece:
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    field = np.where(x > at.shoulder, -1.0, np.minimum(at.waist - y, y - at.boot + 0.03))
    piece = thinned(cut(suit, field), 900).grown(0.003)
    return replace(piece, uv=_band_uv("leggings", np.full(len(piece.position), 0.5)))


def _boots(suit: Piece, at: _Levels) -> Piece:
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    boots = thinned(cut(suit, np.where(x > at.shoulder, -1.0, at.boot - y)), 900)
    top = boots.position[:, 1] / at.boot
    boots = boots.grown(0.007 + 0.006 * smoothstep(0.85, 1.0, top))
    return replace(boots, uv=_band_uv("boots", top))


def _skirt(suit: Piece, at: _Levels) -> Piece:
    """Pleats around the hips, everywhere outside what they cover."""
    columns, rows = 48, 6
    top, hem = at.waist + 0.02, at.crotch - 0.17
    trunk = suit.position[np.abs(suit.position[:, 0]) < at.shoulder]
    angle = 2.0 * np.pi * np.arange(columns + 1) / columns
    direction = np.stack((np.sin(angle), np.cos(angle)), axis=1)
    centre = np.array([0.0, trunk[:, 2].mean()])
    position, reach = [], np.zeros(columns + 1)
    for row in range(rows + 1):
        t = row / rows
        height = top + (hem - top) * t
        level = trunk[np.abs(trunk[:, 1] - max(height, at.crotch)) < 0.035]
        # The farthest point in each direction: a support function, so the ring is convex.
        support = ((level[:, [0, 2]] - centre) @ direction.T).max(axis=0)
        reach = np.maximum(reach, support)
        pleat = np.where(np.arange(columns + 1) % 2 == 0, 1.0, -1.0)
        flare = 0.014 + 0.10 * max(0.0, t - 0.15) + 0.006 * pleat * min(1.0, 3.0 * t)
        ring = centre + direction * (reach + flare)[:, None]
        position.append(np.column_stack((ring[:, 0], np.full(columns + 1, height), ring[:, 1])))
    points = np.concatenate(position)
    width = columns + 1
    corner = np.arange(rows)[:, None] * width + np.arange(columns)
    a = corner.ravel()
    triangles = np.concatenate(
        (np.stack((a, a + width, a + width + 1), 1), np.stack((a, a + width + 1, a + 1), 1))
    )
    down = np.repeat(np.linspace(0.0, 1.0, rows + 1), width)
    near, amount = nearest_weights(points, trunk, 6)
    on_trunk = np.abs(suit.position[:, 0]) < at.shoulder
    weights = np.einsum("vk,vkb->vb", amount, suit.weights[on_trunk][near])
    # The hem follows both legs about as much, or each would carry half of the skirt off.
    weights = 0.5 * (weights + weights.reshape(rows + 1, width, -1)[:, ::-1].reshape(weights.shape))
    uv = _band_uv("skirt", down)
    return Piece(points, vertex_normals(points, triangles), uv, weights, triangles)
