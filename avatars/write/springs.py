"""Spring bones as VRMC_springBone JSON, with its extended colliders and limits where there are any.

A chain whose last joint has a tail of its own (VRM 0.x) has no place in VRM 1.0: the tail is
written as it is read, a joint short.
"""

from __future__ import annotations

from dataclasses import dataclass

from avatars.springs.records import (
    Collider,
    ColliderGroup,
    Limit,
    LimitKind,
    Shape,
    SpringJoint,
    Springs,
)
from avatars.springs.records import SpringChain as Chain
from avatars.write.buffers import Json

EXTENSION = "VRMC_springBone"
EXTENDED_COLLIDER = "VRMC_springBone_extended_collider"
LIMIT = "VRMC_springBone_limit"

_FAR_AWAY = 10_000.0
"""Metres down, where the shape for plain readers does no harm, as the extension advises."""


@dataclass(frozen=True, slots=True)
class SpringCollider:
    """A sphere, or a capsule where `tail` is given, that springs keep out of.

    Attributes:
        node: what it moves with.
        offset: centre, in the node's space, metres.
        tail: the capsule's other end, in the node's space, metres.
    """

    node: int
    offset: tuple[float, float, float]
    radius: float
    tail: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class SpringChain:
    """Nodes from root to tip that swing alike. Field meanings are VRMC_springBone's.

    Attributes:
        nodes: each the child of the one before.
        colliders: numbers of the colliders that it heeds.
    """

    name: str
    nodes: tuple[int, ...]
    stiffness: float
    drag: float
    gravity: float
    hit_radius: float
    colliders: tuple[int, ...] = ()


def as_springs(chains: tuple[SpringChain, ...], colliders: tuple[SpringCollider, ...]) -> Springs:
    """Evenly swinging chains as an avatar's springs; those that heed the same share a group."""
    wanted = sorted({chain.colliders for chain in chains if chain.colliders})
    return Springs(
        colliders=tuple(
            Collider(c.node, Shape.SPHERE, c.offset, c.radius)
            if c.tail is None
            else Collider(c.node, Shape.CAPSULE, c.offset, c.radius, c.tail)
            for c in colliders
        ),
        groups=tuple(ColliderGroup(f"group{i}", numbers) for i, numbers in enumerate(wanted)),
        chains=tuple(
            Chain(
                chain.name,
                tuple(
                    SpringJoint(
                        node, chain.hit_radius, chain.stiffness, chain.gravity, drag=chain.drag
                    )
                    for node in chain.nodes
                ),
                (wanted.index(chain.colliders),) if chain.colliders else (),
            )
            for chain in chains
        ),
    )


def springs_json(springs: Springs) -> Json:
    """The extension's object."""
    out: Json = {"specVersion": "1.0", "springs": [_chain(chain) for chain in springs.chains]}
    if springs.colliders:
        out["colliders"] = [_collider(collider) for collider in springs.colliders]
    if springs.groups:
        out["colliderGroups"] = [
            {"name": group.name, "colliders": list(group.colliders)} for group in springs.groups
        ]
    return out


def extensions_used(springs: Springs) -> list[str]:
    """Names of the extensions that `springs_json` writes."""
    used = [EXTENSION]
    if any(_is_extended(collider) for collider in springs.colliders):
        used.append(EXTENDED_COLLIDER)
    if any(joint.limit for chain in springs.chains for joint in chain.joints):
        used.append(LIMIT)
    return used


def _chain(chain: Chain) -> Json:
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
