"""Write spring bones as VRMC_springBone JSON, with extended colliders and limits if needed.

VRM 1.0 does not allow a chain whose last joint has its own tail (VRM 0.x), because the last joint
is the tail: such a tail becomes a node, as in UniVRM's migration.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.model import Avatar, Nodes
from avatars.springs.records import (
    Collider,
    Limit,
    LimitKind,
    Shape,
    SpringChain,
    SpringJoint,
    Springs,
    Vector,
)
from avatars.write.buffers import Json

EXTENSION = "VRMC_springBone"
EXTENDED_COLLIDER = "VRMC_springBone_extended_collider"
LIMIT = "VRMC_springBone_limit"

_FAR_AWAY = 10_000.0
"""Metres below the node at which the fallback shape, for readers without the extension, has no
effect, as the extension recommends."""


def with_tail_nodes(avatar: Avatar) -> Avatar:
    """Return the avatar with an added node for each tail without one."""
    names: list[str] = []
    parents: list[int] = []
    places: list[Vector] = []
    chains: list[SpringChain] = []
    for chain in avatar.springs.chains:
        if chain.end is not None:
            last = chain.joints[-1].node
            tail = SpringJoint(len(avatar.nodes.names) + len(names))
            names.append(f"{avatar.nodes.names[last]}_end")
            parents.append(last)
            places.append(chain.end)
            chain = replace(chain, joints=(*chain.joints, tail), end=None)
        chains.append(chain)
    if not names:
        return avatar
    own, count = avatar.nodes, len(names)
    still = np.tile(np.array((0.0, 0.0, 0.0, 1.0), np.float32), (count, 1))
    nodes = Nodes(
        names=(*own.names, *names),
        parents=np.append(own.parents, np.array(parents, np.int32)),
        translation=np.vstack((own.translation, np.array(places, np.float32))),
        rotation=np.vstack((own.rotation, still)),
        scale=np.vstack((own.scale, np.ones((count, 3), np.float32))),
    )
    return replace(avatar, nodes=nodes, springs=replace(avatar.springs, chains=tuple(chains)))


def springs_json(springs: Springs) -> Json:
    """Return the extension's JSON object."""
    out: Json = {"specVersion": "1.0", "springs": [_chain(chain) for chain in springs.chains]}
    if springs.colliders:
        out["colliders"] = [_collider(collider) for collider in springs.colliders]
    if springs.groups:
        out["colliderGroups"] = [
            {"name": group.name, "colliders": list(group.colliders)} for group in springs.groups
        ]
    return out


def extensions_used(springs: Springs) -> list[str]:
    """Return the names of the extensions that `springs_json` writes."""
    used = [EXTENSION]
    if any(_is_extended(collider) for collider in springs.colliders):
        used.append(EXTENDED_COLLIDER)
    if any(joint.limit for chain in springs.chains for joint in chain.joints):
        used.append(LIMIT)
    return used


def _chain(chain: SpringChain) -> Json:
    out: Json = {"name": chain.name, "joints": [_joint(joint) for joint in chain.joints]}
    if chain.groups:
        out["colliderGroups"] = list(chain.groups)
    if chain.center is not None:
        out["center"] = chain.center
    return out


def _joint(joint: SpringJoint) -> Json:
    out: Json = {
        "node": joint.node,
        "hitRadius": joint.hit_radius,
        "stiffness": joint.stiffness,
        "gravityPower": joint.gravity_power,
        "gravityDir": list(joint.gravity_dir),
        "dragForce": joint.drag,
    }
    if joint.limit is not None and joint.limit.kind is not LimitKind.NONE:
        out["extensions"] = {LIMIT: {"specVersion": "1.0", "limit": _limit(joint.limit)}}
    return out


def _limit(limit: Limit) -> Json:
    rotation = {"rotation": list(limit.rotation)}
    if limit.kind is LimitKind.SPHERICAL:
        return {"spherical": rotation | {"pitch": limit.pitch, "yaw": limit.yaw}}
    return {limit.kind.name.lower(): rotation | {"angle": limit.pitch}}


def _is_extended(collider: Collider) -> bool:
    return collider.inside or collider.shape is Shape.PLANE


def _collider(collider: Collider) -> Json:
    offset = list(collider.offset)
    if not _is_extended(collider):
        return {"node": collider.node, "shape": _round(collider)}
    extended: Json
    if collider.shape is Shape.PLANE:
        extended = {"plane": {"offset": offset, "normal": list(collider.normal)}}
    else:
        extended = _round(collider)
        next(iter(extended.values()))["inside"] = True
    fallback: Json = {"sphere": {"offset": [0.0, -_FAR_AWAY, 0.0], "radius": 0.0}}
    extension = {EXTENDED_COLLIDER: {"specVersion": "1.0", "shape": extended}}
    return {"node": collider.node, "shape": fallback, "extensions": extension}


def _round(collider: Collider) -> Json:
    shape: Json = {"offset": list(collider.offset), "radius": collider.radius}
    if collider.shape is Shape.SPHERE:
        return {"sphere": shape}
    return {"capsule": shape | {"tail": list(collider.tail)}}
