"""Chains of bones that swing, and what they bump into.

A chain is told by where its joints stand; from that follow the figure's extra bones, the columns
that they have in a piece's weights, and the springs in the file.
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
"""Share of a thigh that folds into the lap: there it would push a skirt from its seam, under it."""
HUMAN = 55
"""Columns of the human bones in a piece's weights; the chains' follow."""


@dataclass(frozen=True, slots=True)
class Feel:
    """How something swings; the meanings are VRMC_springBone's.

    Attributes:
        heeds: names of the colliders that it keeps out of.
    """

    stiffness: float
    drag: float
    gravity: float
    hit_radius: float
    heeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain to be.

    Attributes:
        points: (k, 3) where its joints stand, from the root to the tip, which moves nothing.
    """

    name: str
    parent: str
    points: Floats
    feel: Feel

    @property
    def bones(self) -> tuple[Bone, ...]:
        """Its bones, parents first."""
        out, parent = [], self.parent
        names = [f"{self.name}_{number}" for number in range(len(self.points))]
        for name, head in zip(names, self.points, strict=True):
            out.append(Bone(name, parent, head))
            parent = name
        return tuple(out)

    def spring(self, names: tuple[str, ...], groups: tuple[int, ...]) -> SpringChain:
        """As it swings in a file with nodes of these names, heeding these groups."""
        feel = self.feel
        nodes = (names.index(f"{self.name}_{i}") for i in range(len(self.points)))
        joints = tuple(
            SpringJoint(node, feel.hit_radius, feel.stiffness, feel.gravity, drag=feel.drag)
            for node in nodes
        )
        return SpringChain(self.name, joints, groups)


@dataclass(frozen=True, slots=True)
class Lift:
    """A bone from which chains hang and which turns along with another.

    Attributes:
        point: (3,) where it stands.
        source: the bone that it follows.
        share: of the other's turn that it takes.
    """

    name: str
    parent: str
    point: Floats
    source: str
    share: float


@dataclass(frozen=True, slots=True)
class Rigging:
    """All that swings on a figure. Columns of lifts stand before those of chains."""

    chains: tuple[Chain, ...]
    lifts: tuple[Lift, ...] = ()

    @property
    def columns(self) -> int:
        """How wide a piece's weights are."""
        return HUMAN + len(self.bones())

    def column(self, name: str) -> int:
        """Where a chain's first joint stands in a piece's weights; the others follow it."""
        first = HUMAN + len(self.lifts)
        for chain in self.chains:
            if chain.name == name:
                return first
            first += len(chain.points)
        raise KeyError(name)

    def widen(self, weights: Floats) -> Floats:
        """Weights (n, b) of fewer bones with a column for every bone."""
        return np.pad(weights, ((0, 0), (0, self.columns - weights.shape[1])))

    def bones(self) -> tuple[Bone, ...]:
        """The bones in the order of their columns."""
        lifts = (Bone(lift.name, lift.parent, lift.point) for lift in self.lifts)
        return (*lifts, *(bone for chain in self.chains for bone in chain.bones))

    def constraints(self, names: tuple[str, ...]) -> tuple[Constraint, ...]:
        """What turns the lifts, for a file with nodes of these names."""
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
        """The chains and what they heed, for a file with nodes of these names."""
        number = {name: i for i, name in enumerate(solids)}
        heeded = [tuple(sorted(number[name] for name in chain.feel.heeds)) for chain in self.chains]
        # Chains that heed the same share a group.
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
    """A ball, or a capsule to `tail`, that moves with a bone.

    Attributes:
        offset, tail: (3,) from the bone's head, metres.
    """

    bone: str
    offset: Floats
    radius: float
    tail: Floats | None = None

    def collider(self, names: tuple[str, ...]) -> Collider:
        """As it is written, in a file with nodes of these names."""

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
    """What hair and cloth bump into: head, neck, trunk and legs."""
    none = np.zeros(3)
    down = body.head("spine") - body.head("upperChest")
    solids = {
        "head": Solid("head", marks.skull - body.head("head"), 0.96 * float(marks.radii.min())),
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
    """A limb's radius, measured a share of the way along it."""
    own = body.position[:13380][body.weights[:13380, BONE_INDEX[bone]] > 0.8] - body.head(bone)
    t = own @ along / float(along @ along)
    band = own[np.abs(t - share) < 0.1]
    away = band - np.outer(band @ along / float(along @ along), along)
    return float(np.percentile(np.linalg.norm(away, axis=1), 85))
