"""Read which nodes are the human bones.

Sources: VRMC_vrm-1.0 humanoid.md; VRM 0.x schema vrm.humanoid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from avatars.errors import AvatarError
from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.names import BONE_INDEX, BONE_PARENTS, REQUIRED_BONES

# VRM 1.0 uses the anatomical names of the thumb's joints, which are shifted by one from 0.x's.
THUMBS_0X: Final = {
    f"{side}Thumb{old}": f"{side}Thumb{new}"
    for side in ("left", "right")
    for old, new in (("Proximal", "Metacarpal"), ("Intermediate", "Proximal"))
}


def read_bones_1(gltf: Gltf, humanoid: Fields) -> dict[str, int]:
    """Return node indices by human bone name, of a VRM 1.0 file.

    Raises:
        AvatarError: a required bone is missing or dangles, or two bones share a node.
    """
    return _read(gltf, humanoid.children_by_name("humanBones"))


def read_bones_0(gltf: Gltf, humanoid: Fields) -> dict[str, int]:
    """Return node indices by VRM 1.0 bone name, of a VRM 0.x file.

    Raises:
        AvatarError: a required bone is missing or dangles, or two bones share a node.
    """
    named = ((bone.text("bone"), bone) for bone in humanoid.children("humanBones"))
    return _read(gltf, ((THUMBS_0X.get(name, name), bone) for name, bone in named))


def _read(gltf: Gltf, named: Iterable[tuple[str, Fields]]) -> dict[str, int]:
    bones: dict[str, int] = {}
    count = len(gltf.tree.place)
    for name, fields in named:
        if name not in BONE_INDEX:
            gltf.warnings.add(f"{name[:40]!r} is no human bone and is not used")
            continue
        if name in REQUIRED_BONES:
            node: int | None = fields.index("node", count, "nodes")
        else:
            node = fields.reference("node", count, "nodes", f"the bone {name} is left out")
        if node is None:
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
    """Warn of each bone that is not a descendant of its nearest existing parent bone."""
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
            gltf.warnings.add(f"{name} does not hang from {above}, so it will not follow it")
