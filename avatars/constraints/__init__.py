"""Read and apply node constraints: twist bones, sleeves and other nodes that follow a source.

NodeConstraints is imported at its first use, because it imports numba, which reading a file does
not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from avatars.constraints.read import read_constraints
from avatars.constraints.records import Constraint

if TYPE_CHECKING:
    from avatars.constraints.apply import NodeConstraints

__all__ = ["Constraint", "NodeConstraints", "read_constraints"]


def __getattr__(name: str) -> Any:
    """Import NodeConstraints from its module."""
    if name != "NodeConstraints":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from avatars.constraints.apply import NodeConstraints

    return NodeConstraints
