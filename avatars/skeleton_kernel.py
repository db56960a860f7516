"""Pose a skeleton in compiled code; see avatars.skeleton for the formulas."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.model import F32

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

_SHORTEST: Final = 1e-12
"""Squared length of a quaternion below which it counts as the identity."""


class Bones(NamedTuple):
    """A skeleton as flat arrays: b bones that the avatar has, f folds, n nodes.

    Attributes:
        rows: (b,) each bone's row in the (55, …) arrays.
        nodes: (b,) each bone's node.
        before, after: (b, 3, 3) A and B of avatars.skeleton.
        folds: (f, 3) rows of target, left and right of each product of rotations; the target is
            one of the other two.
        parents: (n,) -1 at a root; parents precede their children.
        local: (n, 3, 4) local matrices; `pose` overwrites those of bones.
        hips: the hips' node.
        hips_rest: (3,) its translation at rest, metres.
        into_hips: (3, 3) matrix from model-space displacements to the hips' parent's space.
        rotations: (55, 3, 3) scratch buffer.
    """

    rows: I64
    nodes: I64
    before: F64
    after: F64
    folds: I64
    parents: I64
    local: F64
    hips: int
    hips_rest: F64
    into_hips: F64
    rotations: F64


@compiled
def pose(bones: Bones, quaternions: F32, root: F32, world: F32) -> None:
    """Write the world matrices of all nodes.

    Args:
        bones: the avatar's bones.
        quaternions: (55, 4) xyzw, local rotations of the normalised skeleton, of any length.
        root: (3,) displacement of the hips from rest, metres.
        world: (n, 4, 4) float32, for column vectors; its last rows are not written.
    """
    rotations = bones.rotations
    for row in range(len(quaternions)):
        _to_matrix(rotations, row, quaternions)
    for fold in range(len(bones.folds)):
        _fold(rotations, bones.folds[fold, 0], bones.folds[fold, 1], bones.folds[fold, 2])
    for bone in range(len(bones.rows)):
        _lay(bones.local, bones.nodes[bone], bones, bone, rotations, bones.rows[bone])
    for r in range(3):
        moved = 0.0
        for c in range(3):
            moved += bones.into_hips[r, c] * float(root[c])
        bones.local[bones.hips, r, 3] = bones.hips_rest[r] + moved
    place_nodes(bones, world)


@compiled
def turn_eyes(eyes: F32, turns: F32) -> None:
    """Multiply rotations (2, 4), xyzw, by others from the right, in place."""
    for eye in range(len(eyes)):
        x, y, z, w = eyes[eye]
        a, b, c, d = turns[eye]
        eyes[eye, 0] = w * a + x * d + y * c - z * b
        eyes[eye, 1] = w * b - x * c + y * d + z * a
        eyes[eye, 2] = w * c + x * b - y * a + z * d
        eyes[eye, 3] = w * d - x * a - y * b - z * c


@compiled
def place_nodes(bones: Bones, world: F32) -> None:
    """Write the world matrices (n, 4, 4) from the local ones, except their last rows."""
    local, parents = bones.local, bones.parents
    for node in range(len(parents)):
        parent = parents[node]
        for r in range(3):
            if parent < 0:
                for c in range(4):
                    world[node, r, c] = local[node, r, c]
            else:
                x = float(world[parent, r, 0])
                y = float(world[parent, r, 1])
                z = float(world[parent, r, 2])
                for c in range(4):
                    value = x * local[node, 0, c] + y * local[node, 1, c] + z * local[node, 2, c]
                    if c == 3:
                        value += float(world[parent, r, 3])
                    world[node, r, c] = value


@compiled
def _to_matrix(out: F64, row: int, quaternions: F32) -> None:
    """Write the rotation matrix of one quaternion (Diebel 2006, eq. 125, homogeneous form)."""
    x, y = float(quaternions[row, 0]), float(quaternions[row, 1])
    z, w = float(quaternions[row, 2]), float(quaternions[row, 3])
    square = x * x + y * y + z * z + w * w
    s = 2.0 / max(square, _SHORTEST)
    # A quaternion of zero length counts as the identity.
    out[row, 0, 0], out[row, 1, 1] = 1.0 - s * (y * y + z * z), 1.0 - s * (x * x + z * z)
    out[row, 2, 2] = 1.0 - s * (x * x + y * y)
    out[row, 0, 1], out[row, 1, 0] = s * (x * y - z * w), s * (x * y + z * w)
    out[row, 0, 2], out[row, 2, 0] = s * (x * z + y * w), s * (x * z - y * w)
    out[row, 1, 2], out[row, 2, 1] = s * (y * z - x * w), s * (y * z + x * w)


@compiled
def _fold(m: F64, target: int, left: int, right: int) -> None:
    """Write m[target] = m[left] · m[right], where the target is one of the two."""
    for k in range(3):
        if target == left:
            x, y, z = m[left, k, 0], m[left, k, 1], m[left, k, 2]
            for c in range(3):
                m[target, k, c] = x * m[right, 0, c] + y * m[right, 1, c] + z * m[right, 2, c]
        else:
            x, y, z = m[right, 0, k], m[right, 1, k], m[right, 2, k]
            for r in range(3):
                m[target, r, k] = m[left, r, 0] * x + m[left, r, 1] * y + m[left, r, 2] * z


@compiled
def _lay(local: F64, node: int, bones: Bones, bone: int, rotations: F64, row: int) -> None:
    """Write A · R · B of one bone as the linear part of its node's local matrix."""
    before, b = bones.before, bones.after
    for r in range(3):
        x = y = z = 0.0
        for k in range(3):
            x += before[bone, r, k] * rotations[row, k, 0]
            y += before[bone, r, k] * rotations[row, k, 1]
            z += before[bone, r, k] * rotations[row, k, 2]
        for c in range(3):
            local[node, r, c] = x * b[bone, 0, c] + y * b[bone, 1, c] + z * b[bone, 2, c]
