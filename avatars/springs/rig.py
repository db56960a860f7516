"""Convert spring records to flat arrays, with the joints in dependency order."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.maths import quaternions, vectors
from avatars.model import Nodes
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

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

_SHORTEST = 1e-5
"""Metres; a joint with a shorter tail has no defined direction and stays at rest."""


class Rig(NamedTuple):
    """The constant arrays of a simulation; j joints, m colliders.

    Joint space is the node's rest space without the node's own scale. Lists of different lengths
    are concatenated; those of joint i are [starts[i], starts[i + 1]).

    Attributes:
        nodes, parents, centers: (j,) node indices; -1 for none.
        frames: (j, 4, 4) joint space to the parent's.
        scales: (j, 3) the node's own scale.
        axes: (j, 3) unit, towards the tail at rest, in joint space.
        lengths: (j,) from joint to tail, in joint space.
        forces: (j, 5) stiffness, gravity (3, world), drag.
        hit_radii: (j,) metres.
        carried_starts, carried: nodes that move rigidly with each joint.
        heeded_starts, heeded: colliders that each joint collides with.
        attached_starts, attached: colliders on each joint's node or on the nodes it carries.
        limit_kinds: (j,) LimitKind.
        limit_angles: (j, 2) pitch and yaw, radians.
        limit_frames: (j, 3, 3) limit space to joint space.
        shapes: (m, 2) Shape, and 1 for inside colliders.
        shape_nodes: (m,) node indices.
        shape_points: (m, 2, 3) offset, and tail or normal, in the node's space.
        shape_radii: (m,) metres.
    """

    nodes: I64
    parents: I64
    centers: I64
    frames: F64
    scales: F64
    axes: F64
    lengths: F64
    forces: F64
    hit_radii: F64
    carried_starts: I64
    carried: I64
    heeded_starts: I64
    heeded: I64
    attached_starts: I64
    attached: I64
    limit_kinds: I64
    limit_angles: F64
    limit_frames: F64
    shapes: I64
    shape_nodes: I64
    shape_points: F64
    shape_radii: F64


@dataclass(frozen=True, slots=True)
class _Swing:
    """A joint with the values of its chain that it needs."""

    joint: SpringJoint
    center: int
    colliders: tuple[int, ...]
    tail: F64


def build_rig(springs: Springs, nodes: Nodes) -> Rig:
    """Convert an avatar's springs to flat arrays."""
    swings = {swing.joint.node: swing for swing in _swings(springs, nodes)}
    carriers = _carriers(nodes, swings)
    order = _sort_joints(springs, nodes, swings, carriers)
    ordered = [swings[node] for node in order]
    followers: dict[int, list[int]] = {node: [] for node in order}
    for node, carrier in enumerate(carriers):
        if carrier >= 0 and node not in swings:
            followers[carrier].append(node)
    fixtures: dict[int, list[int]] = {node: [] for node in order}
    for i, collider in enumerate(springs.colliders):
        if carriers[collider.node] >= 0:
            fixtures[carriers[collider.node]].append(i)

    tails = _array([swing.tail for swing in ordered], (3,))
    lengths = np.linalg.norm(tails, axis=1)
    axes = tails / lengths[:, None]
    limits = [swing.joint.limit for swing in ordered]
    carried_starts, carried = _flatten(followers[node] for node in order)
    heeded_starts, heeded = _flatten(swing.colliders for swing in ordered)
    attached_starts, attached = _flatten(fixtures[node] for node in order)
    colliders = springs.colliders
    return Rig(
        nodes=np.array(order, np.int64),
        parents=nodes.parents[order].astype(np.int64),
        centers=np.array([swing.center for swing in ordered], np.int64),
        frames=_frames(nodes, order),
        scales=nodes.scale[order].astype(np.float64),
        axes=axes,
        lengths=lengths,
        forces=_array([_forces(swing.joint) for swing in ordered], (5,)),
        hit_radii=_array([swing.joint.hit_radius for swing in ordered], ()),
        carried_starts=carried_starts,
        carried=carried,
        heeded_starts=heeded_starts,
        heeded=heeded,
        attached_starts=attached_starts,
        attached=attached,
        limit_kinds=np.array([own.kind if own else LimitKind.NONE for own in limits], np.int64),
        limit_angles=_array([(own.pitch, own.yaw) if own else (0.0, 0.0) for own in limits], (2,)),
        limit_frames=_array(list(map(_limit_frame, limits, axes)), (3, 3)),
        shapes=np.array([(c.shape, c.inside) for c in colliders], np.int64).reshape(-1, 2),
        shape_nodes=np.array([c.node for c in colliders], np.int64),
        shape_points=_array([_points(c) for c in colliders], (2, 3)),
        shape_radii=_array([c.radius for c in colliders], ()),
    )


def _swings(springs: Springs, nodes: Nodes) -> Iterator[_Swing]:
    for chain in springs.chains:
        colliders = tuple(
            dict.fromkeys(c for group in chain.groups for c in springs.groups[group].colliders)
        )
        center = -1 if chain.center is None else chain.center
        for joint, tail in _tails(chain, nodes):
            scaled = tail * nodes.scale[joint.node]
            if np.linalg.norm(scaled) > _SHORTEST:
                yield _Swing(joint, center, colliders, scaled)


def _tails(chain: SpringChain, nodes: Nodes) -> Iterator[tuple[SpringJoint, F64]]:
    """Yield each joint that swings, and its tail's rest position in its node's space."""
    for head, tail in pairwise(chain.joints):
        yield head, _position_below(nodes, tail.node, head.node)
    if chain.end is not None:
        yield chain.joints[-1], np.array(chain.end)


def _position_below(nodes: Nodes, node: int, above: int) -> F64:
    """Return a node's rest position (3,), metres, in the space of an ancestor."""
    position = np.zeros(3)
    while node != above:
        scaled = position * nodes.scale[node]
        position = nodes.translation[node] + quaternions.rotate(nodes.rotation[node], scaled)
        node = int(nodes.parents[node])
    return position


def _carriers(nodes: Nodes, swinging: Container[int]) -> list[int]:
    """Return the joint that carries each node: itself or its nearest ancestor; -1 for none."""
    carriers: list[int] = []
    for node, parent in enumerate(nodes.parents.tolist()):
        above = carriers[parent] if parent >= 0 else -1
        carriers.append(node if node in swinging else above)
    return carriers


def _sort_joints(
    springs: Springs, nodes: Nodes, swings: Mapping[int, _Swing], carriers: list[int]
) -> list[int]:
    """Sort joints so that each follows its parent joint and those that move its colliders."""
    needs: dict[int, set[int]] = {}
    for node in sorted(swings):
        parent = int(nodes.parents[node])
        above = {carriers[parent]} if parent >= 0 else set()
        movers = {carriers[springs.colliders[c].node] for c in swings[node].colliders}
        needs[node] = (above | movers) - {-1, node}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError:
        # Joints collide with colliders that they carry: those colliders lag by one step.
        return sorted(swings)


def _frames(nodes: Nodes, order: list[int]) -> F64:
    frames = np.zeros((len(order), 4, 4))
    frames[:, :3, :3] = quaternions.to_matrix(nodes.rotation[order].astype(np.float64))
    frames[:, :3, 3] = nodes.translation[order]
    frames[:, 3, 3] = 1.0
    return frames


def _forces(joint: SpringJoint) -> tuple[float, float, float, float, float]:
    x, y, z = joint.gravity_dir
    power = joint.gravity_power
    return joint.stiffness, power * x, power * y, power * z, joint.drag


def _limit_frame(limit: Limit | None, axis: F64) -> F64:
    """Return the matrix (3, 3) from limit space, whose +Y is the rest direction, to joint space.

    Source: VRMC_springBone_limit-1.0, "Rotation".
    """
    if limit is None:
        return np.eye(3)
    x, y, z = axis
    shortest = np.array((1.0, 0.0, 0.0, 0.0)) if y <= -1.0 else np.array((z, 0.0, -x, y + 1.0))
    turn = quaternions.multiply(vectors.normalise(shortest), np.array(limit.rotation))
    return quaternions.to_matrix(turn).astype(np.float64)


def _points(collider: Collider) -> tuple[Vector, Vector]:
    plane = collider.shape is Shape.PLANE
    return collider.offset, collider.normal if plane else collider.tail


def _array(rows: Sequence[object], shape: tuple[int, ...]) -> F64:
    """Convert rows to an array, which keeps its shape where there are no rows."""
    return np.array(rows, np.float64).reshape(len(rows), *shape)


def _flatten(lists: Iterable[Sequence[int]]) -> tuple[I64, I64]:
    """Concatenate lists of different lengths to (starts, values)."""
    lists = list(lists)
    starts = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(own) for own in lists], out=starts[1:])
    return starts, np.array([value for own in lists for value in own], np.int64)
