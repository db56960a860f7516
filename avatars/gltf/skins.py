"""Read skins and the nodes that draw meshes.

Source: glTF 2.0 specification, 3.7.3 (skins), 3.5.2 (nodes).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.gltf.accessors import Accessors
from avatars.gltf.fields import Fields
from avatars.gltf.nodes import NodeTree
from avatars.model import Mesh, MeshInstance, Skin

MAX_JOINTS: Final = 4096


def read_skin(fields: Fields, accessors: Accessors, tree: NodeTree) -> Skin:
    """Read one skin.

    Raises:
        AvatarError: there are no joints, joints that are not nodes, or too few bind matrices.
    """
    joints = fields.indices("joints", len(tree.place), "nodes")
    if not 0 < len(joints) <= MAX_JOINTS:
        fields.fail("joints", f"has {len(joints)} joints, not 1 to {MAX_JOINTS}")
    if fields.has("inverseBindMatrices"):
        accessor = fields.index("inverseBindMatrices", len(accessors), "accessors")
        flat = accessors.floats(accessor, ("MAT4",))
        if len(flat) < len(joints):
            fields.fail("inverseBindMatrices", f"has {len(flat)} for {len(joints)} joints")
        # glTF stores matrices column by column; arrays here are row-major, for column vectors.
        matrices = flat[: len(joints)].reshape(-1, 4, 4).transpose(0, 2, 1)
    else:
        matrices = np.broadcast_to(np.eye(4, dtype=np.float32), (len(joints), 4, 4))
    inverse_bind: npt.NDArray[np.float32] = np.ascontiguousarray(matrices)
    return Skin(np.array([tree.place[joint] for joint in joints], np.int32), inverse_bind)


def read_instances(
    root: Fields, tree: NodeTree, meshes: tuple[Mesh, ...], skins: tuple[Skin, ...]
) -> tuple[MeshInstance, ...]:
    """Read which nodes of the default scene draw which mesh with which skin.

    Raises:
        AvatarError: vertices of a mesh are bound to joints that the skin lacks, or to a missing
            skin.
    """
    reach = [
        max((int(part.joints.max()) for part in mesh.primitives), default=0) for mesh in meshes
    ]
    skinned = [all(bool(part.weights.any()) for part in mesh.primitives) for mesh in meshes]
    instances = []
    for old, fields in enumerate(root.children("nodes")):
        mesh = fields.optional_reference("mesh", len(meshes), "meshes", "the node draws nothing")
        if mesh is None or not tree.drawn[old]:
            continue
        skin = _read_skin_number(fields, len(skins), is_bound=skinned[mesh])
        if skin is not None and reach[mesh] >= len(skins[skin].joints):
            fields.fail("skin", f"has no joint {reach[mesh]}, to which its mesh is bound")
        instances.append(MeshInstance(tree.place[old], mesh, skin))
    return tuple(instances)


def _read_skin_number(node: Fields, count: int, is_bound: bool) -> int | None:
    """Return the index of the skin of a node's mesh.

    A dangling reference is an error if the mesh is bound to joints, because it could not follow the
    body without its skin.
    """
    if is_bound and node.has("skin"):
        return node.index("skin", count, "skins")
    node.optional_reference("skin", count, "skins", "the mesh, which is bound to no joint, stays")
    return None
