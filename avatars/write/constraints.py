"""Write node constraints as VRMC_node_constraint-1.0 JSON."""

from __future__ import annotations

from typing import Final

from avatars.constraints.records import Constraint, ConstraintKind, Vector
from avatars.write.buffers import Json

EXTENSION: Final = "VRMC_node_constraint"


def add_constraints(nodes: list[Json], constraints: tuple[Constraint, ...]) -> None:
    """Add each constraint's extension to its node's JSON object."""
    for constraint in constraints:
        kind = constraint.kind
        own: Json = {"source": constraint.source, "weight": constraint.weight}
        if kind is ConstraintKind.ROLL:
            own["rollAxis"] = _axis(constraint.axis)[1]
        elif kind is ConstraintKind.AIM:
            own["aimAxis"] = "".join(_axis(constraint.axis))
        extension = {"specVersion": "1.0", "constraint": {kind.value: own}}
        nodes[constraint.node].setdefault("extensions", {})[EXTENSION] = extension


def _axis(axis: Vector) -> tuple[str, str]:
    """Return the sign and letter of the axis along which a vector points."""
    longest = max(range(3), key=lambda i: abs(axis[i]))
    return ("Positive" if axis[longest] > 0 else "Negative"), "XYZ"[longest]
