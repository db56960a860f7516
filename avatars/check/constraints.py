"""Check node constraints: exactly one kind each, another node as source, no cycles.

Source: VRMC_node_constraint-1.0 README.md.
"""

from __future__ import annotations

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import child, place

EXTENSION = "VRMC_node_constraint"
_KINDS = ("roll", "aim", "rotation")


def check_constraints(document: Document) -> None:
    """Report what is wrong with the constraints of a file."""
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
        if document.is_above(i, source):
            report.error(where, "is the node itself or hangs from it", "name another node")
        else:
            sources[i] = source
    for start in _in_circles(sources):
        report.error(
            under("/nodes", start, "extensions", EXTENSION),
            "depends on itself by way of other constraints",
            "break the circle",
        )


def _in_circles(sources: dict[int, int]) -> list[int]:
    """Return the nodes whose constraints form cycles."""
    done: set[int] = set()
    found: list[int] = []
    for start in sources:
        line: dict[int, None] = {}
        at = start
        while at in sources and at not in done and at not in line:
            line[at] = None
            at = sources[at]
        if at in line:
            whole = list(line)
            found += whole[whole.index(at) :]
        done.update(line)
    return found
