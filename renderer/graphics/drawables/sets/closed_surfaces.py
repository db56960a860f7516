"""Find the closed surfaces of a mesh, whose back faces are never seen."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.graphics.drawables.base import Point

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
U32 = npt.NDArray[np.uint32]
Indices = npt.NDArray[np.intp]

_WELD_M: Final = 1e-3
"""Distance within which corners are the same, metres."""
_LEAST_M3: Final = -1e-6
"""Signed volume that a surface with outward normals encloses at least, cubic metres; coincident
faces back to back enclose none."""
_LARGEST_HOLE_M2: Final = 0.001
"""Area of an opening through which a back face cannot be made out, such as a tube's end: less than
a pixel of 480 lines at 15 m."""
_MOST_OPEN: Final = 0.15
"""Maximum area of all openings as a fraction of the surface's: a sheet is all opening."""


def find_closed(position: F32, triangles: U32, outside: Point) -> npt.NDArray[np.bool_]:
    """Return (m,) bool: which triangles belong to closed surfaces with outward front faces.

    Args:
        position: (n, 3) metres.
        triangles: (m, 3), counter-clockwise in front.
        outside: a place, metres; a surface that encloses it counts as a room, which is seen from
            its inside.
    """
    corners = _weld(position)[triangles]
    ends = np.stack((corners, np.roll(corners, -1, axis=1)), axis=-1).reshape(-1, 2)
    _, surface = np.unique(
        _connect(ends, int(corners.max()) + 1)[corners[:, 0]], return_inverse=True
    )
    surface = surface.reshape(-1)
    points = position[triangles].astype(np.float64)
    total = int(surface.max()) + 1
    across = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    area = np.bincount(surface, 0.5 * np.linalg.norm(across, axis=1), total)
    volume = np.bincount(surface, _volumes(points, surface, total), total)
    crossings = np.bincount(surface, _crossings(points, outside), total)
    largest, opening = _measure_openings(points, ends, np.repeat(surface, 3), total)
    is_closed = (
        (largest <= _LARGEST_HOLE_M2)
        & (opening <= _MOST_OPEN * area)
        & (volume >= _LEAST_M3)
        & (crossings == 0.0)
    )
    return np.asarray(is_closed[surface])


def _weld(position: F32) -> Indices:
    """Return (n,) the number of the corner at which each vertex lies."""
    cells = np.round(position.astype(np.float64) / _WELD_M).astype(np.int64)
    cells -= cells.min(axis=0)
    sides = cells.max(axis=0) + 1
    _, welded = np.unique(
        (cells[:, 0] * sides[1] + cells[:, 1]) * sides[2] + cells[:, 2], return_inverse=True
    )
    return np.asarray(welded.reshape(-1), np.intp)


def _connect(edges: Indices, count: int) -> Indices:
    """Return (count,) the number of the connected part to which each corner belongs.

    Args:
        edges: (e, 2) the corners that each joins.
    """
    parts = np.arange(count)
    _unite(parts, edges)
    return parts


@compiled
def _unite(parts: Indices, edges: Indices) -> None:
    """Give all corners that edges join the same number, their lowest: disjoint sets."""
    for k in range(len(edges)):
        a, b = edges[k, 0], edges[k, 1]
        while parts[a] != a:
            parts[a] = parts[parts[a]]
            a = parts[a]
        while parts[b] != b:
            parts[b] = parts[parts[b]]
            b = parts[b]
        parts[max(a, b)] = min(a, b)
    # Each number is at most its corner's, so that the ones before are final.
    for corner in range(len(parts)):
        parts[corner] = parts[parts[corner]]


def _measure_openings(points: F64, ends: Indices, surface: Indices, total: int) -> tuple[F64, F64]:
    """Return upper bounds (total,) of each surface's largest opening and of all, square metres.

    Args:
        points: (m, 3, 3) corners of the triangles.
        ends: (3 m, 2) corners that each side joins.
        surface: (3 m,) the surface of each side.
        total: number of surfaces.
    """
    # Around an opening, triangles do not run along an edge as often in either direction.
    low, high = ends.min(axis=1).astype(np.int64), ends.max(axis=1)
    _, edge = np.unique(low * (ends.max() + 1) + high, return_inverse=True)
    edge = edge.reshape(-1)
    is_open = (np.bincount(edge, np.sign(ends[:, 1] - ends[:, 0])) != 0.0)[edge]
    if not is_open.any():
        return np.zeros(total), np.zeros(total)
    border = ends[is_open]
    opening = _connect(border, int(ends.max()) + 1)[border[:, 0]]
    _, opening = np.unique(opening, return_inverse=True)
    along = np.roll(points, -1, axis=1) - points
    length = np.bincount(opening, np.linalg.norm(along.reshape(-1, 3)[is_open], axis=1))
    owner = np.zeros(len(length), np.intp)
    owner[opening] = surface[is_open]
    # No line of a length encloses more than a circle does.
    area = np.square(length) / (4.0 * np.pi)
    largest = np.zeros(total)
    np.maximum.at(largest, owner, area)
    return largest, np.asarray(np.bincount(owner, area, total), np.float64)


def _volumes(points: F64, surface: Indices, total: int) -> F64:
    """Return (m,) the volume between each triangle and a point near its surface, signed."""
    size = np.maximum(np.bincount(surface, minlength=total), 1)
    centers = points.mean(axis=1)
    middle = np.stack([np.bincount(surface, axis, total) / size for axis in centers.T], axis=1)
    a, b, c = (points - middle[surface][:, None]).transpose(1, 0, 2)
    return np.asarray(np.einsum("ij,ij->i", a, np.cross(b, c)) / 6.0)


def _crossings(points: F64, origin: Point) -> F64:
    """Return (m,) 1 or -1 where a line upwards from a point crosses a triangle, by its facing."""
    at = points - np.asarray(origin)
    x, z = at[..., 0], at[..., 2]
    sides = [x[:, k] * z[:, (k + 1) % 3] - x[:, (k + 1) % 3] * z[:, k] for k in range(3)]
    area = np.sum(sides, axis=0)
    is_inside = np.logical_or(
        np.all([one > 0.0 for one in sides], axis=0), np.all([one < 0.0 for one in sides], axis=0)
    )
    # Barycentric: each corner's weight is the area opposite to it.
    height = sum(at[:, k, 1] * sides[(k + 1) % 3] for k in range(3))
    is_above = is_inside & (height * np.sign(area) > 0.0)
    return np.where(is_above, np.sign(area), 0.0)
