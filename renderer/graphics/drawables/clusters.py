"""Split a mesh into clusters of adjacent triangles, each with its own light list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]
F64 = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

CLUSTER_SIZE: Final = 2.0
"""Metres; a cluster whose longest side is shorter is not split. A spot's pool is about as wide."""

MIN_TRIANGLES: Final = 24
"""Triangles in the smaller half of a split at least: smaller clusters mean more light tests."""

CELLS: Final = 4
"""Grid cells along a cluster's longest side; each occupied cell gets a bounding sphere."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """A mesh split into clusters.

    Attributes:
        triangles: one (m, 3) index array for each cluster.
        spheres: (s, 4) float32, centre and radius, metres; a cluster is inside the union of its
            spheres.
        starts: (c,) intp, the first sphere of each cluster.
    """

    triangles: tuple[U32, ...]
    spheres: F32
    starts: Indices


def split_clusters(position: F32, triangles: U32) -> Clusters:
    """Split a mesh's triangles into clusters with a k-d tree, at the median of the longest side.

    Args:
        position: (n, 3) metres.
        triangles: (m, 3), m > 0.
    """
    corners = position[triangles].astype(np.float64)
    centers = corners.mean(axis=1)
    members: list[Indices] = []
    waiting: list[Indices] = [np.arange(len(triangles))]
    while waiting:
        run = waiting.pop()
        points = centers[run]
        sides = np.ptp(points, axis=0)
        axis = int(sides.argmax())
        if sides[axis] < CLUSTER_SIZE or len(run) < 2 * MIN_TRIANGLES:
            members.append(run)
            continue
        order = run[np.argsort(points[:, axis], kind="stable")]
        half = len(order) // 2
        waiting += [order[half:], order[:half]]
    spheres = [_spheres(corners[run]) for run in members]
    starts = np.cumsum([0, *(len(some) for some in spheres[:-1])]).astype(np.intp)
    return Clusters(
        tuple(triangles[run] for run in members),
        np.concatenate(spheres).astype(np.float32),
        starts,
    )


def _spheres(corners: F64) -> F64:
    """Return bounding spheres (s, 4) of the grid cells that triangles (m, 3, 3) intersect."""
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    cell = max(float((high - low).max()) / CELLS, 1e-3)
    # Sample every triangle at points at most half a cell apart.
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max()
    steps = max(1, int(np.ceil(2.0 * longest / cell)))
    first, second = np.meshgrid(np.arange(steps + 1), np.arange(steps + 1), indexing="ij")
    inside = first + second <= steps
    a, b = first[inside] / steps, second[inside] / steps
    weights = np.stack((a, b, 1.0 - a - b))
    points = np.einsum("wk,mkc->mwc", weights.T, corners).reshape(-1, 3)
    # A side's end falls into a cell of its own, and rounding may put a point outside.
    is_occupied = np.zeros((CELLS + 1,) * 3, np.bool_)
    is_occupied[tuple(np.clip((points - low) / cell, 0.0, CELLS).astype(np.intp).T)] = True
    cells = np.argwhere(is_occupied)
    centers = low + (cells + 0.5) * cell
    # Half the cell's diagonal, plus a quarter cell for the surface between the sample points.
    radius = np.full((len(cells), 1), (np.sqrt(3.0) / 2.0 + 0.25) * cell)
    return np.concatenate((centers, radius), axis=1)
