"""Which nodes are the human bones.

Sources: VRMC_vrm-1.0 humanoid.md; VRM 0.x schema vrm.humanoid.
"""

from __future__ import annotations

from typing import Final

from avatars.errors import AvatarError
from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.names import BONE_INDEX, BONE_PARENTS, REQUIRED_BONES

# VRM 1.0 named the thumb's joints as anatomists do, one further down than 0.x had them.
THUMBS_0X: Final = {
    f"{side}Thumb{old}": f"{side}Thumb{new}"
    for side in ("left", "right")
    for old, new in (("Proximal", "Metacarpal"), ("Intermediate", "Proximal"))
}


def read_bones_1(gltf: Gltf, humanoid: Fields) -> dict[str, int]:
    """Human bone name to node, of a VRM 1.0 file.

    Raises:
        AvatarError: a required bone is missing, or one node is two bones.
    """
    count = len(gltf.tree.place)
    named = [
        (name, bone, bone.index("node", count, "nodes"))
        for name, bone in humanoid.children_by_name("humanBones")
    ]
    return _checked(gltf, named)


def read_bones_0(gltf: Gltf, humanoid: Fields) -> dict[str, int]:
    """Human bone name, as VRM 1.0 has it, to node, of a VRM 0.x file.

    Raises:
        AvatarError: a required bone is missing, or one node is two bones.
    """
    named = []
    for bone in humanoid.children("humanBones"):
        node = bone.optional_index("node", len(gltf.tree.place), "nodes")
        if node is not None:
            name = bone.text("bone")
            named.append((THUMBS_0X.get(name, name), bone, node))
    return _checked(gltf, named)


def _checked(gltf: Gltf, named: list[tuple[str, Fields, int]]) -> dict[str, int]:
    bones: dict[str, int] = {}
    for name, fields, node in named:
        if name not in BONE_INDEX:
            gltf.warnings.append(f"{name[:40]!r} is no human bone and is not used")
            continue
        place = gltf.tree.place[node]
        if name in bones or place in bones.values():
            fields.fail("node", f"names {name} twice, or one node for two bones")
        bones[name] = place
    missing = sorted(REQUIRED_BONES - bones.keys(), key=BONE_INDEX.__getitem__)
    if missing:
        raise AvatarError(
            gltf.path.name,
            f"lacks the human bones {', '.join(missing)}",
            "assign them in the avatar's editor and export it again",
        )
    _warn_of_odd_parents(gltf, bones)
    return bones


def _warn_of_odd_parents(gltf: Gltf, bones: dict[str, int]) -> None:
    """A bone should hang, at whatever distance, from the nearest bone above it that exists."""
    parents = gltf.tree.nodes.parents
    for name, node in bones.items():
        above = BONE_PARENTS[name]
        while above is not None and above not in bones:
            above = BONE_PARENTS[above]
        if above is None:
            continue
        ancestor = int(parents[node])
        while ancestor >= 0 and ancestor != bones[above]:
            ancestor = int(parents[ancestor])
        if ancestor < 0:
            gltf.warnings.append(f"{name} does not hang from {above}, so it will not follow it")
