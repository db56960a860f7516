"""Build the garments that are not cut from the suit: skirts, tails, collars, belts and bows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.costume.cloth import Sheet
from avatars.authoring.costume.pattern import Pattern
from avatars.authoring.costume.tailor import Levels
from avatars.authoring.figure.geometry import Piece, nearest_weights, smoothstep, vertex_normals
from avatars.authoring.figure.grids import grid_triangles
from avatars.authoring.figure.rigging import Feel
from avatars.authoring.figure.source import Floats

LEGS = ("leftUpperLeg", "rightUpperLeg", "leftLowerLeg", "rightLowerLeg")


@dataclass(frozen=True, slots=True)
class Drop:
    """The shape of a cloth around the hips.

    Attributes:
        start, end: azimuths, degrees; 0 is the front, positive the figure's left.
        columns, rows: cells of the grid.
        seam, hem: heights, metres.
        gap: clearance to the body at the seam, metres.
        flare: additional clearance at the hem, metres.
        folds: number of folds per full turn; layers with the same number nest.
        depth: amplitude of a fold at the hem, metres.
        back: how much lower the hem is at the back than in front, metres.
    """

    start: float
    end: float
    columns: int
    rows: int
    seam: float
    hem: float
    gap: float
    flare: float
    folds: int = 0
    depth: float = 0.0
    back: float = 0.0


def around_hips(
    suit: Piece,
    at: Levels,
    name: str,
    drop: Drop,
    chains: int,
    feel: Feel,
) -> Sheet:
    """Return a sheet around the body that widens, and whose folds deepen, towards the hem.

    Args:
        chains: number of spring chains.
        feel: their spring parameters.
    """
    angle = np.radians(np.linspace(drop.start, drop.end, drop.columns + 1))
    direction = np.stack((np.sin(angle), np.cos(angle)), axis=1)
    trunk = suit.position[~at.on_arm(suit.position)]
    centre = np.array([0.0, trunk[np.abs(trunk[:, 1] - at.waist) < 0.05, 2].mean()])
    fold = drop.depth * fold_waves(drop)
    lower = drop.back * (0.5 - 0.5 * np.cos(angle))
    points, reach = [], np.zeros(drop.columns + 1)
    for t in np.linspace(0.0, 1.0, drop.rows + 1):
        height = drop.seam + (drop.hem - drop.seam) * t
        level = trunk[np.abs(trunk[:, 1] - max(height, at.crotch)) < 0.035]
        # The farthest point in each direction: a support function, so the ring is convex.
        support = ((level[:, [0, 2]] - centre) @ direction.T).max(axis=0)
        reach = np.maximum(reach, support)
        # Folds only extend outwards, so that their valleys do not touch the body. A lower hem has
        # the same width at each height, so that layers nest.
        fallen = t * (1.0 + lower / (drop.seam - drop.hem))
        spread = drop.flare * fallen**1.15 + (fold + 0.6 * drop.depth) * fallen**0.8
        out = reach + drop.gap + spread
        ring = centre + direction * out[:, None]
        points.append(np.column_stack((ring[:, 0], height - lower * t, ring[:, 1])))
    closed = drop.end - drop.start >= 360.0
    return Sheet(name, np.array(points), closed, chains, (0.14, 0.42, 0.70, 1.0), "hips", feel)


def fold_waves(drop: Drop) -> Floats:
    """Return the fold profile (columns + 1,), from −1 in a valley to 1 on a ridge."""
    turn = np.radians(np.linspace(drop.start, drop.end, drop.columns + 1)) * drop.folds
    out: Floats = np.cos(turn) + 0.22 * np.cos(2.0 * turn) - 0.22
    return out


def fold_uv(sheet: Sheet, pattern: Pattern, band: str, drop: Drop) -> Floats:
    """Return texture coordinates (rows, columns, 2) that darken fold valleys towards the hem."""
    rows, columns = sheet.points.shape[:2]
    down = np.repeat(np.linspace(0.0, 1.0, rows)[:, None], columns, axis=1)
    hollow = np.clip(0.5 - 0.5 * fold_waves(drop), 0.0, 1.0) * (0.25 + 0.75 * down)
    return pattern.band_uv(band, down, hollow)


def plain_uv(sheet: Sheet, pattern: Pattern, band: str) -> Floats:
    """Return texture coordinates (rows, columns, 2) whose stripes run across, without folds."""
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
    """Return a band around the body, a collar or a belt, skinned like the nearest suit vertices.

    Args:
        path: (rows, 4) metres, from top to hem: height, half width, half depth, z of the centre.
        opening: angle left open in front, degrees.
        dip: how far the top edge is lowered in front, metres.
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
    return fix_to_bone(suit, pattern, band, points)


def collar_path(suit: Piece, at: Levels, rise: float) -> Floats:
    """Return the path (3, 4) of a collar for `ring`, `rise` metres high."""
    foot = at.neck - 0.004
    wide, deep, middle = at.section(suit, foot, within=0.08)
    return np.array(
        [
            (foot + rise, wide + 0.014, deep + 0.016, middle + 0.004),
            (foot + 0.5 * rise, wide + 0.006, deep + 0.008, middle + 0.002),
            (foot - 0.010, wide + 0.010, deep + 0.010, middle),
        ]
    )


def belt(suit: Piece, at: Levels, pattern: Pattern, rise: float, gap: float) -> Piece:
    """Return a belt from the waist up, around the convex hull of the trunk.

    Args:
        rise: its height, metres.
        gap: clearance to the suit, metres.
    """
    angle = np.radians(np.linspace(0.0, 360.0, 33))
    direction = np.stack((np.sin(angle), np.cos(angle)), axis=1)
    trunk = suit.position[~at.on_arm(suit.position)]
    near = trunk[np.abs(trunk[:, 1] - at.waist - 0.5 * rise) < 0.5 * rise + 0.02][:, [0, 2]]
    middle = np.array([0.0, near[:, 1].mean()])
    reach = ((near - middle) @ direction.T).max(axis=0) + gap
    level = middle + direction * reach[:, None]
    rows = [
        np.column_stack((level[:, 0], np.full(33, at.waist + up * rise), level[:, 1]))
        for up in (1.0, 0.5, 0.0)
    ]
    return fix_to_bone(suit, pattern, "belt", np.array(rows))


def fix_to_bone(suit: Piece, pattern: Pattern, band: str, points: Floats) -> Piece:
    """Return the mesh of a grid (rows, columns, 3), skinned like the suit beneath it."""
    rows, columns = points.shape[:2]
    triangles = grid_triangles(rows, columns)
    flat = points.reshape(-1, 3)
    near, amount = nearest_weights(flat, suit.position, 6)
    weights = np.einsum("vk,vkb->vb", amount, suit.weights[near])
    down = np.repeat(np.linspace(0.0, 1.0, rows), columns)
    return Piece(
        flat, vertex_normals(flat, triangles), pattern.band_uv(band, down), weights, triangles
    )


def bow(
    suit: Piece, pattern: Pattern, centre: Floats, size: float, ahead: float, *, fine: bool
) -> tuple[list[Piece], Piece]:
    """Return a bow: two gathered loops with two tails, and the knot separately.

    Args:
        centre: (3,) of the knot, metres.
        size: distance from the knot to a loop's end, metres.
        ahead: 1 if it faces forwards, −1 if backwards.
    """
    stiff = root_chain(suit, centre)
    pieces = []
    for side in (1.0, -1.0):
        loop, hollow = _loop(size, side, ahead, *((8, 17) if fine else (4, 9)))
        rows, columns = hollow.shape
        along = np.repeat(np.linspace(0.0, 1.0, rows), columns)
        uv = pattern.band_uv("bow", along, hollow.ravel())
        pieces.append(stiff(replace(fix_to_bone(suit, pattern, "bow", centre + loop), uv=uv)))
        ends = centre + _end(size, side, ahead)
        pieces.append(stiff(fix_to_bone(suit, pattern, "bow", ends)))
    turn = np.linspace(0.0, 2.0 * np.pi, 13 if fine else 7)
    knot = []
    for t in np.linspace(-0.7, 1.0, 6 if fine else 4):
        wide = size * 0.21 * np.sqrt(1.0 - t * t)
        depth = np.full(len(turn), ahead * size * (0.12 + 0.20 * t))
        knot.append(np.column_stack((0.8 * wide * np.sin(turn), wide * np.cos(turn), depth)))
    jewel = fix_to_bone(suit, pattern, "jewel", centre + np.array(knot))
    return pieces, stiff(jewel)


def _loop(size: float, side: float, ahead: float, rows: int, columns: int) -> tuple[Floats, Floats]:
    """Return a bow's loop (rows, columns, 3), metres from the knot, and its fold shading."""
    turn = np.linspace(0.0, 2.0 * np.pi, columns)
    points, hollow = [], []
    for t in np.linspace(0.0, 1.0, rows):
        wide = size * (0.08 + 0.34 * np.sin(np.pi * (0.10 + 0.68 * t)))
        deep = size * (0.06 + 0.20 * np.sin(np.pi * min(1.0, 0.1 + 0.85 * t)))
        # Gathers are deepest at the knot and flatten along the loop.
        gather = 1.0 + 0.20 * (1.0 - 0.7 * t) * np.cos(4.0 * turn)
        middle = [side * size * t, size * (0.20 * t - 0.16 * t * t), ahead * size * 0.16 * t]
        points.append(
            np.column_stack(
                (
                    side * size * 0.10 * t * np.sin(turn) ** 2,
                    wide * np.cos(turn) * gather,
                    side * ahead * deep * np.sin(turn) * gather,
                )
            )
            + np.array(middle)
        )
        hollow.append((1.0 - 0.8 * t) * (0.5 - 0.5 * np.cos(4.0 * turn)))
    return np.array(points), np.array(hollow)


def _end(size: float, side: float, ahead: float) -> Floats:
    """Return a bow's hanging tail (5, 4, 3), metres from the knot, with a slanted end."""
    across = np.linspace(-1.0, 1.0, 4)
    points = []
    for t in np.linspace(0.0, 1.0, 5):
        x = side * size * (0.10 + 0.42 * t) + across * size * (0.09 + 0.14 * t)
        y = -size * 1.05 * t + 0.18 * t * size * across * side
        z = ahead * size * (0.02 + 0.06 * np.cos(5.0 * across) - 0.05 * t)
        points.append(np.column_stack((x, y, z)))
    return np.array(points)


def root_chain(suit: Piece, point: Floats) -> Callable[[Piece], Piece]:
    """Return a function that skins a whole mesh rigidly to the suit vertex nearest a point (3,)."""
    nearest = nearest_weights(point[None], suit.position, 1)[0][0, 0]

    def move_points(piece: Piece) -> Piece:
        return replace(piece, weights=np.tile(suit.weights[nearest], (len(piece.position), 1)))

    return move_points


def ribbon(name: str, start: Floats, end: Floats, width: float, parent: str) -> Sheet:
    """Return a ribbon on one spring chain, widening from its seam to its end.

    Args:
        start, end: (3,) metres.
        width: at the end, metres.
        parent: the bone that the seam is attached to.
    """
    t = np.linspace(0.0, 1.0, 9)[:, None, None]
    across = np.linspace(-1.0, 1.0, 3)[None, :, None]
    aside = np.array([1.0, 0.0, 0.0])
    middle = np.asarray(start) + (np.asarray(end) - np.asarray(start)) * t
    wave = np.array([0.0, 0.0, -0.012]) * np.sin(2.0 * np.pi * t)
    point = np.array([0.0, 1.0, 0.0]) * 0.5 * width * smoothstep(0.9, 1.0, t) * np.abs(across)
    points = middle + wave + aside * across * width * (0.5 + 0.5 * t) - point
    feel = Feel(1.0, 0.38, 0.08, 0.015, ("trunk", *LEGS))
    return Sheet(name, points, False, 1, (0.08, 0.4, 0.7, 1.0), parent, feel)
