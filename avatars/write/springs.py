"""Spring bones as VRMC_springBone-1.0 JSON."""

from __future__ import annotations

from dataclasses import dataclass

from avatars.write.buffers import Json

EXTENSION = "VRMC_springBone"


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
    """Nodes from root to tip that swing. Field meanings are VRMC_springBone's.

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


def springs_json(chains: tuple[SpringChain, ...], colliders: tuple[SpringCollider, ...]) -> Json:
    """The extension's object; chains that heed the same colliders share a group."""
    wanted = sorted({chain.colliders for chain in chains if chain.colliders})
    groups = [{"name": f"group{i}", "colliders": list(w)} for i, w in enumerate(wanted)]
    out: Json = {"specVersion": "1.0", "springs": [_spring(c, wanted) for c in chains]}
    if colliders:
        out["colliders"] = [_collider(collider) for collider in colliders]
    if groups:
        out["colliderGroups"] = groups
    return out


def _spring(chain: SpringChain, wanted: list[tuple[int, ...]]) -> Json:
    joint: Json = {
        "hitRadius": chain.hit_radius,
        "stiffness": chain.stiffness,
        "gravityPower": chain.gravity,
        "gravityDir": [0.0, -1.0, 0.0],
        "dragForce": chain.drag,
    }
    out: Json = {"name": chain.name, "joints": [{"node": node} | joint for node in chain.nodes]}
    if chain.colliders:
        out["colliderGroups"] = [wanted.index(chain.colliders)]
    return out


def _collider(collider: SpringCollider) -> Json:
    shape: Json = {"offset": list(collider.offset), "radius": collider.radius}
    if collider.tail is None:
        return {"node": collider.node, "shape": {"sphere": shape}}
    return {"node": collider.node, "shape": {"capsule": shape | {"tail": list(collider.tail)}}}
