"""Check that human bones are present, unique, in the right hierarchy and in a T-pose.

Sources: VRMC_vrm-1.0 humanoid.md and tpose.md; VRM 0.x schema vrm.humanoid.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import child, children, list_named, place, text, vector
from avatars.names import BONE_PARENTS, REQUIRED_BONES
from avatars.vrm.humanoid import THUMBS_0X

_NEEDS_PARENT: Final = ("upperChest", "ThumbProximal", "ThumbDistal", "Intermediate", "Distal")
_REQUIRED_0: Final = REQUIRED_BONES | {"chest", "neck"}
Bones = dict[str, tuple[int, str]]
"""Each bone's node index, and the JSON pointer of the member that assigns it."""


def check_humanoid_1(document: Document) -> Bones:
    """Report what is wrong with the bones of a VRM 1.0 file and return its bones."""
    pointer = "/extensions/VRMC_vrm/humanoid/humanBones"
    humanoid = child(document.extension("VRMC_vrm"), "humanoid")
    bones = list_named(humanoid, "humanBones")
    found = [
        (name, own, under(pointer, name, "node"))
        for name, bone in bones.items()
        if name in BONE_PARENTS and (own := place(bone, "node", len(document.nodes))) is not None
    ]
    return _check(document, pointer, found, REQUIRED_BONES, bones)


def check_humanoid_0(document: Document) -> Bones:
    """Report what is wrong with the bones of a VRM 0.x file and return them by 1.0 names."""
    pointer = "/extensions/VRM/humanoid/humanBones"
    found: list[tuple[str, int, str]] = []
    all_named: list[str] = []
    for i, bone in enumerate(children(child(document.extension("VRM"), "humanoid"), "humanBones")):
        node = place(bone, "node", len(document.nodes))
        name = text(bone, "bone")
        name = THUMBS_0X.get(name, name)
        all_named.append(name)
        if node is not None and name in BONE_PARENTS:
            found.append((name, node, under(pointer, i, "node")))
    bones = _check(document, pointer, found, _REQUIRED_0, all_named)
    for name, (node, _) in bones.items():
        turn = vector(document.nodes[node], "rotation", 4)
        if turn is not None and float(np.linalg.norm(turn[:3])) > 1e-3:
            document.report.warning(
                f"/nodes/{node}/rotation",
                f"turns the bone {name} at rest, which VRM 0.x does not allow for",
                "normalise the skeleton or export it as VRM 1.0",
            )
    return bones


def _check(
    document: Document,
    pointer: str,
    found: list[tuple[str, int, str]],
    required: frozenset[str],
    all_named: Collection[str],
) -> Bones:
    report = document.report
    bones: Bones = {}
    owners: dict[int, str] = {}
    for name, node, where in found:
        if name in bones:
            report.error(where, f"names the bone {name} a second time", "name each bone once")
        elif node in owners:
            report.error(
                where, f"names node {node}, which is {owners[node]} already", "use a node a bone"
            )
        else:
            bones[name] = (node, where)
            owners[node] = name
    for name in BONE_PARENTS:
        if name in required and name not in bones:
            report.error(pointer, f"lacks the required bone {name}", "assign it in the editor")
    for name, (node, where) in bones.items():
        above = BONE_PARENTS[name]
        # A dangling parent has its own warning.
        if above not in bones and above not in all_named and name.endswith(_NEEDS_PARENT):
            report.error(
                where, f"is the bone {name} without its parent {above}", "assign both or neither"
            )
        _check_ancestor(document, bones, name, node, where)
        scale = vector(document.nodes[node], "scale", 3)
        if scale is not None and min(scale) <= 0.0:
            report.error(
                f"/nodes/{node}/scale", f"of the bone {name} is not positive", "apply the scale"
            )
    return bones


def _check_ancestor(document: Document, bones: Bones, name: str, node: int, where: str) -> None:
    above = BONE_PARENTS[name]
    while above is not None and above not in bones:
        above = BONE_PARENTS[above]
    if above is not None and not document.is_above(bones[above][0], node):
        document.report.error(
            where, f"is the bone {name}, which does not hang from {above}", "mend the hierarchy"
        )
