"""Provide mesh utilities: pieces of a figure, normals, cutting by a field, nearest points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from avatars.authoring.figure.source import Floats, Ints

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Piece:
    """A mesh that is part of a figure, in double precision.

    Attributes:
        position: (n, 3) metres, T-pose.
        normal: (n, 3) unit vectors.
        uv: (n, 2), v downwards as in glTF.
        weights: (n, b) skinning weights over the bones defined so far; each row sums to 1.
        triangles: (m, 3) vertex indices, counter-clockwise seen from the front.
        shapes: (52, n, 3) ARKit shape displacements, metres; None if no shape moves the piece.
    """

    position: Floats
    normal: Floats
    uv: Floats
    weights: Floats
    triangles: Ints
    shapes: Floats | None = None

    def grow(self, offset: Floats | float) -> Piece:
        """Return the piece offset along its normals.

        Args:
            offset: metres, (n,) per vertex or one value for all.
        """
        amount = np.broadcast_to(offset, len(self.position))[:, None]
        swollen = self.position + self.normal * amount
        return replace(self, position=swollen, normal=vertex_normals(swollen, self.triangles))

    def with_normals(self) -> Piece:
        """Return the piece with normals computed from its triangles."""
        return replace(self, normal=vertex_normals(self.position, self.triangles))

    def of_triangles(self, chosen: Mask) -> Piece:
        """Return the part of the piece made of the chosen triangles, without unused vertices.

        Args:
            chosen: (m,) mask over the triangles.
        """
        used, triangles = compact(self.triangles[chosen])
        shapes = None if self.shapes is None else self.shapes[:, used]
        return Piece(
            self.position[used],
            self.normal[used],
            self.uv[used],
            self.weights[used],
            triangles,
            shapes,
        )


def triangulate(quads: Ints) -> Ints:
    """Split quads (f, 4) into triangles (m, 3).

    Degenerate triangles are dropped: the source stores a triangle as a quad with a repeated corner.
    """
    both = np.concatenate((quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]))
    a, b, c = both.T
    kept: Ints = both[(a != b) & (b != c) & (a != c)]
    return kept


def compact(triangles: Ints) -> tuple[Ints, Ints]:
    """Return the used vertex indices (k,), ascending, and the triangles reindexed to them."""
    used, inverse = np.unique(triangles, return_inverse=True)
    return used, inverse.reshape(-1, 3)


def vertex_normals(position: Floats, triangles: Ints) -> Floats:
    """Compute area-weighted unit normals (n, 3).

    Vertices at the same position, as along UV seams, get the same normal.
    """
    _, place = np.unique(np.round(position, 6), axis=0, return_inverse=True)
    place = place.ravel()
    a, b, c = (position[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    total = np.zeros((place.max(initial=-1) + 1, 3))
    for k in range(3):
        np.add.at(total, place[triangles[:, k]], faces)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0])
    unit = np.where(length > 1e-12, total / np.maximum(length, 1e-12), up)
    return unit[place]


def cut(piece: Piece, field: Floats) -> Piece:
    """Return the part of a piece where a scalar field is not negative.

    Triangles that the field's zero line crosses are split along it.

    Args:
        field: (n,) value at each vertex.
    """
    inside = field >= 0.0
    count = inside[piece.triangles].sum(axis=1)
    kept = [tuple(t) for t in piece.triangles[count == 3].tolist()]
    made: dict[tuple[int, int], int] = {}

    def crossing(i: int, j: int) -> int:
        key = (min(i, j), max(i, j))
        return made.setdefault(key, len(field) + len(made))

    for a, b, c in piece.triangles[(count == 1) | (count == 2)].tolist():
        # Rotate the corners until the one that differs from the other two comes first.
        odd = int(inside[a]) + int(inside[b]) + int(inside[c]) == 1
        while inside[a] != odd or inside[b] == odd or inside[c] == odd:
            a, b, c = b, c, a
        ab, ca = crossing(a, b), crossing(c, a)
        kept += [(a, ab, ca)] if odd else [(ab, b, c), (ab, c, ca)]
    ends = np.array(list(made), np.int64).reshape(-1, 2)
    low, high = field[ends[:, 0]], field[ends[:, 1]]
    t = (low / (low - high))[:, None] if len(ends) else np.zeros((0, 1))
    used, triangles = compact(np.array(kept, np.int64).reshape(-1, 3))

    def mix(values: Floats) -> Floats:
        between = values[ends[:, 0]] * (1.0 - t) + values[ends[:, 1]] * t
        out: Floats = np.concatenate((values, between))[used]
        return out

    shapes = None if piece.shapes is None else np.stack([mix(s) for s in piece.shapes])
    normal = mix(piece.normal)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return Piece(mix(piece.position), normal, mix(piece.uv), mix(piece.weights), triangles, shapes)


def join(pieces: list[Piece]) -> Piece:
    """Concatenate pieces into one.

    If any piece has shapes, those without get zero displacements.
    """
    triangles, start = [], 0
    for piece in pieces:
        triangles.append(piece.triangles + start)
        start += len(piece.position)
    shapes = None
    if any(p.shapes is not None for p in pieces):
        shapes = np.concatenate(
            [np.zeros((52, len(p.position), 3)) if p.shapes is None else p.shapes for p in pieces],
            axis=1,
        )
    return Piece(
        np.concatenate([p.position for p in pieces]),
        np.concatenate([p.normal for p in pieces]),
        np.concatenate([p.uv for p in pieces]),
        np.concatenate([p.weights for p in pieces]),
        np.concatenate(triangles),
        shapes,
    )


def nearest(points: Floats, cloud: Floats, k: int) -> tuple[Ints, Floats]:
    """Find the k nearest points of a cloud to each query point, by brute force.

    Args:
        points: (n, 3) query points.
        cloud: (m, 3) points to search.
        k: neighbours per query point.

    Returns:
        Indices into the cloud (n, k), nearest first, and distances (n, k).
    """
    rows = np.empty((len(points), k), np.int64)
    away = np.empty((len(points), k))
    norm = np.sum(cloud * cloud, axis=1)
    for start in range(0, len(points), 256):
        part = points[start : start + 256]
        square = np.sum(part * part, axis=1)[:, None] + norm - 2.0 * part @ cloud.T
        # Mirror-symmetric figures have equal distances: a stable sort orders them identically on
        # every machine.
        order = np.argsort(square, axis=1, kind="stable")[:, :k]
        rows[start : start + 256] = order
        chosen = np.take_along_axis(square, order, axis=1)
        away[start : start + 256] = np.sqrt(np.maximum(chosen, 0.0))
    return rows, away


def nearest_weights(points: Floats, cloud: Floats, k: int) -> tuple[Ints, Floats]:
    """Find the k nearest points of a cloud and weight them by inverse squared distance.

    Args:
        points: (n, 3) query points.
        cloud: (m, 3) points to search.
        k: neighbours per query point.

    Returns:
        Indices into the cloud (n, k) and weights (n, k); each row of weights sums to 1.
    """
    rows, away = nearest(points, cloud, k)
    amount = 1.0 / (away + 2e-5) ** 2
    return rows, amount / amount.sum(axis=1, keepdims=True)


def smoothstep(low: float, high: float, x: Floats) -> Floats:
    """Return a cubic step: 0 below low, 1 above high; decreasing if high < low."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    out: Floats = t * t * (3.0 - 2.0 * t)
    return out
