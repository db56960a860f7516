"""Spread points over an avatar's surface, each assigned to the bone that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from avatars.model import Avatar, MeshInstance, Primitive
from avatars.names import HUMAN_BONES
from avatars.rest import rest_world

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

POINTS: Final = 60_000
"""Points on the whole surface: enough that a part of 2 % of it has a thousand."""
_SEED: Final = 20261130
"""Of the points' places, so that one avatar always gives the same figures."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Points spread evenly over an avatar's surface in its rest pose.

    Attributes:
        position: (n, 3) metres, in model space.
        bone: (n,) index into HUMAN_BONES of the bone that carries the point, directly or by a
            joint below it.
        is_attached: (n,) whether a joint that is no human bone carries the point: hair, skirts.
        joints: (b, 3) rest position of each human bone, metres; NaN where the avatar has none.
        area: of the whole surface, square metres.
    """

    position: F64
    bone: I64
    is_attached: NDArray[np.bool_]
    joints: F64
    area: float


def sample_surface(avatar: Avatar) -> Surface:
    """Return points on an avatar's surface, spread by area, so that triangles do not matter.

    Points on parts that no human bone carries, such as a stage under the feet, are left out.
    """
    world = rest_world(avatar.nodes)
    carrier, is_own = _carriers(avatar)
    corners, bones, attached = [], [], []
    for instance in avatar.instances:
        for part in avatar.meshes[instance.mesh].primitives:
            position, joint = place_vertices(avatar, instance, part, world)
            triangles = part.triangles.astype(np.int64)
            corners.append(position[triangles])
            # The first corner's bone stands for the triangle; borders are a few triangles wide.
            node = joint[triangles[:, 0]]
            bones.append(carrier[node])
            attached.append(~is_own[node])
    joints = np.full((len(HUMAN_BONES), 3), np.nan)
    for name, place in avatar.bones.items():
        joints[HUMAN_BONES.index(name)] = world[place, :3, 3]
    if not corners:
        empty = np.zeros(0)
        return Surface(empty.reshape(0, 3), empty.astype(np.int64), empty.astype(bool), joints, 0.0)
    corner, bone = np.concatenate(corners), np.concatenate(bones)
    is_attached = np.concatenate(attached)
    cross = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    area = 0.5 * np.linalg.norm(cross, axis=1)
    area[~np.isfinite(area) | (bone < 0)] = 0.0
    total = float(area.sum())
    chosen = np.random.default_rng(_SEED)
    if total <= 0.0:
        row = np.zeros(0, np.int64)
    else:
        # Stratified: one point in each of equal shares of the area.
        share = (np.arange(POINTS) + chosen.random(POINTS)) / POINTS
        found = np.searchsorted(np.cumsum(area) / total, share)
        row = np.minimum(found, len(area) - 1).astype(np.int64)
    u, v = np.sqrt(chosen.random(len(row))), chosen.random(len(row))
    weights = np.stack((1.0 - u, u * (1.0 - v), u * v), axis=1)
    position = np.einsum("nk,nkc->nc", weights, corner[row])
    return Surface(position, bone[row], is_attached[row], joints, total)


def _carriers(avatar: Avatar) -> tuple[I64, NDArray[np.bool_]]:
    """Return for each node its nearest human bone, -1 for none, and whether it is that bone."""
    parents = avatar.nodes.parents
    carrier = np.full(len(parents), -1, np.int64)
    is_own = np.zeros(len(parents), bool)
    for name, node in avatar.bones.items():
        carrier[node] = HUMAN_BONES.index(name)
        is_own[node] = True
    for node, parent in enumerate(parents):
        if carrier[node] < 0 and parent >= 0:
            carrier[node] = carrier[parent]
    return carrier, is_own


def place_vertices(
    avatar: Avatar, instance: MeshInstance, part: Primitive, world: F64
) -> tuple[F64, I64]:
    """Return a primitive's vertices in model space, and the node with each one's most weight.

    Args:
        avatar: whose nodes and skins count.
        instance: of the mesh.
        part: of the mesh.
        world: (n, 4, 4) the nodes' rest transforms, from `rest_world`.
    """
    flat: F64 = np.ones((len(part.position), 4))
    flat[:, :3] = part.position
    if instance.skin is None:
        place = flat @ world[instance.node].T
        return place[:, :3], np.full(len(flat), instance.node, np.int64)
    skin = avatar.skins[instance.skin]
    matrices = world[skin.joints] @ skin.inverse_bind
    position = np.zeros((len(flat), 3))
    for k in range(part.joints.shape[1]):
        moved = (matrices[part.joints[:, k], :3] @ flat[:, :, None])[:, :, 0]
        position += part.weights[:, k, None] * moved
    strongest = np.argmax(part.weights, axis=1)[:, None]
    joint = np.take_along_axis(part.joints.astype(np.int64), strongest, axis=1)[:, 0]
    return position, skin.joints[joint].astype(np.int64)
