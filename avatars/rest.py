"""Compute the matrices of a node tree's rest pose."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.maths import quaternions
from avatars.model import Nodes

F64 = npt.NDArray[np.float64]


def rest_world(nodes: Nodes) -> F64:
    """Return model-space matrices (n, 4, 4) of the rest pose; not finite where scales overflow."""
    local = local_matrices(nodes)
    world = local.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        for node, parent in enumerate(nodes.parents):
            if parent >= 0:
                world[node] = world[parent] @ local[node]
    return world


def local_matrices(nodes: Nodes) -> F64:
    """Return local matrices (n, 4, 4) of the rest pose, T · R · S."""
    local = np.zeros((len(nodes.parents), 4, 4))
    local[:, :3, :3] = quaternions.to_matrix(nodes.rotation.astype(np.float64))
    local[:, :3, :3] *= nodes.scale[:, None, :]
    local[:, :3, 3] = nodes.translation
    local[:, 3, 3] = 1.0
    return local
