"""Spring bones as plain data: what swings, what it must keep out of, how far it may turn.

Node indices are those of the avatar's sorted nodes. Source: VRMC_springBone-1.0,
VRMC_springBone_extended_collider-1.0 and VRMC_springBone_limit-1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


class Shape(IntEnum):
    """What a collider is."""

    SPHERE = 0
    CAPSULE = 1
    PLANE = 2


class LimitKind(IntEnum):
    """What a limit allows. The numbers are the kernel's."""

    NONE = 0
    CONE = 1
    HINGE = 2
    SPHERICAL = 3


@dataclass(frozen=True, slots=True)
class Collider:
    """A shape that tails keep out of, or within.

    Attributes:
        node: what it moves with.
        offset: centre, capsule's head or point of the plane, in the node's space.
        radius: metres of the world: the node's scale does not change it (as in three-vrm).
        tail: a capsule's other end, in the node's space.
        normal: a plane's, unit, in the node's space; tails stay on its side.
        inside: tails stay within a sphere or capsule and not outside it.
    """

    node: int
    shape: Shape
    offset: Vector = (0.0, 0.0, 0.0)
    radius: float = 0.0
    tail: Vector = (0.0, 0.0, 0.0)
    normal: Vector = (0.0, 0.0, 1.0)
    inside: bool = False


@dataclass(frozen=True, slots=True)
class ColliderGroup:
    """Colliders that chains heed together."""

    name: str
    colliders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a joint may turn from its rest direction.

    The limit's own +Y is the rest direction, reached by the shortest way, then `rotation`.

    Attributes:
        pitch: radians about the limit's X; the angle of a cone or a hinge.
        yaw: radians about the limit's Z; of a spherical limit only.
        rotation: xyzw.
    """

    kind: LimitKind
    pitch: float
    yaw: float = 0.0
    rotation: Quaternion = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class SpringJoint:
    """A node that swings; the joint after it in its chain is its tail.

    Attributes:
        hit_radius: of the tail, metres.
        stiffness: pull towards the rest direction.
        gravity_power: pull along `gravity_dir`, which is in world space.
        drag: share of its motion that it loses, 0 to 1.
    """

    node: int
    hit_radius: float = 0.0
    stiffness: float = 1.0
    gravity_power: float = 0.0
    gravity_dir: Vector = (0.0, -1.0, 0.0)
    drag: float = 0.5
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class SpringChain:
    """Joints from root to tip, each a descendant of the one before.

    Attributes:
        groups: numbers of the collider groups that it heeds.
        center: the node in whose space inertia is felt; None for the world.
        end: the last joint's tail, in that joint's own space; None where the last joint is itself
            only a tail, as always in VRM 1.0.
    """

    name: str
    joints: tuple[SpringJoint, ...]
    groups: tuple[int, ...] = ()
    center: int | None = None
    end: Vector | None = None


@dataclass(frozen=True, slots=True)
class Springs:
    """All spring bones of an avatar. A node swings in one chain only."""

    colliders: tuple[Collider, ...] = ()
    groups: tuple[ColliderGroup, ...] = ()
    chains: tuple[SpringChain, ...] = ()
