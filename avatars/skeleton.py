"""A normalised human pose laid on an avatar's own skeleton, and its forward kinematics.

VRM's normalised pose turns every bone about the model's axes, as if all rest rotations were
identity. With W the rest rotation of a bone's parent node in model space, L the bone's own rest
rotation and q the normalised rotation, the node's local rotation is W⁻¹ · q · W · L (three-vrm,
VRMHumanoidRig). With q as a matrix that is A · R(q) · B, where A = W⁻¹ and B = W · L · scale never
change.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.errors import AvatarError
from avatars.maths import quaternions
from avatars.model import F32, Avatar, Nodes
from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX

F64 = npt.NDArray[np.float64]

_TORSO: Final = ("chest", "upperChest")
_LONGEST = 1e4
"""Metres; an avatar's rest pose that reaches further is damaged."""


def _rotation_terms() -> F32:
    """(16, 9): what each product q_i · q_j, in xyzw order, adds to each entry of R(q).

    Diebel 2006, eq. 125, in its homogeneous form.
    """
    x, y, z, w = range(4)
    signed: tuple[tuple[tuple[int, int, float], ...], ...] = (
        ((x, x, 1), (y, y, -1), (z, z, -1), (w, w, 1)),
        ((x, y, 2), (z, w, -2)),
        ((x, z, 2), (y, w, 2)),
        ((x, y, 2), (z, w, 2)),
        ((x, x, -1), (y, y, 1), (z, z, -1), (w, w, 1)),
        ((y, z, 2), (x, w, -2)),
        ((x, z, 2), (y, w, -2)),
        ((y, z, 2), (x, w, 2)),
        ((x, x, -1), (y, y, -1), (z, z, 1), (w, w, 1)),
    )
    terms = np.zeros((16, 9), np.float32)
    for entry, products in enumerate(signed):
        for i, j, factor in products:
            terms[4 * i + j, entry] = factor
    return terms


_ROTATION_TERMS: Final = _rotation_terms()


def rest_world(nodes: Nodes) -> F64:
    """Model-space matrices (n, 4, 4) of the rest pose; not finite where scales overflow."""
    local = local_matrices(nodes)
    world = local.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        for node, parent in enumerate(nodes.parents):
            if parent >= 0:
                world[node] = world[parent] @ local[node]
    return world


def local_matrices(nodes: Nodes) -> F64:
    """Local matrices (n, 4, 4) of the rest pose, T · R · S."""
    local = np.zeros((len(nodes.parents), 4, 4))
    local[:, :3, :3] = quaternions.to_matrix(nodes.rotation.astype(np.float64))
    local[:, :3, :3] *= nodes.scale[:, None, :]
    local[:, :3, 3] = nodes.translation
    local[:, 3, 3] = 1.0
    return local


class Skeleton:
    """The bones of one avatar at work; all buffers are made once.

    Attributes:
        world: (n, 4, 4) float32, model-space matrices of all nodes in the avatar's order, for
            column vectors. Written by `apply`, starting in the rest pose.
        rest: (n, 4, 4) float64, the rest pose's.

    Raises:
        AvatarError: the rest pose overflows, or the hips hang from something without extent.
    """

    def __init__(self, avatar: Avatar) -> None:
        nodes = avatar.nodes
        self.rest: Final = rest_world(nodes)
        if not bool(np.all(np.abs(self.rest) < _LONGEST)):
            raise AvatarError(
                avatar.path.name, "reaches beyond any stage in its rest pose", "check its scales"
            )
        self._bones = np.array([BONE_INDEX[name] for name in avatar.bones], np.intp)
        self._folds = _folds(set(self._bones.tolist()))
        self._order, self._levels = _levels(nodes)
        place = np.empty(len(self._order), np.intp)
        place[self._order] = np.arange(len(self._order))
        self._place = place
        bone_nodes = np.array(list(avatar.bones.values()), np.intp)
        self._rows = place[bone_nodes]
        self._before, self._after = _frames(nodes, bone_nodes)
        hips = avatar.bones["hips"]
        self._hips_row = int(place[hips])
        self._hips_rest = nodes.translation[hips].astype(np.float32)
        self._into_hips = _inverse_of_parent(avatar, self.rest, hips)

        self._local = local_matrices(nodes)[self._order].astype(np.float32)
        self._sorted = self._local.copy()
        self.world: F32 = np.empty_like(self._local)
        self._rotations = np.empty((len(HUMAN_BONES), 3, 3), np.float32)
        self._products = np.empty((len(HUMAN_BONES), 4, 4), np.float32)
        self._length = np.empty((len(HUMAN_BONES), 1), np.float32)
        self._turned = np.empty((len(bone_nodes), 3, 3), np.float32)
        self._placed = np.empty((len(bone_nodes), 3, 3), np.float32)
        self._shift = np.empty(3, np.float32)
        self._parents = [
            np.empty((end - start, 4, 4), np.float32) for start, end, _ in self._levels
        ]
        self._forward()

    def apply(self, quaternions: F32, root: F32) -> None:
        """Poses the skeleton and writes `world`.

        Args:
            quaternions: (55, 4) xyzw, normalised local rotations in the order of HUMAN_BONES.
            root: (3,) metres in the avatar's own scale, the hips' displacement from rest.
        """
        self._to_matrices(quaternions)
        rotations = self._rotations
        for target, left, right in self._folds:
            rotations[target] = rotations[left] @ rotations[right]
        np.take(rotations, self._bones, axis=0, out=self._turned, mode="clip")
        np.matmul(self._before, self._turned, out=self._placed)
        np.matmul(self._placed, self._after, out=self._turned)
        self._local[self._rows, :3, :3] = self._turned
        np.matmul(self._into_hips, root, out=self._shift)
        np.add(self._hips_rest, self._shift, out=self._local[self._hips_row, :3, 3])
        self._forward()

    def _to_matrices(self, quaternions: F32) -> None:
        """Rotation matrices, whatever the quaternions' lengths."""
        np.multiply(quaternions[:, :, None], quaternions[:, None, :], out=self._products)
        flat = self._products.reshape(len(HUMAN_BONES), 16)
        # Every fifth product is a square: x², y², z², w².
        np.sum(flat[:, ::5], axis=1, keepdims=True, out=self._length)
        np.maximum(self._length, 1e-12, out=self._length)
        np.divide(flat, self._length, out=flat)
        np.matmul(flat, _ROTATION_TERMS, out=self._rotations.reshape(len(HUMAN_BONES), 9))

    def _forward(self) -> None:
        """World matrices by levels of depth, each level one product."""
        roots = self._levels[0][1]
        self._sorted[:roots] = self._local[:roots]
        for (start, end, parents), gathered in zip(
            self._levels[1:], self._parents[1:], strict=True
        ):
            np.take(self._sorted, parents, axis=0, out=gathered, mode="clip")
            np.matmul(gathered, self._local[start:end], out=self._sorted[start:end])
        np.take(self._sorted, self._place, axis=0, out=self.world, mode="clip")


def _levels(
    nodes: Nodes,
) -> tuple[npt.NDArray[np.intp], list[tuple[int, int, npt.NDArray[np.intp]]]]:
    """Nodes in order of depth, and each depth's (start, end, places of its parents)."""
    depth = np.zeros(len(nodes.parents), np.intp)
    for node, parent in enumerate(nodes.parents):
        if parent >= 0:
            depth[node] = depth[parent] + 1
    order = np.argsort(depth, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    bounds = np.searchsorted(depth[order], np.arange(depth.max() + 2))
    return order, [
        (int(start), int(end), place[nodes.parents[order[start:end]]] if start else order[:0])
        for start, end in itertools.pairwise(bounds)
    ]


def _frames(nodes: Nodes, bone_nodes: npt.NDArray[np.intp]) -> tuple[F32, F32]:
    """A and B (b, 3, 3) of the module's formula, for each bone's node."""
    rest = nodes.rotation.astype(np.float64)
    world = rest.copy()
    for node, parent in enumerate(nodes.parents):
        if parent >= 0:
            world[node] = quaternions.multiply(world[parent], rest[node])
    parents = nodes.parents[bone_nodes]
    above = np.where(parents[:, None] >= 0, world[parents], quaternions.IDENTITY)
    before = quaternions.to_matrix(quaternions.inverse(above))
    after = quaternions.to_matrix(quaternions.multiply(above, rest[bone_nodes]))
    scaled = after * nodes.scale[bone_nodes][:, None, :]
    return before.astype(np.float32), scaled.astype(np.float32)


def _inverse_of_parent(avatar: Avatar, rest: F64, hips: int) -> F32:
    """(3, 3): a displacement in model space, as the hips' parent sees it."""
    parent = int(avatar.nodes.parents[hips])
    linear = rest[parent, :3, :3] if parent >= 0 else np.eye(3)
    if abs(float(np.linalg.det(linear))) < 1e-12:
        raise AvatarError(avatar.path.name, "hangs its hips from a scale of 0", "check its scales")
    return np.linalg.inv(linear).astype(np.float32)


def _folds(present: set[int]) -> list[tuple[int, int, int]]:
    """What becomes of the rotations of bones that the avatar lacks: (target, left, right).

    R[target] = R[left] · R[right], in order. A missing piece of the torso turns the piece below,
    so that the shoulders' places turn with it. Any other missing bone turns its children (no neck:
    the head; no shoulder: the upper arm). What has neither, as a toe, is lost.
    """
    torso = {BONE_INDEX[name] for name in _TORSO}
    folds = [
        (PARENT_INDEX[bone], PARENT_INDEX[bone], bone)
        for bone in sorted(torso - present, reverse=True)
    ]
    # A bone is alive when it, or a bone somewhere below it, exists.
    alive = set(present)
    for bone in reversed(range(len(HUMAN_BONES))):
        if bone in alive and PARENT_INDEX[bone] >= 0:
            alive.add(PARENT_INDEX[bone])
    for child, bone in enumerate(PARENT_INDEX):
        if bone >= 0 and bone not in present | torso and child in alive:
            folds.append((child, bone, child))
    return folds
