"""Sort the transparent parts of an avatar by depth within a render queue.

A part is one primitive of the file. Parts are drawn queue by queue (VRMC_materials_mtoon-1.0,
"Render Queue") and within a queue farthest first, by the depth of the mean of their vertices along
the camera's axis. Triangles within a part keep the file's order, and parts that intersect or
enclose each other have no correct order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.avatar.geometry import Geometry
from renderer.stage.records import Camera

F32 = npt.NDArray[np.float32]

LAYER_M: Final = 0.005
"""Maximum difference in depth of parts that count as layers of one surface, such as an iris and its
highlight, metres: they keep the file's order, so that they do not flicker as the head turns."""


class ViewOrder:
    """The draw order of an avatar's transparent parts.

    Args:
        ranges: (first index, index count, queue) of each part, in the file's order by queue.
    """

    def __init__(self, geometry: Geometry, ranges: Sequence[tuple[int, int, object]]) -> None:
        self._queues = [queue for _, _, queue in ranges]
        indices = geometry.triangles.reshape(-1)
        means = [_mean_by_joint(geometry, indices[first : first + n]) for first, n, _ in ranges]
        # The mean of skinned vertices is linear in the palette: the sum over the joints of the
        # matrix times the weighted mean of the vertices at rest.
        self._used = np.flatnonzero(np.any(means, axis=(0, 2))) if means else np.zeros(0, np.intp)
        self._means = np.array([mean[self._used] for mean in means], np.float32)

    def sort(self, palette: F32, camera: Camera) -> list[int]:
        """Return the parts' numbers in drawing order.

        Args:
            palette: (p, 4, 4) matrix of each palette entry, mesh to stage space.
        """
        count = len(self._queues)
        if count < 2:
            return list(range(count))
        forward = np.subtract(camera.target, camera.position).astype(np.float32)
        forward /= np.linalg.norm(forward)
        row = forward @ palette[self._used, :3]
        depths = np.einsum("pjk,jk->p", self._means, row).tolist()
        order: list[int] = []
        for part in range(count):
            place = len(order)
            while (
                place
                and self._queues[order[place - 1]] == self._queues[part]
                and depths[order[place - 1]] < depths[part] - LAYER_M
            ):
                place -= 1
            order.insert(place, part)
        return order


def _mean_by_joint(geometry: Geometry, indices: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    """Return (p, 4): the mean of a part's points, each times its weight for the palette entry."""
    means = np.zeros((len(geometry.palette_nodes), 4))
    rows = geometry.vertices[np.unique(indices)]
    points = np.concatenate((rows["position"], np.ones((len(rows), 1))), axis=1)
    for slot in range(4):
        np.add.at(means, rows["joints"][:, slot], points * rows["weights"][:, slot, None])
    return means / max(1, len(rows))
