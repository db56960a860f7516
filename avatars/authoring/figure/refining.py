"""Subdivide meshes by Phong tessellation: each triangle becomes four.

Boubekeur and Alexa, "Phong Tessellation", 2008: the midpoint of an edge is moved towards its
projections onto the tangent planes at the edge's ends.
"""

from __future__ import annotations

import numpy as np

from avatars.authoring.figure.geometry import Piece
from avatars.authoring.figure.source import Floats

_BEND = 0.75
"""Fraction of the distance to the tangent planes; the value used in the paper."""


def refine(piece: Piece) -> Piece:
    """Return the piece with each triangle split into four; shapes are dropped."""
    sides = np.concatenate([piece.triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    edges, place = np.unique(np.sort(sides, axis=1), axis=0, return_inverse=True)
    a, b = edges.T
    count, faces = len(piece.position), len(piece.triangles)
    ab, bc, ca = (count + place.ravel()).reshape(3, faces)
    one, two, three = piece.triangles.T
    triangles = np.concatenate(
        (
            np.stack((one, ab, ca), 1),
            np.stack((two, bc, ab), 1),
            np.stack((three, ca, bc), 1),
            np.stack((ab, bc, ca), 1),
        )
    )
    middle = (piece.position[a] + piece.position[b]) / 2.0

    def onto(end: Floats, normal: Floats) -> Floats:
        out: Floats = middle - np.sum((middle - end) * normal, axis=1, keepdims=True) * normal
        return out

    planes = onto(piece.position[a], piece.normal[a]) + onto(piece.position[b], piece.normal[b])
    bent = middle + _BEND * (planes / 2.0 - middle)
    normal = piece.normal[a] + piece.normal[b]
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)

    def with_middles(values: Floats) -> Floats:
        out: Floats = np.concatenate((values, (values[a] + values[b]) / 2.0))
        return out

    return Piece(
        np.concatenate((piece.position, bent)),
        np.concatenate((piece.normal, normal)),
        with_middles(piece.uv),
        with_middles(piece.weights),
        triangles,
    )
