"""Find the flat floor of a set: the largest level surface of one colour where performers stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.sets.stage_set import SetMesh

F64 = npt.NDArray[np.float64]
U32 = npt.NDArray[np.uint32]

LEVEL_M: Final = 0.02
"""Maximum height of a floor's corners over or under the performers' feet, metres."""
LEAST_M2: Final = 4.0
"""Minimum area of a floor, square metres; shading a smaller one apart saves nothing."""
_UPRIGHT: Final = 0.999
"""Minimum vertical component of the normals of a floor."""
_SHARPEST: Final = 0.3
"""Minimum cosine between an edge's normal and that of a corner, which limits how far it moves."""
_WELD: Final = 4
"""Decimal places of metres within which corners are the same."""


def split_floor(
    meshes: Sequence[SetMesh], level: float
) -> tuple[SetMesh | None, tuple[SetMesh, ...]]:
    """Return the floor and all other surfaces; None for the floor if there is none.

    Args:
        meshes: without maps and baked light.
        level: height of the performers' feet, metres.
    """
    best, area = None, LEAST_M2
    for number, mesh in enumerate(meshes):
        own = _area(mesh, _find_level_triangles(mesh, level))
        if own > area:
            best, area = number, own
    if best is None:
        return None, tuple(meshes)
    mesh = meshes[best]
    is_floor = _find_level_triangles(mesh, level)
    # In the same order: of coplanar surfaces, the last one is seen.
    others = () if is_floor.all() else (replace(mesh, triangles=mesh.triangles[~is_floor]),)
    rest = (*meshes[:best], *others, *meshes[best + 1 :])
    return replace(mesh, triangles=mesh.triangles[is_floor]), rest


def extend_floor(floor: SetMesh, by_m: float) -> SetMesh:
    """Return a floor whose border is moved outwards by a distance in metres."""
    position = floor.position.astype(np.float64)
    _, welded = np.unique(np.round(position, _WELD), axis=0, return_inverse=True)
    normals = _border_normals(position, floor.triangles, welded.reshape(-1))
    moved = position.copy()
    for corner, own in normals.items():
        mean = np.sum(own, axis=0)
        length = float(np.linalg.norm(mean))
        if length > 1e-6:
            mean /= length
            reach = max(float(np.min(own @ mean)), _SHARPEST)
            moved[welded.reshape(-1) == corner] += by_m / reach * mean
    return replace(floor, position=moved.astype(np.float32))


def _find_level_triangles(mesh: SetMesh, level: float) -> npt.NDArray[np.bool_]:
    """Return (m,) bool: which triangles are level at a height; none of a surface that shines."""
    if max(mesh.emissive) > 0.0 or not len(mesh.position) or np.ptp(mesh.color, axis=0).any():
        return np.zeros(len(mesh.triangles), np.bool_)
    is_level = (np.abs(mesh.position[:, 1] - level) < LEVEL_M) & (mesh.normal[:, 1] > _UPRIGHT)
    return np.asarray(is_level[mesh.triangles].all(axis=1))


def _area(mesh: SetMesh, chosen: npt.NDArray[np.bool_]) -> float:
    corners = mesh.position[mesh.triangles[chosen]].astype(np.float64)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return 0.5 * float(np.linalg.norm(across, axis=1).sum())


def _border_normals(position: F64, triangles: U32, welded: npt.NDArray[np.intp]) -> dict[int, F64]:
    """Return the outward normals (k, 3), level and unit, of the border edges at each corner.

    Args:
        position: (n, 3) metres.
        triangles: (m, 3) of it.
        welded: (n,) number of the corner at which a vertex lies.
    """
    edges: dict[tuple[int, int], list[F64]] = {}
    for triangle in triangles:
        for here, there, across in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
            a, b, c = (position[triangle[k]] for k in (here, there, across))
            along = b - a
            normal = np.array((along[2], 0.0, -along[0]))
            normal *= -np.sign(normal @ (c - a)) / max(float(np.linalg.norm(normal)), 1e-12)
            low, high = sorted((int(welded[triangle[here]]), int(welded[triangle[there]])))
            edges.setdefault((low, high), []).append(normal)
    normals: dict[int, list[F64]] = {}
    for ends, found in edges.items():
        if len(found) == 1:
            for corner in ends:
                normals.setdefault(corner, []).append(found[0])
    return {corner: np.stack(found) for corner, found in normals.items()}
