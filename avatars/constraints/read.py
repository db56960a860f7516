"""Read the node constraints of a VRM 1.0 file. Source: VRMC_node_constraint-1.0."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Final

from avatars.constraints.records import Constraint, ConstraintKind, Vector
from avatars.gltf import Gltf
from avatars.gltf.fields import Fields

EXTENSION: Final = "VRMC_node_constraint"
MAX_CONSTRAINTS: Final = 1024
"""Maximum number of constraints: more than any avatar has, and still applied within a frame."""

_ROLL_AXES: Final[dict[str, Vector]] = {
    "X": (1.0, 0.0, 0.0),
    "Y": (0.0, 1.0, 0.0),
    "Z": (0.0, 0.0, 1.0),
}
_AIM_AXES: Final[dict[str, Vector]] = {
    sign_name + name: (sign * x, sign * y, sign * z)
    for name, (x, y, z) in _ROLL_AXES.items()
    for sign_name, sign in (("Positive", 1.0), ("Negative", -1.0))
}


def read_constraints(gltf: Gltf) -> tuple[Constraint, ...]:
    """Read the constraints of all nodes, each after those on which it depends.

    A constraint whose source is missing or that is part of a cycle is skipped with a warning.

    Raises:
        AvatarError: fields are damaged, or there are more than MAX_CONSTRAINTS.
    """
    found: dict[int, Constraint] = {}
    for i, fields in enumerate(gltf.root.children("nodes")):
        extension = fields.extension(EXTENSION)
        if extension is None:
            continue
        constraint = _read(gltf, gltf.tree.place[i], extension.child("constraint"))
        if constraint is None:
            continue
        if constraint.source == constraint.node:
            gltf.warnings.add("follows its own node and does nothing", extension.path)
        else:
            found[constraint.node] = constraint
            if len(found) > MAX_CONSTRAINTS:
                extension.fail("constraint", f"is one of more than {MAX_CONSTRAINTS}")
    return _sort_constraints(gltf, found)


def _read(gltf: Gltf, node: int, fields: Fields) -> Constraint | None:
    for kind in ConstraintKind:
        if not fields.has(kind.value):
            continue
        own = fields.child(kind.value)
        loss = "the constraint is left out"
        source = own.reference("source", len(gltf.tree.place), "nodes", loss)
        if source is None:
            return None
        weight = min(max(own.number("weight", 1.0), 0.0), 1.0)
        axis = (1.0, 0.0, 0.0)
        if kind is ConstraintKind.ROLL:
            axis = _ROLL_AXES[own.choice("rollAxis", tuple(_ROLL_AXES), "")]
        elif kind is ConstraintKind.AIM:
            axis = _AIM_AXES[own.choice("aimAxis", tuple(_AIM_AXES), "")]
        return Constraint(kind, node, gltf.tree.place[source], axis, weight)
    gltf.warnings.add("is of no known kind and does nothing", fields.path)
    return None


def _sort_constraints(gltf: Gltf, found: dict[int, Constraint]) -> tuple[Constraint, ...]:
    while True:
        needs = {node: _needs(gltf, found, own) for node, own in sorted(found.items())}
        try:
            return tuple(found[node] for node in TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle: set[int] = set(error.args[1])
            for node in circle:
                del found[node]
            gltf.warnings.add(
                f"{len(circle)} node constraints follow one another in a circle and do nothing"
            )


def _needs(gltf: Gltf, found: dict[int, Constraint], own: Constraint) -> set[int]:
    """Return the constrained nodes that must be rotated before this one.

    Roll and rotation depend on the source's local rotation only; aim depends on the positions of
    the source and the node itself.
    """
    if own.kind is not ConstraintKind.AIM:
        return {own.source} & found.keys()
    needs: set[int] = set()
    for start in (own.source, own.node):
        node = start
        while node >= 0:
            needs.add(node)
            node = int(gltf.tree.nodes.parents[node])
    return (needs & found.keys()) - {own.node}
