"""Build small ornaments: buttons, gems, buckles, chains and epaulettes."""

from __future__ import annotations

import numpy as np

from avatars.authoring.costume.hanging import root_chain
from avatars.authoring.costume.pattern import Pattern
from avatars.authoring.costume.tailor import Levels
from avatars.authoring.figure.geometry import Piece, nearest_weights, vertex_normals
from avatars.authoring.figure.grids import grid_triangles
from avatars.authoring.figure.source import Floats
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX


def dome(
    suit: Piece, pattern: Pattern, band: str, centre: Floats, size: float, facets: int = 8
) -> Piece:
    """Return a button or a gem, oriented along the normal of the nearest suit vertex.

    Args:
        band: the pattern's band that colours it.
        centre: (3,) near the cloth, metres.
        size: its radius, metres.
        facets: number of sides; a small number looks like a cut stone.
    """
    nearest = int(np.argmin(np.linalg.norm(suit.position - centre, axis=1)))
    normal = suit.normal[nearest]
    aside = normalise(np.cross(normal, np.array([0.0, 1.0, 0.0])))
    up = np.cross(aside, normal)
    angle = np.linspace(0.0, 2.0 * np.pi, facets + 1)
    rows = []
    for wide, high in ((1.0, -0.3), (1.0, 0.15), (0.72, 0.55), (0.0, 0.70)):
        ring = np.cos(angle)[:, None] * aside + np.sin(angle)[:, None] * up
        rows.append(centre + size * (wide * ring + high * normal))
    points = np.array(rows)
    flat = points.reshape(-1, 3)
    triangles = grid_triangles(len(rows), facets + 1)
    along = np.repeat(np.linspace(0.0, 1.0, len(rows)), facets + 1)
    shape = Piece(
        flat, vertex_normals(flat, triangles), pattern.band_uv(band, along), suit.weights[:0],
        triangles,
    )  # fmt: skip
    return root_chain(suit, centre)(shape)


def buckle(suit: Piece, pattern: Pattern, centre: Floats, wide: float, high: float) -> Piece:
    """Return a rectangular frame with rounded corners, facing forwards.

    Args:
        centre: (3,) metres.
        wide, high: half extents, metres.
    """
    turn = np.linspace(0.0, 2.0 * np.pi, 17)
    corner = np.stack(
        [np.sign(f(turn)) * np.abs(f(turn)) ** 0.45 for f in (np.cos, np.sin)], axis=1
    )
    rows = []
    for size, depth in ((1.0, 0.0), (1.0, 0.007), (0.72, 0.007), (0.68, 0.0)):
        rows.append(
            centre
            + np.column_stack(
                (corner[:, 0] * wide * size, corner[:, 1] * high * size, np.full(17, depth))
            )
        )
    points = np.array(rows)
    flat = points.reshape(-1, 3)
    triangles = grid_triangles(4, 17)
    uv = pattern.band_uv("metal", np.full(len(flat), 0.5))
    shape = Piece(flat, vertex_normals(flat, triangles), uv, suit.weights[:0], triangles)
    return root_chain(suit, centre)(shape)


def chain(
    suit: Piece, pattern: Pattern, start: Floats, end: Floats, sag: float, links: int
) -> Piece:
    """Return a sagging chain of flat links in front of the cloth.

    Args:
        start, end: (3,) metres.
        sag: drop at the middle, metres.
        links: their number.
    """
    t = np.linspace(0.0, 1.0, 2 * links + 1)
    line = start + (end - start) * t[:, None]
    line[:, 1] -= 4.0 * sag * t * (1.0 - t)
    # Move the chain in front of the cloth where it would penetrate it.
    for row in line:
        near = suit.position[np.abs(suit.position[:, :2] - row[:2]).max(axis=1) < 0.03]
        if len(near):
            row[2] = max(row[2], float(near[:, 2].max()) + 0.012)
    along = normalise(np.gradient(line, axis=0))
    across = normalise(np.cross(along, np.array([0.0, 0.0, 1.0])))
    wide = np.where(np.arange(len(t)) % 2 == 1, 0.0042, 0.0016)[:, None]
    thick = np.array([0.0, 0.0, 0.003])
    aside = across * wide
    points = np.stack(
        (line + aside, line + thick, line - aside, line - thick, line + aside), axis=1
    )
    flat = points.reshape(-1, 3)
    triangles = grid_triangles(len(t), 5)
    weights = _blend(suit, flat)
    uv = pattern.band_uv("metal", np.full(len(flat), 0.5))
    return Piece(flat, vertex_normals(flat, triangles), uv, weights, triangles)


def _blend(suit: Piece, points: Floats) -> Floats:
    square = np.sum((points[:, None] - suit.position[None]) ** 2, axis=2)
    near = np.argsort(square, axis=1, kind="stable")[:, :4]
    out: Floats = suit.weights[near].mean(axis=1)
    return out


def epaulette(
    suit: Piece, at: Levels, pattern: Pattern, side: float, wide: float, *, fine: bool
) -> tuple[Piece, Piece]:
    """Return an epaulette's board and fringe, skinned to the shoulder and the sleeve below.

    Args:
        side: 1 for the left shoulder, −1 for the right.
        wide: half the board's width, metres.
        fine: whether to build the full level of detail.

    Returns:
        The board and the fringe.
    """
    tip = at.shoulder + 0.020
    inner = 0.52 * at.shoulder
    columns, steps, strands_wide = (9, 7, 15) if fine else (4, 3, 7)
    across = np.linspace(-1.0, 1.0, columns)
    rows = []
    for t in np.linspace(0.0, 1.0, steps):
        x = inner + (tip - inner) * t
        # The board widens to a rounded end.
        half = wide * (0.62 + 0.38 * t)
        near = np.abs(np.abs(suit.position[:, 0]) - x) < 0.02
        high = suit.position[near & (suit.position[:, 1] > at.bust)]
        top = float(high[:, 1].max())
        middle = float(high[high[:, 1] > top - 0.012][:, 2].mean())
        arch = -0.010 * across**2
        rows.append(
            np.column_stack(
                (np.full(columns, side * x), top + 0.007 + arch, middle + half * across * side)
            )
        )
    board = np.array(rows)
    # Make the board straight, so that it does not follow the suit's bumps.
    share = np.linspace(0.0, 1.0, steps)[:, None, None]
    board = board[:1] * (1.0 - share) + board[-1:] * share
    board[..., 1] += 0.006 * np.sin(np.pi * share[..., 0])
    fringe = _fringe(suit, board[-1], side, strands_wide)
    bone = BONE_INDEX["leftShoulder" if side > 0.0 else "rightShoulder"]
    held = np.eye(suit.weights.shape[1])[bone]
    # Rigid across: each row has one set of weights, blended towards the sleeve's at the outer end.
    follows = np.linspace(0.0, 1.0, len(board))[:, None] ** 1.5
    rows_turn = held + (_beneath(suit, board.mean(axis=1)) - held) * follows
    strands = _beneath(suit, fringe.reshape(-1, 3)).reshape(*fringe.shape[:2], -1)
    strands[0] = rows_turn[-1]
    plate_uv = pattern.band_uv("epaulette", np.abs(np.tile(across, len(board))))
    down = np.repeat(np.linspace(0.0, 1.0, len(fringe)), fringe.shape[1])
    hollow = np.tile(np.arange(fringe.shape[1]) % 2.0, len(fringe))
    return (
        _sew_on(board, np.repeat(rows_turn, len(across), axis=0), plate_uv),
        _sew_on(
            fringe,
            strands.reshape(len(down), -1),
            pattern.band_uv("fringe", down, hollow),
        ),
    )


def _fringe(suit: Piece, edge: Floats, side: float, count: int) -> Floats:
    """Return strands (3, count, 3) on the sleeve beyond a board's outer edge (k, 3), metres.

    In the T-pose they point outwards, so that they hang when the arm hangs and rise with it.
    """
    turn = np.linspace(-0.5 * np.pi, 0.5 * np.pi, count)
    end, half = edge.mean(axis=0), float(np.ptp(edge[:, 2])) / 2.0
    # Strands wider than the arm use its edge's height, not that of the chest below.
    upper = suit.position[(suit.normal[:, 1] > 0.0) & (suit.position[:, 1] > end[1] - 0.05)]
    rows = []
    for t, gap in ((0.0, 0.008), (0.45, 0.013), (1.0, 0.012)):
        # Alternate lengths, so that the strands separate at their ends.
        reach = 0.045 * t * (1.0 + 0.10 * np.where(np.arange(count) % 2 == 0, 1.0, -1.0))
        x = end[0] + side * (0.012 * np.cos(turn) + reach)
        z = end[2] + half * (1.0 - 0.12 * t) * np.sin(turn) * side
        away = np.hypot(upper[:, 0] - x[:, None], upper[:, 2] - z[:, None])
        under = np.take_along_axis(
            np.broadcast_to(upper[:, 1], away.shape), np.argsort(away, axis=1)[:, :4], axis=1
        ).mean(axis=1)
        rows.append(np.column_stack((x, under + gap, z)))
    rows[0][:, 1] = np.maximum(rows[0][:, 1], np.interp(rows[0][:, 2], *_order(edge)))
    return np.array(rows)


def _order(edge: Floats) -> tuple[Floats, Floats]:
    """Return z and height of an edge's points (k, 3), sorted by z, for interpolation."""
    order = np.argsort(edge[:, 2])
    return edge[order, 2], edge[order, 1]


def _beneath(suit: Piece, points: Floats) -> Floats:
    """Return the suit's weights (n, bones) under points (n, 3), averaged over 24 neighbours."""
    near, amount = nearest_weights(points, suit.position, 24)
    out: Floats = np.einsum("nk,nkb->nb", amount, suit.weights[near])
    return out


def _sew_on(points: Floats, weights: Floats, uv: Floats) -> Piece:
    rows, columns = points.shape[:2]
    flat = points.reshape(-1, 3)
    triangles = grid_triangles(rows, columns)
    return Piece(flat, vertex_normals(flat, triangles), uv, weights, triangles)
