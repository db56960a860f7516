"""Node constraints: one kind each, a source elsewhere, no circles.

Source: VRMC_node_constraint-1.0 README.md.
"""

from __future__ import annotations

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import child, place

EXTENSION = "VRMC_node_constraint"
_KINDS = ("roll", "aim", "rotation")


def check_constraints(document: Document) -> None:
    """Reports what is wrong with the constraints of a file."""
    report = document.report
    sources: dict[int, int] = {}
    for i, node in enumerate(document.nodes):
        holder = child(node, "extensions", EXTENSION)
        pointer = under("/nodes", i, "extensions", EXTENSION, "constraint")
        constraint = child(holder, "constraint")
        if not holder:
            continue
        kinds = [kind for kind in _KINDS if kind in constraint]
        if len(kinds) != 1:
            report.error(pointer, f"is not exactly one of {', '.join(_KINDS)}", "keep one")
            continue
        source = place(child(constraint, kinds[0]), "source", len(document.nodes))
        if source is None:
            continue
        where = under(pointer, kinds[0], "source")
        if i in document.line(source):
            report.error(where, "is the node itself or hangs from it", "name another node")
        else:
            sources[i] = source
    for start in sources:
        at, steps = start, 0
        while at in sources and steps <= len(sources):
            at, steps = sources[at], steps + 1
        if steps > len(sources):
            report.error(
                under("/nodes", start, "extensions", EXTENSION),
                "depends on itself by way of other constraints",
                "break the circle",
            )
