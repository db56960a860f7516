"""Merge an avatar's meshes into one vertex table and one index table, with plain numpy.

Every mesh instance uses one matrix palette: each joint of a skin has an entry
(node · inverse bind), and an instance without a skin has one entry, its node. A vertex that
follows a single node has full weight on it, so the GPU handles only one vertex format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.model import AlphaMode, Avatar, Material, MeshInstance, Primitive
from renderer.errors import GraphicsError
from renderer.graphics.drawables.avatar.vertex_streams import VertexStreams, collect_streams

VERTEX: Final = np.dtype(
    [
        ("position", "f4", 3),
        ("normal", "f4", 3),
        ("joints", "u2", 4),
        ("weights", "f4", 4),
        ("morphs", "u4", 2),
    ]
)
"""The vertex format that shaders/skin.vert.glsl reads."""


DENSE_M: Final = 0.08
"""Maximum length of the longest edge of a dense mesh's triangles, metres, but for 5 % of them; the
house idols have 0.05, and 0.28 at their low level of detail."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A range of the index table with one material; of a blended material, one primitive's."""

    material: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Geometry:
    """An avatar's merged meshes, ready to upload.

    Attributes:
        vertices: (n,) VERTEX.
        uv: (n, 2) float32.
        triangles: (m, 3) uint32, in the order of `draws`.
        draws: in drawing order: opaque, double-sided opaque, masked, blended with depth writes,
            blended.
        palette_nodes: (p,) int32, the node of each palette entry.
        palette_bind: (p, 4, 4) float32, multiplied onto the node's matrix.
        morphs: (e, 2, 4) float32: position delta and channel, normal delta and zero; the field
            `morphs` of a vertex holds its first entry and its number of entries.
        streams: attributes that only some materials read.
    """

    vertices: npt.NDArray[np.void]
    uv: npt.NDArray[np.float32]
    triangles: npt.NDArray[np.uint32]
    draws: tuple[Draw, ...]
    palette_nodes: npt.NDArray[np.int32]
    palette_bind: npt.NDArray[np.float32]
    morphs: npt.NDArray[np.float32]
    streams: VertexStreams


def queue(material: Material) -> tuple[int, int]:
    """Return a material's drawing order (VRMC_materials_mtoon-1.0, "Render Queue")."""
    if material.alpha_mode is AlphaMode.OPAQUE:
        return 0, int(material.double_sided)
    if material.alpha_mode is AlphaMode.MASK:
        return 1, 0
    return (2 if material.transparent_with_z_write else 3), material.render_queue_offset


def _drawing_order(materials: Sequence[Material], number: int) -> tuple[int, int, int]:
    """Return a sort key: render queue, then material.

    Blended parts of a queue keep the file's order, from which they are sorted by depth.
    """
    material = materials[number]
    return *queue(material), 0 if material.alpha_mode is AlphaMode.BLEND else number


def merge(avatar: Avatar) -> Geometry:
    """Merge every drawn primitive of an avatar.

    Raises:
        GraphicsError: the avatar has nothing to draw.
    """
    parts = [
        (instance, primitive, avatar.meshes[instance.mesh].first_channel)
        for instance in avatar.instances
        for primitive in avatar.meshes[instance.mesh].primitives
        if len(primitive.triangles)
    ]
    if not parts:
        raise GraphicsError(
            f"avatar {avatar.meta.name or avatar.path.name!r}",
            "it has no triangles to draw",
            "export it with its meshes",
        )
    parts.sort(key=lambda part: _drawing_order(avatar.materials, part[1].material))
    palette = _Palette(avatar)
    sizes = [len(primitive.position) for _, primitive, _ in parts]
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    vertices = np.zeros(int(starts[-1]), VERTEX)
    for (instance, primitive, _), start in zip(parts, starts, strict=False):
        _fill(vertices[start : start + len(primitive.position)], primitive, palette.first(instance),
              skinned=instance.skin is not None)  # fmt: skip
    morphs = _morphs(vertices, [(p, channel) for _, p, channel in parts], starts)
    return Geometry(
        vertices,
        np.concatenate([p.uv for _, p, _ in parts]).astype(np.float32),
        np.concatenate(
            [
                p.triangles + np.uint32(start)
                for (_, p, _), start in zip(parts, starts, strict=False)
            ]
        ).astype(np.uint32),
        _group_draws([p for _, p, _ in parts], avatar.materials),
        np.concatenate(palette.nodes).astype(np.int32),
        np.concatenate(palette.binds).astype(np.float32),
        morphs,
        collect_streams([p for _, p, _ in parts], avatar.materials),
    )


def is_dense(geometry: Geometry, draw: Draw) -> bool:
    """Return whether the triangles of a draw are so small that lights vary little within one."""
    corners = geometry.triangles.reshape(-1)[draw.first : draw.first + draw.count].reshape(-1, 3)
    points = geometry.vertices["position"][corners]
    edges = np.linalg.norm(points - np.roll(points, 1, axis=1), axis=2).max(axis=1)
    return bool(np.percentile(edges, 95) <= DENSE_M)


class _Palette:
    """Assigns each skin and each rigid node its range of palette entries, once."""

    def __init__(self, avatar: Avatar) -> None:
        self._avatar = avatar
        self._starts: dict[tuple[str, int], int] = {}
        self._count = 0
        self.nodes: list[npt.NDArray[np.int32]] = []
        self.binds: list[npt.NDArray[np.float32]] = []

    def first(self, instance: MeshInstance) -> int:
        """Return the first palette entry of an instance."""
        if instance.skin is None:
            key = ("node", instance.node)
            nodes = np.array([instance.node], np.int32)
            binds = np.eye(4, dtype=np.float32)[None]
        else:
            key = ("skin", instance.skin)
            skin = self._avatar.skins[instance.skin]
            nodes, binds = skin.joints, skin.inverse_bind
        if key not in self._starts:
            self._starts[key] = self._count
            self._count += len(nodes)
            self.nodes.append(nodes)
            self.binds.append(binds)
        return self._starts[key]


def _fill(
    rows: npt.NDArray[np.void], primitive: Primitive, first_joint: int, *, skinned: bool
) -> None:
    rows["position"] = primitive.position
    rows["normal"] = primitive.normal
    if skinned:
        rows["joints"] = primitive.joints + np.uint32(first_joint)
        rows["weights"] = primitive.weights
    else:
        rows["joints"] = first_joint
        rows["weights"] = (1.0, 0.0, 0.0, 0.0)


def _group_draws(parts: list[Primitive], materials: Sequence[Material]) -> tuple[Draw, ...]:
    """Return draws; adjacent parts of one material are merged unless they are sorted by depth."""
    draws: list[Draw] = []
    first = 0
    for part in parts:
        material, count = part.material, part.triangles.size
        is_sorted = materials[material].alpha_mode is AlphaMode.BLEND
        if draws and draws[-1].material == material and not is_sorted:
            draws[-1] = Draw(material, draws[-1].first, draws[-1].count + count)
        else:
            draws.append(Draw(material, first, count))
        first += count
    return tuple(draws)


def _morphs(
    vertices: npt.NDArray[np.void],
    parts: list[tuple[Primitive, int]],
    starts: npt.NDArray[np.int64],
) -> npt.NDArray[np.float32]:
    """Return morph entries (e, 2, 4) by vertex; write each vertex's range into `vertices`."""
    owners, entries = [], []
    for (primitive, first_channel), start in zip(parts, starts, strict=False):
        for channel, target in enumerate(primitive.targets, first_channel):
            entry = np.zeros((len(target.indices), 2, 4), np.float32)
            entry[:, 0, :3] = target.position
            entry[:, 0, 3] = channel
            if target.normal is not None:
                entry[:, 1, :3] = target.normal
            moves = entry[..., :3].any(axis=(1, 2))
            owners.append(target.indices[moves].astype(np.int64) + start)
            entries.append(entry[moves])
    if not owners:
        return np.zeros((0, 2, 4), np.float32)
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=len(vertices))
    vertices["morphs"][:, 0] = np.cumsum(counts) - counts
    vertices["morphs"][:, 1] = counts
    sorted_entries: npt.NDArray[np.float32] = np.concatenate(entries)[order]
    return sorted_entries
