"""Retarget a normalised human pose to an avatar's skeleton and compute forward kinematics.

VRM's normalised pose rotates every bone about the model's axes, as if all rest rotations were
identity. With W the rest rotation of a bone's parent node in model space, L the bone's own rest
rotation and q the normalised rotation, the node's local rotation is W⁻¹ · q · W · L (three-vrm,
VRMHumanoidRig). With q as a matrix that is A · R(q) · B, where A = W⁻¹ and B = W · L · scale never
change.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.errors import AvatarError
from avatars.maths.quaternions import IDENTITY, inverse, multiply, to_matrix
from avatars.model import F32, Avatar, Nodes
from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX
from avatars.rest import local_matrices, rest_world
from avatars.skeleton_kernel import Bones, place_nodes, pose

F64 = npt.NDArray[np.float64]

_TORSO: Final = ("chest", "upperChest")
_LONGEST = 1e4
"""Metres; a rest pose with coordinates beyond this is treated as damaged."""


class Skeleton:
    """Poses the bones of one avatar; all buffers are allocated once.

    Attributes:
        world: (n, 4, 4) float32, model-space matrices of all nodes in the avatar's order, for
            column vectors. Written by `apply`; starts in the rest pose.
        rest: (n, 4, 4) float64, model-space matrices of the rest pose.

    Raises:
        AvatarError: the rest pose overflows, or the matrix of the hips' parent is singular.
    """

    def __init__(self, avatar: Avatar) -> None:
        nodes = avatar.nodes
        self.rest: Final = rest_world(nodes)
        if not bool(np.all(np.abs(self.rest) < _LONGEST)):
            raise AvatarError(
                avatar.path.name, "reaches beyond any stage in its rest pose", "check its scales"
            )
        rows = np.array([BONE_INDEX[name] for name in avatar.bones], np.int64)
        bone_nodes = np.array(list(avatar.bones.values()), np.int64)
        before, after = _frames(nodes, bone_nodes)
        hips = avatar.bones["hips"]
        self._bones = Bones(
            rows=rows,
            nodes=bone_nodes,
            before=before,
            after=after,
            folds=np.array(_folds(set(rows.tolist())), np.int64).reshape(-1, 3),
            parents=nodes.parents.astype(np.int64),
            local=np.ascontiguousarray(local_matrices(nodes)[:, :3]),
            hips=hips,
            hips_rest=nodes.translation[hips].astype(np.float64),
            into_hips=_inverse_of_parent(avatar, self.rest, hips),
            rotations=np.empty((len(HUMAN_BONES), 3, 3)),
        )
        # numba compiles the kernel once per argument type; fixed buffers keep it to one.
        self._quaternions = np.zeros((len(HUMAN_BONES), 4), np.float32)
        self._root = np.zeros(3, np.float32)
        self.world: F32 = self.rest.astype(np.float32)
        # Compile now, so that the first frame does not wait for it.
        self.apply(self._quaternions, self._root)
        self._bones.local[:] = local_matrices(nodes)[:, :3]
        place_nodes(self._bones, self.world)

    def apply(self, quaternions: F32, root: F32) -> None:
        """Pose the skeleton and write `world`.

        Args:
            quaternions: (55, 4) xyzw, local rotations of the normalised skeleton in the order of
                HUMAN_BONES.
            root: (3,) displacement of the hips from rest, metres in the avatar's own scale.
        """
        np.copyto(self._quaternions, quaternions, casting="same_kind")
        np.copyto(self._root, root, casting="same_kind")
        pose(self._bones, self._quaternions, self._root, self.world)


def _frames(nodes: Nodes, bone_nodes: npt.NDArray[np.int64]) -> tuple[F64, F64]:
    """Return A and B (b, 3, 3) of the module docstring's formula for each bone's node."""
    rest: F64 = nodes.rotation.astype(np.float64)
    world: F64 = rest.copy()
    for node, parent in enumerate(nodes.parents):
        if parent >= 0:
            world[node] = multiply(world[parent], rest[node])
    parents = nodes.parents[bone_nodes]
    above = np.where(parents[:, None] >= 0, world[parents], IDENTITY)
    before = to_matrix(inverse(above))
    after = to_matrix(multiply(above, rest[bone_nodes]))
    scaled = after * nodes.scale[bone_nodes][:, None, :]
    return before.astype(np.float64), scaled.astype(np.float64)


def _inverse_of_parent(avatar: Avatar, rest: F64, hips: int) -> F64:
    """Return the matrix (3, 3) from model-space displacements to the hips' parent's space."""
    parent = int(avatar.nodes.parents[hips])
    linear = rest[parent, :3, :3] if parent >= 0 else np.eye(3)
    if abs(float(np.linalg.det(linear))) < 1e-12:
        raise AvatarError(avatar.path.name, "hangs its hips from a scale of 0", "check its scales")
    inverted: F64 = np.linalg.inv(linear).astype(np.float64)
    return inverted


def _folds(present: set[int]) -> list[tuple[int, int, int]]:
    """Return how the rotations of missing bones are folded into others: (target, left, right).

    R[target] = R[left] · R[right], in this order. The rotation of a missing torso bone goes to the
    torso bone below it, so that the shoulders move with it. That of any other missing bone goes to
    its children (neck to head, shoulder to upper arm). Without either, as for a toe, it is dropped.
    """
    torso = {BONE_INDEX[name] for name in _TORSO}
    folds = [
        (PARENT_INDEX[bone], PARENT_INDEX[bone], bone)
        for bone in sorted(torso - present, reverse=True)
    ]
    # A bone is alive if it or any of its descendants exists.
    alive = set(present)
    for bone in reversed(range(len(HUMAN_BONES))):
        if bone in alive and PARENT_INDEX[bone] >= 0:
            alive.add(PARENT_INDEX[bone])
    for child, bone in enumerate(PARENT_INDEX):
        if bone >= 0 and bone not in present | torso and child in alive:
            folds.append((child, bone, child))
    return folds
