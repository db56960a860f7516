"""Define spring chains, their colliders and the bones that they add to a figure.

A chain is defined by its joint positions. From these follow the additional bones, their columns in
a piece's weights, and the springs written to the file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.assemble import Bone
from avatars.authoring.figure.body import Body
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.source import Floats
from avatars.constraints import Constraint
from avatars.constraints.records import ConstraintKind
from avatars.names import BONE_INDEX
from avatars.springs.records import (
    Collider,
    ColliderGroup,
    Shape,
    SpringChain,
    SpringJoint,
    Springs,
)

_LAP = 0.30
"""Fraction of the thigh, from the hip, that the skirt's thigh collider leaves out: when the leg is
raised this part folds into the lap and would push the skirt at its seam."""
_FACE_FROM, _FACE_TO = np.array([0.0, -0.15, -0.35]), np.array([0.0, -0.85, -0.25])
_FACE_RADIUS = 0.88
"""Ends and radius of the collider of the face, relative to the midpoint of the eyes, eye
distances: a capsule from the eyes to the mouth, as wide as the cheeks."""
HUMAN = 55
"""Number of human bones: their columns come first in a piece's weights."""


@dataclass(frozen=True, slots=True)
class Feel:
    """Spring parameters of a chain, as defined by VRMC_springBone.

    Attributes:
        heeds: names of the colliders that the chain collides with.
    """

    stiffness: float
    drag: float
    gravity: float
    hit_radius: float
    heeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A spring chain.

    Attributes:
        parent: name of the bone that the chain is attached to.
        points: (k, 3) joint positions from root to tip, metres; the tip joint moves no vertices.
        feel: spring parameters.
    """

    name: str
    parent: str
    points: Floats
    feel: Feel

    @property
    def bones(self) -> tuple[Bone, ...]:
        """Return the chain's bones, parents first."""
        out, parent = [], self.parent
        names = [f"{self.name}_{number}" for number in range(len(self.points))]
        for name, head in zip(names, self.points, strict=True):
            out.append(Bone(name, parent, head))
            parent = name
        return tuple(out)

    def spring(self, names: tuple[str, ...], groups: tuple[int, ...]) -> SpringChain:
        """Convert the chain to a spring chain of the file.

        Args:
            names: node names in file order.
            groups: indices of the collider groups that the chain collides with.
        """
        feel = self.feel
        nodes = (names.index(f"{self.name}_{i}") for i in range(len(self.points)))
        joints = tuple(
            SpringJoint(node, feel.hit_radius, feel.stiffness, feel.gravity, drag=feel.drag)
            for node in nodes
        )
        return SpringChain(self.name, joints, groups)


@dataclass(frozen=True, slots=True)
class Lift:
    """A bone that carries chains and follows the rotation of another bone.

    Attributes:
        parent: name of the parent bone.
        point: (3,) joint position, metres.
        source: name of the bone whose rotation it follows.
        share: weight of the rotation constraint, 0 to 1.
    """

    name: str
    parent: str
    point: Floats
    source: str
    share: float


@dataclass(frozen=True, slots=True)
class Rigging:
    """All spring chains of a figure and the lift bones that carry them.

    In a piece's weights, the columns of the lifts precede those of the chains.
    """

    chains: tuple[Chain, ...]
    lifts: tuple[Lift, ...] = ()

    @property
    def columns(self) -> int:
        """Return the number of columns of a piece's weights."""
        return HUMAN + len(self.bones())

    def column(self, name: str) -> int:
        """Return the column of a chain's first joint in a piece's weights; the others follow it.

        Raises:
            KeyError: there is no chain of this name.
        """
        first = HUMAN + len(self.lifts)
        for chain in self.chains:
            if chain.name == name:
                return first
            first += len(chain.points)
        raise KeyError(name)

    def widen(self, weights: Floats) -> Floats:
        """Pad weights (n, b) with zero columns so that there is one for every bone."""
        return np.pad(weights, ((0, 0), (0, self.columns - weights.shape[1])))

    def bones(self) -> tuple[Bone, ...]:
        """Return the additional bones in the order of their columns."""
        lifts = (Bone(lift.name, lift.parent, lift.point) for lift in self.lifts)
        return (*lifts, *(bone for chain in self.chains for bone in chain.bones))

    def constraints(self, names: tuple[str, ...]) -> tuple[Constraint, ...]:
        """Return the rotation constraints that drive the lifts.

        Args:
            names: node names in file order.
        """
        return tuple(
            Constraint(
                ConstraintKind.ROTATION,
                names.index(lift.name),
                names.index(lift.source),
                weight=lift.share,
            )
            for lift in self.lifts
        )

    def springs(self, solids: dict[str, Solid], names: tuple[str, ...]) -> Springs:
        """Return the file's springs: colliders, collider groups and chains.

        Args:
            solids: colliders by name.
            names: node names in file order.
        """
        number = {name: i for i, name in enumerate(solids)}
        heeded = [tuple(sorted(number[name] for name in chain.feel.heeds)) for chain in self.chains]
        # Chains with the same colliders share a group.
        groups = sorted({numbers for numbers in heeded if numbers})
        return Springs(
            colliders=tuple(solid.collider(names) for solid in solids.values()),
            groups=tuple(ColliderGroup(f"group{i}", group) for i, group in enumerate(groups)),
            chains=tuple(
                chain.spring(names, (groups.index(numbers),) if numbers else ())
                for chain, numbers in zip(self.chains, heeded, strict=True)
            ),
        )


@dataclass(frozen=True, slots=True)
class Solid:
    """A collider attached to a bone: a sphere, or a capsule from `offset` to `tail`.

    Attributes:
        offset, tail: (3,) relative to the bone's joint, metres; no tail means a sphere.
        radius: metres.
    """

    bone: str
    offset: Floats
    radius: float
    tail: Floats | None = None

    def collider(self, names: tuple[str, ...]) -> Collider:
        """Convert to a collider of the file, with lengths rounded to five decimals.

        Args:
            names: node names in file order.
        """

        def round_corners(point: Floats) -> tuple[float, float, float]:
            x, y, z = (round(float(v), 5) for v in point)
            return x, y, z

        node, offset, radius = (
            names.index(self.bone),
            round_corners(self.offset),
            round(self.radius, 5),
        )
        if self.tail is None:
            return Collider(node, Shape.SPHERE, offset, radius)
        return Collider(node, Shape.CAPSULE, offset, radius, round_corners(self.tail))


def body_solids(body: Body, marks: Landmarks) -> dict[str, Solid]:
    """Return the colliders for hair and cloth by name: head, face, neck, trunk and legs."""
    none = np.zeros(3)
    over = marks.middle - body.head("head")
    down = body.head("spine") - body.head("upperChest")
    solids = {
        "head": Solid("head", marks.skull - body.head("head"), 0.96 * float(marks.radii.min())),
        "face": Solid(
            "head",
            over + _FACE_FROM * marks.unit,
            _FACE_RADIUS * marks.unit,
            over + _FACE_TO * marks.unit,
        ),
        "neck": Solid("neck", none, 0.62 * marks.unit, body.head("head") - body.head("neck")),
        "trunk": Solid("upperChest", none, 0.085, down),
    }
    for letter in ("left", "right"):
        for bone, end, share in (("UpperLeg", "LowerLeg", 0.30), ("LowerLeg", "Foot", 0.25)):
            name = letter + bone
            along = body.head(letter + end) - body.head(name)
            girth = _girth(body, name, along, share)
            solids[name] = Solid(name, none, girth, along)
            if bone == "UpperLeg":
                solids[letter + "Thigh"] = Solid(name, _LAP * along, girth, along)
    return solids


def _girth(body: Body, bone: str, along: Floats, share: float) -> float:
    """Measure a limb's radius, metres, as the 85th percentile of distances from its axis.

    Args:
        bone: name of the limb's bone.
        along: (3,) from the bone's joint to the next, metres.
        share: where to measure, as a fraction of `along`.
    """
    own = body.position[:13380][body.weights[:13380, BONE_INDEX[bone]] > 0.8] - body.head(bone)
    t = own @ along / float(along @ along)
    band = own[np.abs(t - share) < 0.1]
    away = band - np.outer(band @ along / float(along @ along), along)
    return float(np.percentile(np.linalg.norm(away, axis=1), 85))
