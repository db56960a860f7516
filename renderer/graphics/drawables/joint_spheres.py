"""Compute a bounding sphere for each joint of an avatar, in any pose.

A skinned vertex is the weighted mean of the positions that each of its joints would give it.
In the rest pose it is inside the spheres of all of them. Where a pose moves two joints apart,
it is between the two, at most half of that gap outside both, which SLACK covers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.geometry import Geometry

F32 = npt.NDArray[np.float32]

SLACK: Final = 0.05
"""Metres added to every radius; more than two joints' vertices separate in a dance."""


class JointSpheres:
    """The bounding spheres of one avatar's palette entries.

    Args:
        channels: number of morph channels of the avatar.
    """

    def __init__(self, geometry: Geometry, channels: int) -> None:
        vertices = geometry.vertices
        count = len(geometry.palette_nodes)
        low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
        for slot in range(4):
            carried = vertices["weights"][:, slot] > 0.0
            joint = vertices["joints"][carried, slot]
            points = vertices["position"][carried].astype(np.float64)
            np.minimum.at(low, joint, points)
            np.maximum.at(high, joint, points)
        self._used = np.flatnonzero(low[:, 0] <= high[:, 0])
        center = (low[self._used] + high[self._used]) / 2.0
        self._center = center.astype(np.float32)[..., None]
        radius = np.linalg.norm(high[self._used] - center, axis=1) + SLACK
        self._radius = radius.astype(np.float32)
        self._reach = np.zeros(channels, np.float32)
        if len(geometry.morphs):
            moved = np.linalg.norm(geometry.morphs[:, 0, :3], axis=1)
            np.maximum.at(self._reach, geometry.morphs[:, 0, 3].astype(np.intp), moved)
        self._palette = np.empty((len(self._used), 4, 4), np.float32)
        self._spheres = np.empty((len(self._used), 4), np.float32)

    def place(self, palette: F32, morphs: F32) -> F32:
        """Return the spheres of a pose; the array is valid until the next call.

        Args:
            palette: (p, 4, 4) matrix of each entry, mesh to stage space.
            morphs: (c,) weights.

        Returns:
            (s, 4) centre and radius, metres.
        """
        np.take(palette, self._used, axis=0, out=self._palette, mode="clip")
        turned = self._palette[:, :3, :3]
        centers = np.matmul(turned, self._center)[..., 0]
        np.add(centers, self._palette[:, :3, 3], out=self._spheres[:, :3])
        # Gershgorin: no eigenvalue of MᵀM, a squared stretch, exceeds its largest absolute row sum.
        gram = np.matmul(turned.transpose(0, 2, 1), turned)
        stretch = np.sqrt(np.abs(gram).sum(axis=2).max(axis=1))
        margin = float(np.abs(morphs) @ self._reach)
        np.multiply(self._radius + np.float32(margin), stretch, out=self._spheres[:, 3])
        return self._spheres
