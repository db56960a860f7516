"""Skirts, tails, collars, bows: what is not cut from the suit but shaped by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.build.cloth import Sheet
from avatars.build.geometry import Piece, nearest_weights, smoothstep, vertex_normals
from avatars.build.pattern import Pattern
from avatars.build.rigging import Feel
from avatars.build.source import Floats
from avatars.build.tailor import Levels

_LEGS = ("leftUpperLeg", "rightUpperLeg", "leftLowerLeg", "rightLowerLeg")


@dataclass(frozen=True, slots=True)
class Drop:
    """A cloth around the hips.

    Attributes:
        start, end: degrees around; 0 is the front, positive the figure's left.
        columns, rows: of the grid.
        seam, hem: heights, metres.
        gap: metres off the body at the seam.
        flare: metres further out at the hem.
        pleat: depth of a pleat, metres.
    """

    start: float
    end: float
    columns: int
    rows: int
    seam: float
    hem: float
    gap: float
    flare: float
    pleat: float = 0.0


def around_hips(
    suit: Piece, at: Levels, name: str, drop: Drop, chains: int, *, stiffness: float
) -> Sheet:
    """A sheet outside all that it covers, wider downwards."""
    angle = np.radians(np.linspace(drop.start, drop.end, drop.columns + 1))
    direction = np.stack((np.sin(angle), np.cos(angle)), axis=1)
    trunk = suit.position[~at.on_arm(suit.position)]
    centre = np.array([0.0, trunk[np.abs(trunk[:, 1] - at.waist) < 0.05, 2].mean()])
    fold = np.where(np.arange(drop.columns + 1) % 2 == 0, 1.0, -1.0) * drop.pleat
    points, reach = [], np.zeros(drop.columns + 1)
    for t in np.linspace(0.0, 1.0, drop.rows + 1):
        height = drop.seam + (drop.hem - drop.seam) * t
        level = trunk[np.abs(trunk[:, 1] - max(height, at.crotch)) < 0.035]
        # The farthest point in each direction: a support function, so the ring is convex.
        support = ((level[:, [0, 2]] - centre) @ direction.T).max(axis=0)
        reach = np.maximum(reach, support)
        out = reach + drop.gap + drop.flare * t**1.3 + fold * min(1.0, 3.0 * t)
        ring = centre + direction * out[:, None]
        points.append(np.column_stack((ring[:, 0], np.full(len(ring), height), ring[:, 1])))
    feel = Feel(stiffness, 0.40, 0.20, 0.026, _LEGS)
    closed = drop.end - drop.start >= 360.0
    return Sheet(name, np.array(points), closed, chains, (0.14, 0.42, 0.70, 1.0), "hips", feel)


def pleated_uv(sheet: Sheet, pattern: Pattern, band: str) -> Floats:
    """A layout (rows, columns, 2) with every other column in the hollow."""
    rows, columns = sheet.points.shape[:2]
    down = np.repeat(np.linspace(0.0, 1.0, rows)[:, None], columns, axis=1)
    hollow = np.broadcast_to((np.arange(columns) % 2).astype(np.float64), (rows, columns))
    return pattern.band_uv(band, down, hollow)


def plain_uv(sheet: Sheet, pattern: Pattern, band: str) -> Floats:
    """A layout (rows, columns, 2) whose stripes run down along both edges."""
    rows, columns = sheet.points.shape[:2]
    down = np.repeat(np.linspace(0.0, 1.0, rows)[:, None], columns, axis=1)
    return pattern.band_uv(band, down)


def ring(
    suit: Piece,
    pattern: Pattern,
    band: str,
    path: Floats,
    opening: float = 0.0,
    dip: float = 0.0,
) -> Piece:
    """A band around the body: a collar or a belt, moving with the suit that is nearest.

    Args:
        path: (rows, 4) from top to hem: height, half width, half depth, depth of the centre.
        opening: degrees left open in front.
        dip: metres that the top comes down towards the front.
    """
    columns = 25
    angle = np.radians(np.linspace(opening / 2.0, 360.0 - opening / 2.0, columns))
    points = np.stack(
        [
            np.column_stack(
                (width * np.sin(angle), np.full(columns, height), centre + depth * np.cos(angle))
            )
            for height, width, depth, centre in path
        ]
    )
    falls = np.linspace(1.0, 0.0, len(path))[:, None] * (0.5 + 0.5 * np.cos(angle)) ** 2
    points[..., 1] -= dip * falls
    return _fixed(suit, pattern, band, points)


def collar_path(suit: Piece, at: Levels, rise: float) -> Floats:
    """A `ring` that stands around the neck by so many metres."""
    foot = at.neck - 0.004
    wide, deep, middle = at.section(suit, foot, within=0.08)
    return np.array(
        [
            (foot + rise, wide + 0.014, deep + 0.016, middle + 0.004),
            (foot + 0.5 * rise, wide + 0.006, deep + 0.008, middle + 0.002),
            (foot - 0.010, wide + 0.010, deep + 0.010, middle),
        ]
    )


def belt_path(suit: Piece, at: Levels, rise: float) -> Floats:
    """A `ring` from the waist up by so many metres."""
    rows = []
    for up, off in ((rise, 0.010), (0.5 * rise, 0.013), (0.0, 0.015)):
        wide, deep, middle = at.section(suit, at.waist + up)
        rows.append((at.waist + up, wide + off, deep + off, middle))
    return np.array(rows)


def _fixed(suit: Piece, pattern: Pattern, band: str, points: Floats) -> Piece:
    """A grid (rows, columns, 3) that moves as the suit beneath it does."""
    rows, columns = points.shape[:2]
    a = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    triangles = np.concatenate(
        (
            np.stack((a, a + columns, a + columns + 1), 1),
            np.stack((a, a + columns + 1, a + 1), 1),
        )
    )
    flat = points.reshape(-1, 3)
    near, amount = nearest_weights(flat, suit.position, 6)
    weights = np.einsum("vk,vkb->vb", amount, suit.weights[near])
    down = np.repeat(np.linspace(0.0, 1.0, rows), columns)
    return Piece(
        flat, vertex_normals(flat, triangles), pattern.band_uv(band, down), weights, triangles
    )


def bow(suit: Piece, pattern: Pattern, centre: Floats, size: float, ahead: float) -> list[Piece]:
    """Two loops and a knot, facing forwards (ahead = 1) or backwards (−1).

    Args:
        centre: (3,) of the knot.
        size: from the knot to a loop's end, metres.
    """
    turn = np.linspace(0.0, 2.0 * np.pi, 11)
    pieces = []
    for side in (1.0, -1.0):
        rows = []
        for t in np.linspace(0.0, 1.0, 6):
            wide = size * (0.16 + 0.36 * np.sin(np.pi * (0.12 + 0.72 * t)))
            deep = size * (0.10 + 0.20 * np.sin(np.pi * t))
            middle = np.array([side * size * t, size * (0.10 * t - 0.12 * t * t), 0.0])
            loop = np.column_stack(
                (np.zeros(11), wide * np.cos(turn), side * ahead * deep * np.sin(turn))
            )
            rows.append(centre + middle + loop)
        pieces.append(_fixed(suit, pattern, "bow", np.array(rows)))
    knot = []
    for t in np.linspace(-1.0, 1.0, 5):
        wide = size * 0.20 * np.sqrt(max(1.0 - 0.8 * t * t, 0.0))
        loop = np.column_stack(
            (np.full(11, -ahead * 0.15 * size * t), wide * np.cos(turn), wide * np.sin(turn))
        )
        knot.append(centre + np.array([0.0, 0.0, ahead * 0.10 * size]) + loop)
    pieces.append(_fixed(suit, pattern, "jewel", np.array(knot)))
    rooted = suit.position[nearest_weights(centre[None], suit.position, 1)[0][0, 0]]
    weights = suit.weights[nearest_weights(rooted[None], suit.position, 1)[0][0, 0]]
    # A bow is stiff: all of it moves with the cloth under its knot.
    return [
        Piece(p.position, p.normal, p.uv, np.tile(weights, (len(p.position), 1)), p.triangles)
        for p in pieces
    ]


def ribbon(name: str, start: Floats, end: Floats, width: float, parent: str) -> Sheet:
    """A ribbon from its seam to its end, a little wider there; two chains keep it from twisting."""
    t = np.linspace(0.0, 1.0, 9)[:, None, None]
    across = np.linspace(-1.0, 1.0, 3)[None, :, None]
    aside = np.array([1.0, 0.0, 0.0])
    middle = np.asarray(start) + (np.asarray(end) - np.asarray(start)) * t
    wave = np.array([0.0, 0.0, -0.012]) * np.sin(2.0 * np.pi * t)
    point = np.array([0.0, 1.0, 0.0]) * 0.5 * width * smoothstep(0.9, 1.0, t) * np.abs(across)
    points = middle + wave + aside * across * width * (0.5 + 0.5 * t) - point
    feel = Feel(1.0, 0.38, 0.08, 0.015, ("trunk", *_LEGS))
    return Sheet(name, points, False, 1, (0.08, 0.4, 0.7, 1.0), parent, feel)
