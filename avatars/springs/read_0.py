"""Read the spring bones of a VRM 0.x file and convert them to VRM 1.0's model.

Sources: VRM 0.x schema vrm.secondaryanimation; UniVRM's MigrationVrmSpringBone. As in the 0.x
runtime and in three-vrm, every node below a root bone swings, each with its first child as its
tail; a leaf has a tail of 7 cm in the direction from its parent to itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.gltf.nodes import children_of
from avatars.maths import quaternions, vectors
from avatars.springs.chains import MAX_JOINTS, ChainCollector
from avatars.springs.records import (
    Collider,
    ColliderGroup,
    Shape,
    SpringChain,
    SpringJoint,
    Springs,
    Vector,
)

_VIRTUAL_TAIL: Final = 0.07
_DEFAULT_DRAG: Final = 0.4


def read_springs_0(gltf: Gltf, fields: Fields) -> Springs:
    """Read VRM.secondaryAnimation for nodes that were rotated to face +Z.

    Dangling references are skipped with a warning.

    Raises:
        AvatarError: damaged fields, or more than MAX_JOINTS joints.
    """
    colliders: list[Collider] = []
    groups: list[ColliderGroup] = []
    for own in fields.children("colliderGroups"):
        first = len(colliders)
        colliders += _colliders(gltf, own)
        groups.append(ColliderGroup("", tuple(range(first, len(colliders)))))
    count = len(gltf.tree.place)
    children = [children_of(node, count) for node in gltf.root.children("nodes")]
    chains = ChainCollector(gltf)
    joints = 0
    for own in fields.children("boneGroups"):
        # Some exporters write -1 for a deleted bone.
        roots = own.references("bones", count, "nodes", "the bone is left out")
        model = _model(gltf, own, len(groups))
        for root in roots:
            for branch in _branches(children, root):
                joints += len(branch)
                if joints > MAX_JOINTS:
                    own.fail("bones", f"brings the file's spring joints above {MAX_JOINTS}")
                chains.add(_chain(gltf, model, branch))
    return Springs(tuple(colliders), tuple(groups), chains.finish())


def _colliders(gltf: Gltf, fields: Fields) -> list[Collider]:
    spheres = fields.children("colliders")
    # A group without colliders needs no node.
    if not spheres:
        return []
    node = fields.reference("node", len(gltf.tree.place), "nodes", "its colliders are left out")
    if node is None:
        return []
    return [
        Collider(
            gltf.tree.place[node],
            Shape.SPHERE,
            _read_vector(sphere, "offset", (0.0, 0.0, 0.0)),
            max(sphere.number("radius", 0.0), 0.0),
        )
        for sphere in spheres
    ]


def _read_vector(fields: Fields, key: str, default: Vector) -> Vector:
    """Read a vector in Unity's left-handed axes, mirror z, then rotate it to face +Z."""
    own = fields.child(key)
    x, y, z = (
        own.number(axis, value, -1e6, 1e6) for axis, value in zip("xyz", default, strict=True)
    )
    return -x, y, z


def _model(gltf: Gltf, fields: Fields, group_count: int) -> SpringChain:
    """Read a bone group as a chain of one joint, a template whose node is not yet set."""
    center = fields.optional_reference(
        "center", len(gltf.tree.place), "nodes", "it swings in the world", or_negative=True
    )
    joint = SpringJoint(
        node=-1,
        hit_radius=max(fields.number("hitRadius", 0.0), 0.0),
        # The misspelling is in the schema.
        stiffness=fields.number("stiffiness", 1.0),
        gravity_power=fields.number("gravityPower", 0.0),
        gravity_dir=_read_vector(fields, "gravityDir", (0.0, -1.0, 0.0)),
        drag=min(max(fields.number("dragForce", _DEFAULT_DRAG), 0.0), 1.0),
    )
    return SpringChain(
        name=fields.text("comment"),
        joints=(joint,),
        groups=tuple(
            fields.references(
                "colliderGroups", group_count, "collider groups", "the group is left out"
            )
        ),
        center=None if center is None else gltf.tree.place[center],
    )


def _branches(children: list[list[int]], root: int) -> list[list[int]]:
    """Split the tree below a node into lines along first children, parents' lines first."""
    branches: list[list[int]] = []
    starts = [root]
    while starts:
        line = [starts.pop(0)]
        while children[line[-1]]:
            first, *others = children[line[-1]]
            starts += others
            line.append(first)
        branches.append(line)
    return branches


def _chain(gltf: Gltf, model: SpringChain, branch: list[int]) -> SpringChain:
    places = [gltf.tree.place[node] for node in branch]
    (joint,) = model.joints
    return replace(
        model,
        joints=tuple(replace(joint, node=place) for place in places),
        end=_virtual_tail(gltf, places[-1]),
    )


def _virtual_tail(gltf: Gltf, place: int) -> Vector:
    """Return the tail of a leaf, 7 cm on from its parent, in the leaf's rotated local space."""
    nodes = gltf.tree.nodes
    x, y, z = vectors.normalise(
        quaternions.rotate(quaternions.inverse(nodes.rotation[place]), nodes.translation[place])
    ).tolist()
    return -x * _VIRTUAL_TAIL, y * _VIRTUAL_TAIL, -z * _VIRTUAL_TAIL
