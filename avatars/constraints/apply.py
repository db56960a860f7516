"""Node constraints at work on a posed skeleton.

With s and s₀ the source's local rotation now and at rest, d₀ the constrained node's at rest, and
a its axis, the target d is (VRMC_node_constraint-1.0, "Example of Implementation"):

    rotation: d = d₀ · (s₀⁻¹ · s)
    roll:     d = d₀ · between(a, r·a)⁻¹ · r,  with r = d₀⁻¹ · (s · s₀⁻¹) · d₀
    aim:      d = p⁻¹ · between(p·d₀·a, from node to source) · p · d₀,  with p the parent's
              rotation in the world

and the node takes slerp(d₀, d, weight).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars import rotation
from avatars.constraints.records import Constraint, ConstraintKind
from avatars.model import F32, Nodes

F64 = npt.NDArray[np.float64]

_FLAT: Final = 1e-12


class NodeConstraints:
    """The constraints of one avatar, in the order in which they depend on one another.

    They are few, so each is computed by itself.

    Args:
        constraints: in that order, as `read_constraints` gives them.
        nodes: of the avatar, at rest.
    """

    def __init__(self, constraints: Sequence[Constraint], nodes: Nodes) -> None:
        self._parents = nodes.parents.tolist()
        self._rest = nodes.rotation.astype(np.float64)
        self._links = [(own, np.array(own.axis), _below(nodes, own.node)) for own in constraints]
        self._scale = nodes.scale.astype(np.float64)

    def apply(self, world: F32) -> None:
        """Turns the constrained nodes, and what hangs from them, in `world`.

        Args:
            world: (n, 4, 4) float32, for column vectors: the pose, springs not yet moved.
        """
        for own, axis, below in self._links:
            parent = self._parents[own.node]
            above = _turn(world[parent]) if parent >= 0 else rotation.IDENTITY
            target = self._target(own, axis, above, world)
            local = rotation.slerp(self._rest[own.node], target, own.weight).astype(np.float64)
            self._place(world, own.node, parent, local, below)

    def _target(self, own: Constraint, axis: F64, above: F64, world: F32) -> F64:
        """The local rotation (4,) that a weight of 1 gives."""
        rest: F64 = self._rest[own.node]
        if own.kind is ConstraintKind.AIM:
            way = (world[own.source, :3, 3] - world[own.node, :3, 3]).astype(np.float64)
            if np.linalg.norm(way) < _FLAT:
                return rest
            unturned = rotation.multiply(above, rest)
            swing = rotation.between(rotation.rotate(unturned, axis), rotation.normalized(way))
            aimed = rotation.multiply(rotation.inverse(above), rotation.multiply(swing, unturned))
            return aimed.astype(np.float64)
        source = self._local(own.source, world)
        source_rest = self._rest[own.source]
        if own.kind is ConstraintKind.ROTATION:
            change = rotation.multiply(rotation.inverse(source_rest), source)
            return rotation.multiply(rest, change).astype(np.float64)
        change = rotation.multiply(source, rotation.inverse(source_rest))
        seen = rotation.multiply(rotation.inverse(rest), rotation.multiply(change, rest))
        swing = rotation.between(axis, rotation.normalized(rotation.rotate(seen, axis)))
        roll = rotation.multiply(rotation.inverse(swing), seen)
        return rotation.multiply(rest, roll).astype(np.float64)

    def _local(self, node: int, world: F32) -> F64:
        """A node's rotation (4,) in its parent's space now."""
        parent = self._parents[node]
        own = _turn(world[node])
        if parent < 0:
            return own
        return rotation.multiply(rotation.inverse(_turn(world[parent])), own).astype(np.float64)

    def _place(
        self, world: F32, node: int, parent: int, local: F64, below: npt.NDArray[np.intp]
    ) -> None:
        """Gives a node its local rotation; all nodes below move rigidly with it."""
        old = world[node].astype(np.float64)
        linear = rotation.to_matrix(local) * self._scale[node]
        new = old.copy()
        new[:3, :3] = world[parent, :3, :3] @ linear if parent >= 0 else linear
        world[node] = new
        if len(below) and abs(np.linalg.det(old[:3, :3])) > _FLAT:
            world[below] = (new @ np.linalg.inv(old)) @ world[below]


def _turn(matrix: F32) -> F64:
    """The rotation (4,) of a world matrix whose scales may differ along its own axes."""
    linear = matrix[:3, :3].astype(np.float64)
    scale = np.linalg.norm(linear, axis=0)
    if np.linalg.det(linear) < 0.0:
        scale[0] = -scale[0]
    return rotation.from_matrix(linear / np.where(scale == 0.0, 1.0, scale)).astype(np.float64)


def _below(nodes: Nodes, node: int) -> npt.NDArray[np.intp]:
    """All descendants of a node."""
    is_below = np.zeros(len(nodes.parents), bool)
    for i, parent in enumerate(nodes.parents.tolist()):
        is_below[i] = parent == node or (parent >= 0 and bool(is_below[parent]))
    return np.flatnonzero(is_below)
