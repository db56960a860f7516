"""Simplify meshes by edge collapse in order of quadric error.

Garland and Heckbert, "Surface simplification using quadric error metrics", 1997, with half-edge
collapses: a vertex is merged into a neighbour and none is moved, so the bone weights, UVs and
morph targets of the remaining vertices stay valid.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from avatars.authoring.figure.geometry import Piece, compact
from avatars.authoring.figure.source import Floats, Ints

_FLATTEST = 0.3
"""Cosine of the largest change of a triangle's normal that one collapse may cause."""


def thin(piece: Piece, target: int, worth: Floats | float = 1.0) -> Piece:
    """Simplify a piece to about `target` triangles; its border is kept.

    Args:
        target: number of triangles to stop at; more remain if no further collapse is valid.
        worth: (n,) factor on the cost of removing each vertex, or one value for all.
    """
    mesh = _Mesh(piece.position, piece.triangles, np.broadcast_to(worth, len(piece.position)))
    return _keep(piece, mesh.collapse_edges(target))


def thin_layers(layers: Sequence[Piece], target: int) -> list[Piece]:
    """Simplify the layers of one cloth alike, so that none comes through another.

    Args:
        layers: with the same triangles, the outermost first.
        target: number of triangles of each to stop at.
    """
    outer = layers[0]
    mesh = _Mesh(outer.position, outer.triangles, np.ones(len(outer.position)))
    triangles = mesh.collapse_edges(target)
    return [_keep(layer, triangles) for layer in layers]


def _keep(piece: Piece, triangles: Ints) -> Piece:
    """Return the piece with these triangles (m, 3) of its vertices alone."""
    used, renumbered = compact(triangles)
    return replace(
        piece,
        position=piece.position[used],
        normal=piece.normal[used],
        uv=piece.uv[used],
        weights=piece.weights[used],
        triangles=renumbered,
        shapes=None if piece.shapes is None else piece.shapes[:, used],
    )


class _Mesh:
    """Mutable mesh with a priority queue of edge collapses.

    A queue entry is (cost, lost, kept, stamp). It is stale if the stamp of either vertex has
    changed since it was queued.
    """

    def __init__(self, position: Floats, triangles: Ints, worth: Floats) -> None:
        self._position = position
        self._worth = worth
        self._faces: dict[int, tuple[int, int, int]] = dict(
            enumerate(map(tuple, triangles.tolist()))
        )
        self._around: list[set[int]] = [set() for _ in position]
        for number, face in self._faces.items():
            for vertex in face:
                self._around[vertex].add(number)
        self._quadrics = _quadrics(position, triangles)
        self._held = _border(triangles, len(position))
        self._stamps = [0] * len(position)
        self._queue: list[tuple[float, int, int, int]] = []

    def collapse_edges(self, target: int) -> Ints:
        """Collapse edges until `target` triangles are left and return the triangles (m, 3)."""
        for vertex in range(len(self._position)):
            self._offer(vertex)
        while self._queue and len(self._faces) > target:
            _, lost, kept, stamp = heapq.heappop(self._queue)
            if stamp == self._stamps[lost] + self._stamps[kept] and self._is_valid_collapse(
                lost, kept
            ):
                self._collapse(lost, kept)
        return np.array(list(self._faces.values()), np.int64).reshape(-1, 3)

    def _neighbours(self, vertex: int) -> set[int]:
        return {v for number in self._around[vertex] for v in self._faces[number]} - {vertex}

    def _offer(self, lost: int) -> None:
        """Queue the collapses of a vertex into each of its neighbours."""
        if self._held[lost] or not self._around[lost]:
            return
        ways = sorted(self._neighbours(lost))
        corners = np.concatenate((self._position[ways], np.ones((len(ways), 1))), axis=1)
        quadrics = self._quadrics[lost] + self._quadrics[ways]
        costs = np.einsum("ki,kij,kj->k", corners, quadrics, corners) * self._worth[lost]
        for cost, kept in zip(costs.tolist(), ways, strict=True):
            stamp = self._stamps[lost] + self._stamps[kept]
            heapq.heappush(self._queue, (cost, lost, kept, stamp))

    def _is_valid_collapse(self, lost: int, kept: int) -> bool:
        """Check that a collapse keeps the mesh manifold and flips no triangle."""
        if not self._around[lost]:
            return False
        shared = self._neighbours(lost) & self._neighbours(kept)
        edge = self._around[lost] & self._around[kept]
        if len(edge) != 2 or len(shared) != 2:
            return False
        before = np.array([self._faces[n] for n in sorted(self._around[lost] - edge)])
        if len(before) == 0:
            return False
        after = np.where(before == lost, kept, before)
        old, new = _normals(self._position[before]), _normals(self._position[after])
        size = np.linalg.norm(old, axis=1) * np.linalg.norm(new, axis=1)
        return bool(np.all(np.sum(old * new, axis=1) > _FLATTEST * size))

    def _collapse(self, lost: int, kept: int) -> None:
        touched = self._neighbours(lost)
        for number in sorted(self._around[lost]):
            face = self._faces[number]
            if kept in face:
                del self._faces[number]
                for vertex in face:
                    self._around[vertex].discard(number)
            else:
                a, b, c = (kept if v == lost else v for v in face)
                self._faces[number] = (a, b, c)
                self._around[kept].add(number)
        self._around[lost].clear()
        self._quadrics[kept] += self._quadrics[lost]
        self._stamps[kept] += 1
        self._stamps[lost] += 1
        for vertex in sorted(touched):
            self._offer(vertex)


def _normals(corners: Floats) -> Floats:
    """Compute the unnormalised normals (m, 3) of triangles (m, 3, 3)."""
    out: Floats = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return out


def _quadrics(position: Floats, triangles: Ints) -> Floats:
    """Compute each vertex's quadric (n, 4, 4): the area-weighted sum over its triangles' planes."""
    normal = _normals(position[triangles])
    double_area = np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-15)
    unit = normal / double_area
    offset = -np.sum(unit * position[triangles[:, 0]], axis=1, keepdims=True)
    plane = np.concatenate((unit, offset), axis=1)
    forms = double_area[:, :, None] * plane[:, :, None] * plane[:, None, :]
    out = np.zeros((len(position), 4, 4))
    for corner in range(3):
        np.add.at(out, triangles[:, corner], forms)
    # A small distance term defines the order of collapses in flat regions, where all cost 0.
    out[:, range(3), range(3)] += 1e-9
    out[:, :3, 3] -= 1e-9 * position
    out[:, 3, :3] -= 1e-9 * position
    out[:, 3, 3] += 1e-9 * np.sum(position**2, axis=1)
    return out


def _border(triangles: Ints, count: int) -> list[bool]:
    """Mark the vertices on edges that do not belong to exactly two triangles."""
    edges = np.sort(np.concatenate([triangles[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    edge, uses = np.unique(edges, axis=0, return_counts=True)
    held = np.zeros(count, bool)
    held[edge[uses != 2].ravel()] = True
    return list(held.tolist())
