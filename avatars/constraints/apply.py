"""Node constraints at work on a posed skeleton."""

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
    """The constraints of one avatar, in the order in which they depend on one another.

    Args:
        constraints: in that order, as `read_constraints` gives them.
        nodes: of the avatar, at rest.
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
        # The first frame must not wait for the compiler.
        self.apply(rest_world(nodes).astype(np.float32))

    def apply(self, world: F32) -> None:
        """Turn the constrained nodes, and what hangs from them, in `world`.

        Args:
            world: (n, 4, 4) float32, for column vectors: the pose, springs not yet moved.
        """
        if len(self._links.nodes):
            turn_all(self._links, world)
