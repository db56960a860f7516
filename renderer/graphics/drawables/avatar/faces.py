"""Find the face of an avatar, and prepare its normals so that no shadow edge cuts through it.

The face is detected without authoring: the connected surfaces that are skinned to the head and
moved by expressions. Hair is skinned to the head, too, but no expression moves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import to_matrix
from avatars.maths.vectors import smoothstep
from avatars.model import Avatar
from renderer.graphics.drawables.avatar.geometry import Geometry

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

BEND: Final = 0.72
"""Blend factor of a face's normals towards those of an ellipsoid: at 1, noses disappear."""
_HEAD_SHARE: Final = 0.5
"""Minimum skin weight on the head of a vertex of the face."""
_LEAST_MOVED: Final = 12
"""Minimum number of vertices moved by expressions in a mesh with a face."""
_DOWNWARD: Final = (0.30, 0.65)
"""Range of the negative y of a normal below the mouth over which the jaw's underside fades in."""
_MOVED_M: Final = 2e-4
"""Minimum displacement of a vertex that counts as moved, metres."""


@dataclass(frozen=True, slots=True)
class Face:
    """The face of an avatar, by vertex of its merged meshes.

    Attributes:
        values: (n, 4) uint8, normalised: weight of the face; weight of the forehead; deviation of
            the vertex's own normal from the smooth face; weight of the chin's shadow.
        normals: (n, 3) float32, unit; bent on the face.
        materials: indices of those with triangles of the face.
    """

    values: npt.NDArray[np.uint8]
    normals: F32
    materials: frozenset[int]


def find_face(avatar: Avatar, geometry: Geometry) -> Face | None:
    """Return the face of an avatar.

    Returns:
        None if the avatar has no head, if no expression moves a vertex, or if a joint's matrix is
        singular.
    """
    head = avatar.bones.get("head")
    if head is None:
        return None
    vertices = geometry.vertices
    weight = _head_weight(avatar, geometry, head)
    moved = _find_expression_vertices(avatar, geometry) & (weight > _HEAD_SHARE)
    if int(moved.sum()) < _LEAST_MOVED:
        return None
    is_face = _find_connected(geometry, weight > _HEAD_SHARE, moved)
    rest = _rest_matrices(avatar)
    entries = _dominant_entry(geometry)
    mesh_to_model = rest[geometry.palette_nodes] @ geometry.palette_bind.astype(np.float64)
    if not (np.abs(np.linalg.det(mesh_to_model[:, :3, :3])) > 1e-12).all():
        return None
    turn = mesh_to_model[entries]
    points = np.einsum("nij,nj->ni", turn[:, :3, :3], vertices["position"]) + turn[:, :3, 3]
    normals = np.einsum("nij,nj->ni", turn[:, :3, :3], vertices["normal"])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    eyes = [avatar.bones[name] for name in ("leftEye", "rightEye") if name in avatar.bones]
    low, high = points[moved].min(axis=0), points[moved].max(axis=0)
    eye_y = float(np.mean(rest[eyes, 1, 3])) if eyes else float((low[1] + high[1]) / 2.0)
    below_eyes = max(eye_y - float(low[1]), 0.02)
    share = is_face * smoothstep(points[:, 1], low[1] - 0.30 * below_eyes, low[1])
    beneath = is_face * _beneath_jaw(points[:, 1] - low[1], normals[:, 1], weight, below_eyes)
    smooth = _ellipsoid_normals(points, low, high)
    form = np.clip(1.0 - np.einsum("ni,ni->n", normals, smooth), 0.0, 1.0)
    # Behind the ears, the ellipsoid does not approximate the face.
    form *= smoothstep(smooth[:, 2], 0.0, 0.35)
    forehead = smoothstep(points[:, 1], eye_y + 0.10 * below_eyes, eye_y + 0.55 * below_eyes)
    bent = normals + (BEND * share)[:, None] * (smooth - normals)
    back = np.linalg.inv(turn[:, :3, :3])
    bent = np.einsum("nij,nj->ni", back, bent)
    bent /= np.maximum(np.linalg.norm(bent, axis=1, keepdims=True), 1e-9)
    changed = np.where(share[:, None] > 0.0, bent, vertices["normal"])
    rows = np.column_stack((share, share * forehead, share * form, beneath))
    corners = geometry.triangles
    materials = frozenset(
        draw.material
        for draw in geometry.draws
        if share[corners.reshape(-1)[draw.first : draw.first + draw.count]].any()
    )
    return Face(np.round(255.0 * rows).astype(np.uint8), changed.astype(np.float32), materials)


def _beneath_jaw(height: F64, up: F64, weight: F64, below_eyes: float) -> F64:
    """Return (n,) the weight of the chin's shadow: the jaw's underside, fading out over the neck.

    Args:
        height: (n,) above the lowest vertex that expressions move, metres.
        up: (n,) y of the unit normals.
        weight: (n,) skin weight on the head.
        below_eyes: distance of the eyes above that vertex, metres.
    """
    underside = smoothstep(-up, *_DOWNWARD)
    underside *= 1.0 - smoothstep(height, 0.10 * below_eyes, 0.35 * below_eyes)
    neck = 1.0 - smoothstep(height, -0.35 * below_eyes, -0.05 * below_eyes)
    neck *= smoothstep(weight, _HEAD_SHARE, 1.0)
    return np.asarray(np.maximum(underside, neck))


def _head_weight(avatar: Avatar, geometry: Geometry, head: int) -> F64:
    """Return (n,) the skin weight of each vertex on the head and its descendants."""
    below = np.zeros(len(avatar.nodes.parents), bool)
    for node, parent in enumerate(avatar.nodes.parents.tolist()):  # Parents precede children.
        below[node] = node == head or (parent >= 0 and below[parent])
    on_head = below[geometry.palette_nodes]
    vertices = geometry.vertices
    return np.asarray((vertices["weights"] * on_head[vertices["joints"]]).sum(axis=1), np.float64)


def _find_expression_vertices(avatar: Avatar, geometry: Geometry) -> npt.NDArray[np.bool_]:
    """Return (n,) bool, whether an expression moves a vertex."""
    used = np.zeros(avatar.channel_count + 1, bool)
    for expression in avatar.expressions:
        used[expression.channels] = True
    entries = geometry.morphs
    moves = used[entries[:, 0, 3].astype(np.intp)] & (
        np.linalg.norm(entries[:, 0, :3], axis=1) > _MOVED_M
    )
    before = np.concatenate(([0], np.cumsum(moves)))
    first = geometry.vertices["morphs"][:, 0].astype(np.intp)
    count = geometry.vertices["morphs"][:, 1].astype(np.intp)
    return np.asarray(before[first + count] > before[first])


def _find_connected(
    geometry: Geometry, on_head: npt.NDArray[np.bool_], moved: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return (n,) bool: the vertices on the head whose connected surface includes a moved one."""
    positions = np.round(geometry.vertices["position"].astype(np.float64), 5)
    _, welded = np.unique(positions, axis=0, return_inverse=True)
    welded = welded.reshape(-1)
    triangles = geometry.triangles[on_head[geometry.triangles].all(axis=1)]
    corners = welded[triangles]
    labels = np.arange(int(welded.max()) + 1)
    while True:
        least = labels[corners].min(axis=1)
        joined = labels.copy()
        for corner in range(3):
            np.minimum.at(joined, corners[:, corner], least)
        joined = joined[joined]
        if np.array_equal(joined, labels):
            break
        labels = joined
    holds = np.zeros(len(labels), bool)
    holds[labels[welded[moved]]] = True
    return np.asarray(holds[labels[welded]] & on_head)


def _dominant_entry(geometry: Geometry) -> npt.NDArray[np.intp]:
    """Return (n,) the palette entry with the largest weight for each vertex."""
    vertices = geometry.vertices
    most = vertices["weights"].argmax(axis=1)
    entries = vertices["joints"][np.arange(len(vertices)), most]
    return np.asarray(entries, np.intp)


def _rest_matrices(avatar: Avatar) -> F64:
    """Return (n, 4, 4) node to model space at rest."""
    nodes = avatar.nodes
    world = np.tile(np.eye(4), (len(nodes.parents), 1, 1))
    world[:, :3, :3] = to_matrix(nodes.rotation) * nodes.scale[:, None, :]
    world[:, :3, 3] = nodes.translation
    for node, parent in enumerate(nodes.parents.tolist()):  # Parents precede their children.
        if parent >= 0:
            world[node] = world[parent] @ world[node]
    return world


def _ellipsoid_normals(points: F64, low: F64, high: F64) -> F64:
    """Return (n, 3) unit normals of an ellipsoid that fits a face.

    Args:
        points: (n, 3) model space, facing +z, metres.
        low, high: (3,) corners of the box around what expressions move.
    """
    half = np.maximum((high - low) / 2.0, 0.01)
    center = (low + high) / 2.0
    depth = 1.15 * half[0]
    center[2] = high[2] - depth
    radius = np.array((1.25 * half[0], 1.45 * half[1], depth))
    out = (points - center) / radius**2
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9))
