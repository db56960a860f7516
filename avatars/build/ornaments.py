"""Small bright things sewn on: buttons, gems, buckles, chains, epaulettes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.build.geometry import Piece, vertex_normals
from avatars.build.grids import grid_triangles
from avatars.build.hanging import rooted
from avatars.build.pattern import Pattern
from avatars.build.source import Floats
from avatars.build.tailor import Levels
from avatars.names import BONE_INDEX
from avatars.rotation import normalized


def dome(
    suit: Piece, pattern: Pattern, band: str, centre: Floats, size: float, facets: int = 8
) -> Piece:
    """A button or a gem on the cloth nearest to a point.

    Args:
        centre: (3,) near the cloth.
        size: its radius, metres.
        facets: around; few look like a cut stone.
    """
    nearest = int(np.argmin(np.linalg.norm(suit.position - centre, axis=1)))
    normal = suit.normal[nearest]
    aside = normalized(np.cross(normal, np.array([0.0, 1.0, 0.0])))
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
    return rooted(suit, centre)(shape)


def buckle(suit: Piece, pattern: Pattern, centre: Floats, wide: float, high: float) -> Piece:
    """A rectangular frame with rounded corners, facing forwards."""
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
    return rooted(suit, centre)(shape)


def chain(
    suit: Piece, pattern: Pattern, start: Floats, end: Floats, sag: float, links: int
) -> Piece:
    """A swag of flat links lying before the cloth from one point (3,) to another."""
    t = np.linspace(0.0, 1.0, 2 * links + 1)
    line = start + (end - start) * t[:, None]
    line[:, 1] -= 4.0 * sag * t * (1.0 - t)
    # Outside the cloth everywhere.
    for row in line:
        near = suit.position[np.abs(suit.position[:, :2] - row[:2]).max(axis=1) < 0.03]
        if len(near):
            row[2] = max(row[2], float(near[:, 2].max()) + 0.012)
    along = normalized(np.gradient(line, axis=0))
    across = normalized(np.cross(along, np.array([0.0, 0.0, 1.0])))
    wide = np.where(np.arange(len(t)) % 2 == 1, 0.0042, 0.0016)[:, None]
    thick = np.array([0.0, 0.0, 0.003])
    aside = across * wide
    points = np.stack(
        (line + aside, line + thick, line - aside, line - thick, line + aside), axis=1
    )
    flat = points.reshape(-1, 3)
    triangles = grid_triangles(len(t), 5)
    weights = _blended(suit, flat)
    uv = pattern.band_uv("metal", np.full(len(flat), 0.5))
    return Piece(flat, vertex_normals(flat, triangles), uv, weights, triangles)


def _blended(suit: Piece, points: Floats) -> Floats:
    square = np.sum((points[:, None] - suit.position[None]) ** 2, axis=2)
    near = np.argsort(square, axis=1, kind="stable")[:, :4]
    out: Floats = suit.weights[near].mean(axis=1)
    return out


def epaulette(
    suit: Piece, at: Levels, pattern: Pattern, side: float, wide: float
) -> tuple[Piece, Piece]:
    """A board on the shoulder and the fringe at its end, which keep level when the arm is raised.

    Args:
        side: 1 for the left shoulder, −1 for the right.
        wide: half the board's width, metres.

    Returns:
        The board and the fringe.
    """
    tip = at.shoulder + 0.020
    inner = 0.52 * at.shoulder
    across = np.linspace(-1.0, 1.0, 9)
    rows = []
    for t in np.linspace(0.0, 1.0, 7):
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
                (np.full(9, side * x), top + 0.007 + arch, middle + half * across * side)
            )
        )
    board = np.array(rows)
    # A straight board, not one that follows each bump.
    share = np.linspace(0.0, 1.0, 7)[:, None, None]
    board = board[:1] * (1.0 - share) + board[-1:] * share
    board[..., 1] += 0.006 * np.sin(np.pi * share[..., 0])
    turn = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 15)
    end = board[-1].mean(axis=0)
    half = float(np.ptp(board[-1, :, 2])) / 2.0
    fringe = []
    for t, out, down in ((0.0, 0.0, 0.0), (0.35, 0.010, 0.010), (1.0, 0.016, 0.040)):
        # Strands stand apart at their ends.
        strand = 1.0 + 0.10 * t * np.where(np.arange(15) % 2 == 0, 1.0, -1.0)
        fringe.append(
            end
            + np.column_stack(
                (
                    side * (0.012 * np.cos(turn) + out * strand),
                    np.full(15, -down) - 0.008 * np.abs(np.sin(turn)),
                    (half + 0.3 * out) * np.sin(turn) * side,
                )
            )
        )
    bone = BONE_INDEX["leftShoulder" if side > 0.0 else "rightShoulder"]

    def sewn(points: Floats, band: str, hollow: Floats) -> Piece:
        rows, columns = points.shape[:2]
        flat = points.reshape(-1, 3)
        triangles = grid_triangles(rows, columns)
        weights = np.zeros((len(flat), suit.weights.shape[1]))
        weights[:, bone] = 1.0
        down = np.repeat(np.linspace(0.0, 1.0, rows)[:, None], columns, axis=1)
        uv = pattern.band_uv(band, down, np.broadcast_to(hollow, (rows, columns)))
        return Piece(flat, vertex_normals(flat, triangles), uv.reshape(-1, 2), weights, triangles)

    plate = sewn(board, "epaulette", np.zeros(9))
    edge = np.abs(np.tile(across, 7))
    plate = replace(plate, uv=pattern.band_uv("epaulette", edge))
    return plate, sewn(np.array(fringe), "fringe", (np.arange(15) % 2).astype(np.float64))
