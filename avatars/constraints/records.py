"""Node constraints as plain data. Source: VRMC_node_constraint-1.0."""

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
    """A node whose rotation follows that of another.

    Attributes:
        node: what is turned; an index of the avatar's sorted nodes.
        source: what it follows.
        axis: unit, in the node's own space: about which it rolls, or which aims at the source.
        weight: 0 leaves it at rest, 1 follows wholly.
    """

    kind: ConstraintKind
    node: int
    source: int
    axis: Vector = (1.0, 0.0, 0.0)
    weight: float = 1.0
