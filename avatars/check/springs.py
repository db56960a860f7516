"""Check spring bones: chains, colliders and centers.

Sources: VRMC_springBone-1.0 README.md; VRMC_springBone_extended_collider-1.0.
"""

from __future__ import annotations

import math

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import Json, child, children, place, vector

EXTENDED = "VRMC_springBone_extended_collider"


def check_springs(document: Document) -> None:
    """Report what is wrong with the springs of a VRM 1.0 file."""
    springs = document.extension("VRMC_springBone")
    pointer = "/extensions/VRMC_springBone"
    for i, collider in enumerate(children(springs, "colliders")):
        _check_collider(document, under(pointer, "colliders", i), collider)
    owners: dict[int, int] = {}
    chains = children(springs, "springs")
    for i, spring in enumerate(chains):
        _check_chain(document, i, under(pointer, "springs", i), spring, owners)
    for i, spring in enumerate(chains):
        _check_center(document, i, under(pointer, "springs", i), spring, owners)


def _check_collider(document: Document, pointer: str, collider: Json) -> None:
    shape = child(collider, "shape")
    if shape or "shape" in collider:
        _check_one(document, under(pointer, "shape"), shape, ("sphere", "capsule"))
    extended = child(collider, "extensions", EXTENDED)
    if "shape" not in extended:
        return
    extension = under(pointer, "extensions", EXTENDED, "shape")
    _check_one(document, extension, child(extended, "shape"), ("sphere", "capsule", "plane"))
    normal = vector(child(extended, "shape", "plane"), "normal", 3)
    if normal is not None and abs(math.hypot(*normal) - 1.0) > 1e-3:
        document.report.error(
            under(extension, "plane", "normal"), "is not of length 1", "normalise it"
        )


def _check_one(document: Document, pointer: str, shape: Json, kinds: tuple[str, ...]) -> None:
    if sum(kind in shape for kind in kinds) != 1:
        document.report.error(pointer, f"is not exactly one of {', '.join(kinds)}", "keep one")


def _check_chain(
    document: Document, number: int, pointer: str, spring: Json, owners: dict[int, int]
) -> None:
    report = document.report
    joints = [place(joint, "node", len(document.nodes)) for joint in children(spring, "joints")]
    if len(joints) == 1:
        report.warning(under(pointer, "joints"), "is one joint, which cannot swing", "add its tail")
    taken: set[int] = set()
    for i, node in enumerate(joints):
        if node is None or report.is_full:
            continue
        where = under(pointer, "joints", i, "node")
        above = joints[i - 1] if i else None
        line = document.line(node)
        if above is not None and above not in line[1:]:
            report.error(where, f"does not hang from node {above}, the joint before", "order them")
            above = None
        # Nodes between two joints of a chain belong to it as well.
        own = line[: line.index(above)] if above is not None else [node]
        for one in own:
            if owners.get(one, number) != number or one in taken:
                report.error(
                    where, f"takes node {one}, which swings already", "use each node in one chain"
                )
            taken.add(one)
    for node in taken:
        owners.setdefault(node, number)


def _check_center(
    document: Document, number: int, pointer: str, spring: Json, owners: dict[int, int]
) -> None:
    center = place(spring, "center", len(document.nodes))
    joints = children(spring, "joints")
    first = place(joints[0], "node", len(document.nodes)) if joints else None
    if center is None or first is None:
        return
    where = under(pointer, "center")
    if center not in document.line(first):
        document.report.error(
            where, "is neither the first joint nor above it", "name a node above the chain"
        )
    if any(owners.get(node, number) != number for node in document.line(center)):
        document.report.error(where, "swings with another chain", "name a node that does not swing")
