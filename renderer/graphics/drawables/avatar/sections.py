"""Cut an avatar's upper body out of its merged meshes, to draw it alone in a close-up.

The cut is made in memory when the avatar is loaded; its file, whose hash its licence names, is not
changed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from avatars.model import Avatar
from renderer.graphics.drawables.avatar.geometry import Draw, Geometry

Flags = npt.NDArray[np.bool_]


def find_lower_entries(avatar: Avatar, geometry: Geometry) -> Flags | None:
    """Return (p,) bool: which palette entries do not follow the spine, such as legs and skirts.

    Returns:
        None if the avatar has no spine.
    """
    spine = avatar.bones.get("spine")
    if spine is None:
        return None
    parents = avatar.nodes.parents
    follows = np.zeros(len(parents), bool)
    # Parents precede their children.
    for node, parent in enumerate(parents.tolist()):
        follows[node] = node == spine or (parent >= 0 and follows[parent])
    lower: Flags = ~follows[geometry.palette_nodes]
    return lower


def split_upper_body(geometry: Geometry, lower: Flags) -> tuple[Geometry, Geometry] | None:
    """Split the meshes into the triangles with a vertex on the upper body, and all others.

    Args:
        lower: (p,) as returned by `find_lower_entries`.

    Returns:
        Both with their own vertices; None if one of them would be empty.
    """
    rows = geometry.vertices
    upper = ((rows["weights"] > 0.0) & ~lower[rows["joints"]]).any(axis=1)
    kept: Flags = upper[geometry.triangles].any(axis=1)
    if kept.all() or not kept.any():
        return None
    return _keep(geometry, kept), _keep(geometry, ~kept)


def _keep(geometry: Geometry, kept: Flags) -> Geometry:
    """Return the kept triangles (m,) with their vertices."""
    used, corners = np.unique(geometry.triangles[kept], return_inverse=True)
    vertices = geometry.vertices[used]
    first, count = vertices["morphs"].T.astype(np.int64)
    # The entries of a vertex are adjacent: the kept ranges are joined in the vertices' order.
    starts = np.cumsum(count) - count
    entries = np.repeat(first - starts, count) + np.arange(int(count.sum()))
    vertices["morphs"][:, 0] = starts
    streams = geometry.streams
    return replace(
        geometry,
        vertices=vertices,
        uv=geometry.uv[used],
        triangles=corners.reshape(-1, 3).astype(np.uint32),
        draws=_shorten(geometry.draws, kept),
        morphs=geometry.morphs[entries],
        streams=replace(
            streams,
            second_uv=None if streams.second_uv is None else streams.second_uv[used],
            color=None if streams.color is None else streams.color[used],
            tangent=None if streams.tangent is None else streams.tangent[used],
        ),
    )


def _shorten(draws: tuple[Draw, ...], kept: Flags) -> tuple[Draw, ...]:
    """Return the draws of the kept triangles; those without any are left out."""
    before = np.concatenate(([0], np.cumsum(kept)))
    shortened = []
    for draw in draws:
        first = int(before[draw.first // 3])
        count = int(before[(draw.first + draw.count) // 3]) - first
        if count:
            shortened.append(Draw(draw.material, 3 * first, 3 * count))
    return tuple(shortened)
