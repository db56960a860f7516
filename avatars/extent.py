"""Compute an avatar's bounding box."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.model import Avatar

F64 = npt.NDArray[np.float64]


def bounding_box(avatar: Avatar, world: npt.NDArray[np.floating]) -> F64:
    """Return the minimum and maximum corner (2, 3) of what is drawn in a pose, metres.

    An avatar without meshes gets the bounding box of its nodes. Morph targets are ignored.

    Args:
        avatar: the avatar.
        world: (n, 4, 4) model-space matrices of its nodes, for column vectors.
    """
    nodes: F64 = world.astype(np.float64)
    corners: list[F64] = []
    for instance in avatar.instances:
        skin = None if instance.skin is None else avatar.skins[instance.skin]
        for part in avatar.meshes[instance.mesh].primitives:
            position = part.position.astype(np.float64)
            points: F64 = np.column_stack((position, np.ones(len(position))))
            if skin is None:
                places: F64 = points @ nodes[instance.node, :3].T
            else:
                rows: F64 = (nodes[skin.joints] @ skin.inverse_bind)[:, :3]
                places = np.zeros((len(points), 3))
                # Linear blend skinning.
                for joint, weight in zip(part.joints.T, part.weights.T, strict=True):
                    places += np.einsum("vij,vj->vi", rows[joint], points) * weight[:, None]
            corners += [places.min(axis=0), places.max(axis=0)]
    found = np.array(corners) if corners else nodes[:, :3, 3]
    return np.array([found.min(axis=0), found.max(axis=0)])
