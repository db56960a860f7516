"""Apply node constraints to a posed skeleton."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from avatars.constraints.kernel import AIM, ROLL, ROTATION, Links, turn_all
from avatars.constraints.records import Constraint, ConstraintKind
from avatars.model import F32, Nodes
from avatars.rest import rest_world

_KINDS: Final = {
    ConstraintKind.ROLL: ROLL,
    ConstraintKind.AIM: AIM,
    ConstraintKind.ROTATION: ROTATION,
}


class NodeConstraints:
    """Applies the constraints of one avatar in dependency order.

    Args:
        constraints: in dependency order, as `read_constraints` returns them.
        nodes: the avatar's nodes, in the rest pose.
    """

    def __init__(self, constraints: Sequence[Constraint], nodes: Nodes) -> None:
        self._links = Links(
            kinds=np.array([_KINDS[own.kind] for own in constraints], np.int64),
            nodes=np.array([own.node for own in constraints], np.int64),
            sources=np.array([own.source for own in constraints], np.int64),
            axes=np.array([own.axis for own in constraints], np.float64).reshape(-1, 3),
            weights=np.array([own.weight for own in constraints], np.float64),
            parents=nodes.parents.astype(np.int64),
            rest=nodes.rotation.astype(np.float64),
            scales=nodes.scale.astype(np.float64),
            below=np.zeros(len(nodes.parents), np.bool_),
        )
        # Compile now, so that the first frame does not wait for it.
        self.apply(rest_world(nodes).astype(np.float32))

    def apply(self, world: F32) -> None:
        """Rotate the constrained nodes and their descendants in `world`.

        Args:
            world: (n, 4, 4) float32, for column vectors: the pose before springs, modified in
                place.
        """
        if len(self._links.nodes):
            turn_all(self._links, world)
