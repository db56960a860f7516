"""Apply node constraints in compiled code.

With s and s₀ the source's local rotation now and at rest, d₀ the constrained node's at rest, and
a its axis, the target d is (VRMC_node_constraint-1.0, "Example of Implementation"):

    rotation: d = d₀ · (s₀⁻¹ · s)
    roll:     d = d₀ · between(a, r·a)⁻¹ · r,  with r = d₀⁻¹ · (s · s₀⁻¹) · d₀
    aim:      d = p⁻¹ · between(p·d₀·a, from node to source) · p · d₀,  with p the parent's
              rotation in the world

and the node takes slerp(d₀, d, weight). Quaternions are tuples in xyzw order.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.model import F32

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]

ROLL: Final = 0
AIM: Final = 1
ROTATION: Final = 2

_FLAT: Final = 1e-12
_UNTURNED: Final = (0.0, 0.0, 0.0, 1.0)


class Links(NamedTuple):
    """One avatar's k constraints in dependency order; n nodes.

    Attributes:
        kinds: (k,) ROLL, AIM or ROTATION.
        nodes, sources: (k,) node indices.
        axes: (k, 3) unit, in the node's own space.
        weights: (k,) 0 to 1.
        parents: (n,) node indices, -1 at a root.
        rest: (n, 4) xyzw, local.
        scales: (n, 3) local.
        below: (n,) scratch buffer: whether a node is a descendant of the current one.
    """

    kinds: I64
    nodes: I64
    sources: I64
    axes: F64
    weights: F64
    parents: I64
    rest: F64
    scales: F64
    below: npt.NDArray[np.bool_]


@compiled
def turn_all(links: Links, world: F32) -> None:
    """Rotate each constrained node and its descendants.

    Args:
        links: the avatar's constraints.
        world: (n, 4, 4) float32, for column vectors, modified in place.
    """
    for k in range(len(links.nodes)):
        node = links.nodes[k]
        parent = links.parents[node]
        above = _turn(world, parent) if parent >= 0 else _UNTURNED
        rest = _quaternion(links.rest, node)
        target = _target(links, k, world, above, rest)
        _place(links, world, node, parent, _slerp(rest, target, links.weights[k]))


@compiled
def _target(links: Links, k: int, world: F32, above: Quaternion, rest: Quaternion) -> Quaternion:
    """Return the local rotation for a weight of 1."""
    node, source = links.nodes[k], links.sources[k]
    axis = (links.axes[k, 0], links.axes[k, 1], links.axes[k, 2])
    if links.kinds[k] == AIM:
        x = float(world[source, 0, 3]) - float(world[node, 0, 3])
        y = float(world[source, 1, 3]) - float(world[node, 1, 3])
        z = float(world[source, 2, 3]) - float(world[node, 2, 3])
        length = math.sqrt(x * x + y * y + z * z)
        if length < _FLAT:
            return rest
        unturned = _product(above, rest)
        way = (x / length, y / length, z / length)
        swing = _between(_rotate(unturned, axis), way)
        return _product(_inverse(above), _product(swing, unturned))
    now = _turn(world, source)
    over = links.parents[source]
    if over >= 0:
        now = _product(_inverse(_turn(world, over)), now)
    source_rest = _quaternion(links.rest, source)
    if links.kinds[k] == ROTATION:
        return _product(rest, _product(_inverse(source_rest), now))
    change = _product(now, _inverse(source_rest))
    seen = _product(_inverse(rest), _product(change, rest))
    swing = _between(axis, _rotate(seen, axis))
    return _product(rest, _product(_inverse(swing), seen))


@compiled
def _place(links: Links, world: F32, node: int, parent: int, local: Quaternion) -> None:
    """Set a node's local rotation; all of its descendants move rigidly with it."""
    x, y, z, w = local
    sx, sy, sz = links.scales[node, 0], links.scales[node, 1], links.scales[node, 2]
    # The columns of rotation and scale in the parent's space.
    a = (
        (1.0 - 2.0 * (y * y + z * z)) * sx,
        2.0 * (x * y + z * w) * sx,
        2.0 * (x * z - y * w) * sx,
    )
    b = (
        2.0 * (x * y - z * w) * sy,
        (1.0 - 2.0 * (x * x + z * z)) * sy,
        2.0 * (y * z + x * w) * sy,
    )
    c = (
        2.0 * (x * z + y * w) * sz,
        2.0 * (y * z - x * w) * sz,
        (1.0 - 2.0 * (x * x + y * y)) * sz,
    )
    if parent >= 0:
        a, b, c = _apply(world, parent, a), _apply(world, parent, b), _apply(world, parent, c)
    # Multiply the descendants' matrices from the left by the new columns times the old's inverse.
    d, e, f = _column(world, node, 0), _column(world, node, 1), _column(world, node, 2)
    ef, fd, de = _cross(e, f), _cross(f, d), _cross(d, e)
    volume = d[0] * ef[0] + d[1] * ef[1] + d[2] * ef[2]
    for r in range(3):
        world[node, r, 0], world[node, r, 1], world[node, r, 2] = a[r], b[r], c[r]
    if abs(volume) <= _FLAT:
        return
    here = _column(world, node, 3)
    for i in range(node + 1, len(links.parents)):
        own = links.parents[i]
        links.below[i] = own == node or (own > node and links.below[own])
        if links.below[i]:
            for column in range(4):
                v = _column(world, i, column)
                if column == 3:
                    v = (v[0] - here[0], v[1] - here[1], v[2] - here[2])
                p = (ef[0] * v[0] + ef[1] * v[1] + ef[2] * v[2]) / volume
                q = (fd[0] * v[0] + fd[1] * v[1] + fd[2] * v[2]) / volume
                s = (de[0] * v[0] + de[1] * v[1] + de[2] * v[2]) / volume
                for r in range(3):
                    moved = a[r] * p + b[r] * q + c[r] * s
                    world[i, r, column] = moved + here[r] if column == 3 else moved


@compiled
def _turn(world: F32, node: int) -> Quaternion:
    """Return the rotation of a world matrix, whose scale may be non-uniform along its own axes."""
    a, b, c = _column(world, node, 0), _column(world, node, 1), _column(world, node, 2)
    bc = _cross(b, c)
    sign = -1.0 if a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2] < 0.0 else 1.0
    a, b, c = _unit(a, sign), _unit(b, 1.0), _unit(c, 1.0)
    # The candidate with the largest square is accurate for any rotation.
    xx, yy = 1.0 + a[0] - b[1] - c[2], 1.0 - a[0] + b[1] - c[2]
    zz, ww = 1.0 - a[0] - b[1] + c[2], 1.0 + a[0] + b[1] + c[2]
    xy, xz, yz = b[0] + a[1], c[0] + a[2], c[1] + b[2]
    wx, wy, wz = b[2] - c[1], c[0] - a[2], a[1] - b[0]
    if ww >= xx and ww >= yy and ww >= zz:
        return _normalize((wx, wy, wz, ww))
    if xx >= yy and xx >= zz:
        return _normalize((xx, xy, xz, wx))
    if yy >= zz:
        return _normalize((xy, yy, yz, wy))
    return _normalize((xz, yz, zz, wz))


@compiled
def _between(a: Vector, b: Vector) -> Quaternion:
    """Return the shortest rotation from one unit vector to another."""
    dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    if dot < -1.0 + 1e-9:
        # Opposite vectors: any perpendicular axis will do.
        x, y, z = _cross(a, (1.0, 0.0, 0.0) if abs(a[0]) < 0.9 else (0.0, 1.0, 0.0))
        return _normalize((x, y, z, 0.0))
    x, y, z = _cross(a, b)
    return _normalize((x, y, z, 1.0 + dot))


@compiled
def _slerp(a: Quaternion, b: Quaternion, t: float) -> Quaternion:
    """Interpolate from a to b by t along the shorter arc."""
    dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
    sign = -1.0 if dot < 0.0 else 1.0
    angle = math.acos(min(abs(dot), 1.0))
    sine = math.sin(angle)
    keep, take = 1.0 - t, t
    if sine >= 1e-6:
        keep, take = math.sin(keep * angle) / sine, math.sin(take * angle) / sine
    take *= sign
    return _normalize(
        (
            keep * a[0] + take * b[0],
            keep * a[1] + take * b[1],
            keep * a[2] + take * b[2],
            keep * a[3] + take * b[3],
        )
    )


@compiled
def _product(a: Quaternion, b: Quaternion) -> Quaternion:
    """Return the product a·b, which rotates by b, then by a."""
    return (
        a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
        a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
        a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
        a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
    )


@compiled
def _inverse(q: Quaternion) -> Quaternion:
    return (-q[0], -q[1], -q[2], q[3])


@compiled
def _rotate(q: Quaternion, v: Vector) -> Vector:
    x, y, z = _cross((q[0], q[1], q[2]), v)
    twice = (2.0 * x, 2.0 * y, 2.0 * z)
    cx, cy, cz = _cross((q[0], q[1], q[2]), twice)
    return (v[0] + q[3] * twice[0] + cx, v[1] + q[3] * twice[1] + cy, v[2] + q[3] * twice[2] + cz)


@compiled
def _normalize(q: Quaternion) -> Quaternion:
    length = math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
    if length < _FLAT:
        return _UNTURNED
    return (q[0] / length, q[1] / length, q[2] / length, q[3] / length)


@compiled
def _unit(v: Vector, sign: float) -> Vector:
    """Return a vector normalised and multiplied by a sign; a zero vector is unchanged."""
    length = sign * math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    return v if length == 0.0 else (v[0] / length, v[1] / length, v[2] / length)


@compiled
def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


@compiled
def _apply(world: F32, node: int, v: Vector) -> Vector:
    """Return a vector transformed by the linear part of a node's matrix."""
    a, b, c = _column(world, node, 0), _column(world, node, 1), _column(world, node, 2)
    return (
        a[0] * v[0] + b[0] * v[1] + c[0] * v[2],
        a[1] * v[0] + b[1] * v[1] + c[1] * v[2],
        a[2] * v[0] + b[2] * v[1] + c[2] * v[2],
    )


@compiled
def _column(world: F32, node: int, c: int) -> Vector:
    return (float(world[node, 0, c]), float(world[node, 1, c]), float(world[node, 2, c]))


@compiled
def _quaternion(array: F64, i: int) -> Quaternion:
    return (array[i, 0], array[i, 1], array[i, 2], array[i, 3])
