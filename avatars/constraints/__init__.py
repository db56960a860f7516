"""Node constraints: twist bones, sleeves and other nodes that follow a source."""

from avatars.constraints.apply import NodeConstraints
from avatars.constraints.read import read_constraints
from avatars.constraints.records import Constraint

__all__ = ["Constraint", "NodeConstraints", "read_constraints"]
