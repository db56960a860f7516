"""Define the data records of spring bones: joints, chains, colliders and rotation limits.

Node indices are those of the avatar's sorted nodes. Sources: VRMC_springBone-1.0,
VRMC_springBone_extended_collider-1.0 and VRMC_springBone_limit-1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


class Shape(IntEnum):
    """The shape of a collider."""

    SPHERE = 0
    CAPSULE = 1
    PLANE = 2


class LimitKind(IntEnum):
    """The kind of a rotation limit; the kernel uses these numbers."""

    NONE = 0
    CONE = 1
    HINGE = 2
    SPHERICAL = 3


@dataclass(frozen=True, slots=True)
class Collider:
    """A shape that tails stay outside of, or inside.

    Attributes:
        node: the node to which it is attached.
        offset: centre, capsule's head or point of the plane, in the node's space, metres.
        radius: metres in world space: the node's scale does not change it (as in three-vrm).
        tail: a capsule's other end, in the node's space, metres.
        normal: a plane's unit normal, in the node's space; tails stay on that side.
        inside: whether tails stay inside the sphere or capsule, instead of outside.
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
    """A group of colliders that chains refer to."""

    name: str
    colliders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a joint may rotate from its rest direction.

    Limit space is joint space, rotated by the shortest way so that +Y is the rest direction, then
    by `rotation`.

    Attributes:
        pitch: radians about the limit's X; the angle of a cone or a hinge.
        yaw: radians about the limit's Z; for a spherical limit only.
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
        hit_radius: collision radius of the tail, metres.
        stiffness: force towards the rest direction.
        gravity_power: force along `gravity_dir`.
        gravity_dir: direction in world space.
        drag: fraction of the velocity lost per step, 0 to 1.
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
        groups: indices of the collider groups that it collides with.
        center: the node in whose space inertia is computed; None for world space.
        end: the last joint's tail, in that joint's space, metres; None where the last joint is only
            a tail itself, as always in VRM 1.0.
    """

    name: str
    joints: tuple[SpringJoint, ...]
    groups: tuple[int, ...] = ()
    center: int | None = None
    end: Vector | None = None


@dataclass(frozen=True, slots=True)
class Springs:
    """All spring bones of an avatar; a node swings in at most one chain."""

    colliders: tuple[Collider, ...] = ()
    groups: tuple[ColliderGroup, ...] = ()
    chains: tuple[SpringChain, ...] = ()
