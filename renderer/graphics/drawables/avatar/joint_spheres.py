"""Compute a bounding sphere for each joint of an avatar, in any pose.

A skinned vertex is the weighted mean of the positions that each of its joints would give it.
In the rest pose it is inside the spheres of all of them. Where a pose moves two joints apart,
it is between the two, at most half of that gap outside both, which SLACK covers.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.graphics.drawables.avatar.geometry import Geometry

F32 = npt.NDArray[np.float32]

SLACK: Final = 0.05
"""Metres added to every radius; more than two joints' vertices separate in a dance."""


class JointSpheres:
    """The bounding spheres of one avatar's palette entries.

    Args:
        channels: number of morph channels of the avatar.
        cell_m: side of the cells into which a joint's vertices are divided, each with a sphere of
            its own, metres at rest; by default a joint has one sphere.
    """

    def __init__(self, geometry: Geometry, channels: int, cell_m: float | None = None) -> None:
        vertices = geometry.vertices
        carried, slots = np.nonzero(vertices["weights"] > 0.0)
        points = vertices["position"][carried].astype(np.float64)
        keys = vertices["joints"][carried, slots].astype(np.int64)
        if cell_m is not None:
            for axis in range(3):
                cells = np.floor(points[:, axis] / cell_m).astype(np.int64)
                keys = keys * (np.ptp(cells) + 1) + cells - cells.min()
        _, first, group = np.unique(keys, return_index=True, return_inverse=True)
        low, high = np.full((len(first), 3), np.inf), np.full((len(first), 3), -np.inf)
        np.minimum.at(low, group, points)
        np.maximum.at(high, group, points)
        self._used = vertices["joints"][carried, slots][first].astype(np.intp)
        center = (low + high) / 2.0
        self._center = center.astype(np.float32)
        radius = np.linalg.norm(high - center, axis=1) + SLACK
        self._radius = radius.astype(np.float32)
        self._reach = np.zeros(channels, np.float32)
        if len(geometry.morphs):
            moved = np.linalg.norm(geometry.morphs[:, 0, :3], axis=1)
            np.maximum.at(self._reach, geometry.morphs[:, 0, 3].astype(np.intp), moved)
        self._spheres = np.empty((len(self._used), 4), np.float32)

    def place(self, palette: F32, morphs: F32) -> F32:
        """Return the spheres of a pose; the array is valid until the next call.

        Args:
            palette: (p, 4, 4) matrix of each entry, mesh to stage space.
            morphs: (c,) weights.

        Returns:
            (s, 4) centre and radius, metres.
        """
        weights = np.ascontiguousarray(morphs, np.float32)
        _place(palette, weights, self._used, self._center, self._radius, self._reach, self._spheres)
        return self._spheres


@compiled
def _place(
    palette: F32,
    morphs: F32,
    used: npt.NDArray[np.intp],
    centers: F32,
    radii: F32,
    reach: F32,
    spheres: F32,
) -> None:
    """Write each used entry's sphere, stretched as its matrix stretches.

    Gershgorin: no eigenvalue of MᵀM, a squared stretch, exceeds its largest absolute row sum.
    """
    margin = 0.0
    for channel in range(len(morphs)):
        margin += abs(morphs[channel]) * reach[channel]
    for number in range(len(used)):
        matrix, sphere, center = palette[used[number]], spheres[number], centers[number]
        largest = 0.0
        for row in range(3):
            place, total = matrix[row, 3], 0.0
            for column in range(3):
                place += matrix[row, column] * center[column]
                product = 0.0
                for k in range(3):
                    product += matrix[k, row] * matrix[k, column]
                total += abs(product)
            sphere[row] = place
            largest = max(largest, total)
        sphere[3] = (radii[number] + margin) * math.sqrt(largest)


@compiled
def measure_travel(spheres: F32, before: F32) -> float:
    """Return the largest distance along an axis between the centres of spheres (s, 4), metres.

    Args:
        before: (s, 4) of the previous frame; overwritten with `spheres`.
    """
    farthest = np.float32(0.0)
    for number in range(len(spheres)):
        for axis in range(3):
            farthest = max(farthest, abs(spheres[number, axis] - before[number, axis]))
        before[number] = spheres[number]
    return float(farthest)
