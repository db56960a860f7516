"""Read the spring bones of a VRM 1.0 file.

Sources: VRMC_springBone-1.0, VRMC_springBone_extended_collider-1.0, VRMC_springBone_limit-1.0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.springs.chains import MAX_JOINTS, ChainCollector
from avatars.springs.records import (
    Collider,
    ColliderGroup,
    Limit,
    LimitKind,
    Shape,
    SpringChain,
    SpringJoint,
    Springs,
    Vector,
)

EXTENDED: Final = "VRMC_springBone_extended_collider"
LIMIT: Final = "VRMC_springBone_limit"

_ORIGIN: Final = (0.0, 0.0, 0.0)
_IDENTITY: Final = (0.0, 0.0, 0.0, 1.0)


def read_springs_1(gltf: Gltf, fields: Fields) -> Springs:
    """Read VRMC_springBone.

    Dangling references are skipped with a warning.

    Raises:
        AvatarError: damaged fields, or more than MAX_JOINTS joints.
    """
    found = [_collider(gltf, own) for own in fields.children("colliders")]
    colliders = tuple(collider for collider in found if collider is not None)
    # New index of each of the file's colliders; skipped ones have none.
    places = dict(
        zip(
            (i for i, collider in enumerate(found) if collider is not None),
            range(len(colliders)),
            strict=True,
        )
    )
    groups = tuple(_group(own, len(found), places) for own in fields.children("colliderGroups"))
    chains = ChainCollector(gltf)
    count = 0
    for spring in fields.children("springs"):
        joints = spring.children("joints")
        count += len(joints)
        if count > MAX_JOINTS:
            spring.fail("joints", f"brings the file's spring joints above {MAX_JOINTS}")
        chains.add(_chain(gltf, spring, joints, len(groups)))
    return Springs(colliders, groups, chains.finish())


def _group(fields: Fields, count: int, places: Mapping[int, int]) -> ColliderGroup:
    numbers = fields.references("colliders", count, "colliders", "the collider is left out")
    return ColliderGroup(fields.text("name"), tuple(places[i] for i in numbers if i in places))


def _node(gltf: Gltf, fields: Fields, loss: str) -> int | None:
    node = fields.reference("node", len(gltf.tree.place), "nodes", loss)
    return None if node is None else gltf.tree.place[node]


def _collider(gltf: Gltf, fields: Fields) -> Collider | None:
    node = _node(gltf, fields, "the collider is left out")
    if node is None:
        return None
    extended = fields.extension(EXTENDED)
    # The version is not checked, because exporters differ in what they write there.
    if extended is not None and extended.has("shape"):
        return _shape(gltf, node, extended.child("shape"), extended=True)
    return _shape(gltf, node, fields.child("shape"), extended=False)


def _shape(gltf: Gltf, node: int, fields: Fields, extended: bool) -> Collider | None:
    if fields.has("sphere"):
        own = fields.child("sphere")
        return Collider(
            node,
            Shape.SPHERE,
            vector(own, "offset"),
            own.number("radius", 0.0, 0.0),
            inside=extended and own.flag("inside"),
        )
    if fields.has("capsule"):
        own = fields.child("capsule")
        return Collider(
            node,
            Shape.CAPSULE,
            vector(own, "offset"),
            own.number("radius", 0.0, 0.0),
            tail=vector(own, "tail"),
            inside=extended and own.flag("inside"),
        )
    if extended and fields.has("plane"):
        own = fields.child("plane")
        x, y, z = vector(own, "normal", (0.0, 0.0, 1.0))
        length = math.hypot(x, y, z)
        if length < 1e-6:
            own.fail("normal", "has no direction")
        return Collider(
            node,
            Shape.PLANE,
            vector(own, "offset"),
            normal=(x / length, y / length, z / length),
        )
    gltf.warnings.add("is of no known kind, so the collider is left out", fields.path)
    return None


def _chain(gltf: Gltf, fields: Fields, listed: Sequence[Fields], group_count: int) -> SpringChain:
    joints = [
        (node, joint)
        for joint in listed
        if (node := _node(gltf, joint, "the joint is left out")) is not None
    ]
    center = fields.optional_reference(
        "center", len(gltf.tree.place), "nodes", "the spring swings in the world"
    )
    return SpringChain(
        name=fields.text("name"),
        joints=tuple(
            _joint(gltf, node, joint, last=i == len(joints) - 1)
            for i, (node, joint) in enumerate(joints)
        ),
        groups=tuple(
            fields.references(
                "colliderGroups", group_count, "collider groups", "the group is left out"
            )
        ),
        center=None if center is None else gltf.tree.place[center],
    )


def _joint(gltf: Gltf, node: int, fields: Fields, last: bool) -> SpringJoint:
    limit = None if last else fields.extension(LIMIT)
    return SpringJoint(
        node=node,
        hit_radius=max(fields.number("hitRadius", 0.0), 0.0),
        stiffness=fields.number("stiffness", 1.0),
        gravity_power=fields.number("gravityPower", 0.0),
        gravity_dir=vector(fields, "gravityDir", (0.0, -1.0, 0.0)),
        drag=min(max(fields.number("dragForce", 0.5), 0.0), 1.0),
        limit=None if limit is None else _limit(gltf, limit.child("limit")),
    )


def _limit(gltf: Gltf, fields: Fields) -> Limit | None:
    for kind, pitch in (
        (LimitKind.CONE, "angle"),
        (LimitKind.HINGE, "angle"),
        (LimitKind.SPHERICAL, "pitch"),
    ):
        if fields.has(kind.name.lower()):
            own = fields.child(kind.name.lower())
            yaw = own.number("yaw", low=0.0) if kind is LimitKind.SPHERICAL else 0.0
            return Limit(
                kind,
                min(own.number(pitch, low=0.0), math.pi),
                min(yaw, math.pi / 2.0),
                _quaternion(own, "rotation"),
            )
    gltf.warnings.add("is of no known kind and limits nothing", fields.path)
    return None


def vector(fields: Fields, key: str, default: Vector = _ORIGIN) -> Vector:
    """Return a list's first three numbers as a vector."""
    x, y, z = fields.numbers(key, default, -1e6, 1e6)
    return x, y, z


def _quaternion(fields: Fields, key: str) -> tuple[float, float, float, float]:
    values = np.array(fields.numbers(key, _IDENTITY, -2.0, 2.0))
    length = float(np.linalg.norm(values))
    if length < 0.5:
        fields.fail(key, "is not a unit quaternion")
    x, y, z, w = (float(value) / length for value in values)
    return x, y, z, w
