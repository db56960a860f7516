"""Define the data records of node constraints. Source: VRMC_node_constraint-1.0."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

Vector = tuple[float, float, float]


class ConstraintKind(Enum):
    """How a node follows its source."""

    ROLL = "roll"
    AIM = "aim"
    ROTATION = "rotation"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A node whose rotation follows another node.

    Attributes:
        node: the constrained node, an index into the avatar's sorted nodes.
        source: the node that it follows.
        axis: unit vector in the node's space: the axis of the roll, or the one aimed at the source.
        weight: 0 stays at rest, 1 follows the source fully.
    """

    kind: ConstraintKind
    node: int
    source: int
    axis: Vector = (1.0, 0.0, 0.0)
    weight: float = 1.0
