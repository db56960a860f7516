"""Simulate spring bones in compiled code.

One step of a joint (VRMC_springBone-1.0, "SpringBone Algorithm"), with h the step [s]:

    tail' = tail + (tail − last)·(1 − drag) + h·stiffness·rest direction + h·gravity
    tail' → at bone length from the head → within its limit → out of each collider, and again
    the joint takes the shortest rotation from its rest direction to that of tail'

Tails are kept in the space of the chain's center. Limits are those of VRMC_springBone_limit-1.0's
appendix. Matrices are affine and passed as an array and an index, because creating array views
costs more than the arithmetic.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.springs.rig import Rig

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Vector = tuple[float, float, float]

KEEP: Final = 0
"""Simulate a whole step and store it."""
SHOW: Final = 1
"""Simulate a fraction of a step without storing it."""
SETTLE: Final = 2
"""Put the tails at rest, with zero velocity."""

_TINY: Final = 1e-12
_FRAME: Final = 0
_INVERSE: Final = 1
_CENTER: Final = 2
_SHIFT: Final = 3


class State(NamedTuple):
    """State and output buffers of a simulation; j joints, n nodes, m colliders.

    Attributes:
        tails, last_tails: (j, 3) in center space, after the last step and the one before.
        posed: (n, 4, 4) world matrices of the pose at the time of a step, without springs.
        moved: (n, 4, 4) the same with springs.
        lengths: (j,) distance from joint to tail in world space, metres.
        shapes: (m, 2, 3) colliders in world space: centre, and axis or normal.
        work: (4, 4, 4) scratch matrices of the current joint: joint space to world, its inverse,
            world to center space, and the one that takes the nodes below it from posed to moved.
    """

    tails: F64
    last_tails: F64
    posed: F64
    moved: F64
    lengths: F64
    shapes: F64
    work: F64


@compiled
def measure(rig: Rig, posed: F64, work: F64, lengths: F64) -> None:
    """Write the distances (j,) from each joint to its tail in a pose, metres."""
    for i in range(len(rig.nodes)):
        _rest_frame(work, posed, rig.parents[i], rig.frames, i)
        x, y, z = _turn(work, _FRAME, _row(rig.axes, i))
        lengths[i] = rig.lengths[i] * math.sqrt(x * x + y * y + z * z)


@compiled
def displacement(nodes: I64, before: F64, now: F32) -> float:
    """Return the length of the joints' mean displacement between two poses, metres.

    Args:
        nodes: (j,) the joints' nodes, at least one.
        before, now: (n, 4, 4) world matrices of the two poses.
    """
    x = y = z = 0.0
    for i in range(len(nodes)):
        node = nodes[i]
        x += float(now[node, 0, 3]) - before[node, 0, 3]
        y += float(now[node, 1, 3]) - before[node, 1, 3]
        z += float(now[node, 2, 3]) - before[node, 2, 3]
    return math.sqrt(x * x + y * y + z * z) / len(nodes)


@compiled
def move(rig: Rig, state: State, step: float, share: float, mode: int) -> None:
    """Rotate the joints in `moved`, which must be a copy of `posed`.

    Args:
        rig: the joints and colliders.
        state: the simulation's state.
        step: length of a step, seconds.
        share: elapsed fraction of the step, 0 to 1.
        mode: KEEP, SHOW or SETTLE.
    """
    moved, work, lengths, shapes = state.moved, state.work, state.lengths, state.shapes
    for k in range(len(rig.shape_nodes)):
        _move_shape(shapes, moved, rig.shape_nodes, rig.shape_points, rig.shapes, k)
    for i in range(len(rig.nodes)):
        _rest_frame(work, moved, rig.parents[i], rig.frames, i)
        _invert(work, _INVERSE, work, _FRAME)
        center = rig.centers[i]
        if center >= 0:
            _invert(work, _CENTER, moved, center)
        axis = _row(rig.axes, i)
        head = (work[_FRAME, 0, 3], work[_FRAME, 1, 3], work[_FRAME, 2, 3])
        rest = _unit(_turn(work, _FRAME, axis), axis)
        kind, pitch, yaw = rig.limit_kinds[i], rig.limit_angles[i, 0], rig.limit_angles[i, 1]

        if mode == SETTLE:
            tail = _along(head, rest, lengths[i])
        else:
            drag = rig.forces[i, 4]
            tail = _inertia(state.tails, state.last_tails, i, share * (1.0 - drag))
            if center >= 0:
                tail = _apply(moved, center, tail)
            tail = _along(tail, rest, rig.forces[i, 0] * step * share)
            gravity = (rig.forces[i, 1], rig.forces[i, 2], rig.forces[i, 3])
            tail = _along(tail, gravity, step * share)
            away = _unit(_minus(tail, head), rest)
            if kind != 0:
                away = _limit(work, rig.limit_frames, i, kind, pitch, yaw, away, axis, rest)
            tail = _along(head, away, lengths[i])
            for n in range(rig.heeded_starts[i], rig.heeded_starts[i + 1]):
                k = rig.heeded[n]
                depth, out = _collision(
                    shapes,
                    k,
                    rig.shapes[k, 0],
                    rig.shapes[k, 1],
                    rig.shape_radii[k],
                    rig.hit_radii[i],
                    tail,
                    away,
                )
                if depth > 0.0:
                    away = _unit(_minus(_along(tail, out, depth), head), rest)
                    if kind != 0:
                        away = _limit(work, rig.limit_frames, i, kind, pitch, yaw, away, axis, rest)
                    tail = _along(head, away, lengths[i])

        if mode != SHOW:
            kept = _apply(work, _CENTER, tail) if center >= 0 else tail
            last = kept if mode == SETTLE else _row(state.tails, i)
            _store(state.last_tails, i, last)
            _store(state.tails, i, kept)

        # Rotate the node towards its tail; the nodes it carries move rigidly with it.
        node = rig.nodes[i]
        _invert(work, _SHIFT, state.posed, node)
        _aim(moved, node, work, axis, _unit(_apply(work, _INVERSE, tail), axis), rig.scales, i)
        _multiply(work, _SHIFT, moved, node, work, _SHIFT)
        for n in range(rig.carried_starts[i], rig.carried_starts[i + 1]):
            carried = rig.carried[n]
            _multiply(moved, carried, work, _SHIFT, state.posed, carried)
        for n in range(rig.attached_starts[i], rig.attached_starts[i + 1]):
            k = rig.attached[n]
            _move_shape(shapes, moved, rig.shape_nodes, rig.shape_points, rig.shapes, k)


@compiled
def _rest_frame(work: F64, world: F64, parent: int, frames: F64, i: int) -> None:
    """Write the matrix from joint space to world for the joint at rest below its parent."""
    if parent >= 0:
        _multiply(work, _FRAME, world, parent, frames, i)
    else:
        for r in range(4):
            for c in range(4):
                work[_FRAME, r, c] = frames[i, r, c]


@compiled
def _inertia(tails: F64, last: F64, i: int, keep: float) -> Vector:
    return (
        tails[i, 0] + (tails[i, 0] - last[i, 0]) * keep,
        tails[i, 1] + (tails[i, 1] - last[i, 1]) * keep,
        tails[i, 2] + (tails[i, 2] - last[i, 2]) * keep,
    )


@compiled
def _collision(
    shapes: F64,
    k: int,
    kind: int,
    inside: int,
    radius: float,
    hit: float,
    tail: Vector,
    away: Vector,
) -> tuple[float, Vector]:
    """Return a tail's penetration depth in a collider, positive on contact, and the way out."""
    x, y, z = tail[0] - shapes[k, 0, 0], tail[1] - shapes[k, 0, 1], tail[2] - shapes[k, 0, 2]
    ox, oy, oz = shapes[k, 1, 0], shapes[k, 1, 1], shapes[k, 1, 2]
    if kind == 2:
        return hit - (x * ox + y * oy + z * oz), (ox, oy, oz)
    if kind == 1:
        square, dot = ox * ox + oy * oy + oz * oz, x * ox + y * oy + z * oz
        if dot > 0.0:
            share = 1.0 if dot >= square else dot / square
            x, y, z = x - share * ox, y - share * oy, z - share * oz
    length = math.sqrt(x * x + y * y + z * z)
    # At the centre the way out is arbitrary: use the bone's direction.
    out = (x / length, y / length, z / length) if length > _TINY else away
    if inside != 0:
        return length + hit - radius, (-out[0], -out[1], -out[2])
    return hit + radius - length, out


@compiled
def _move_shape(shapes: F64, moved: F64, nodes: I64, points: F64, kinds: I64, k: int) -> None:
    """Update a collider's world-space shape from its node."""
    node = nodes[k]
    x, y, z = _apply(moved, node, (points[k, 0, 0], points[k, 0, 1], points[k, 0, 2]))
    other = (points[k, 1, 0], points[k, 1, 1], points[k, 1, 2])
    if kinds[k, 0] == 2:
        ox, oy, oz = _unit(_turn_normal(moved, node, other), (0.0, 1.0, 0.0))
    else:
        ox, oy, oz = _minus(_apply(moved, node, other), (x, y, z))
    shapes[k, 0, 0], shapes[k, 0, 1], shapes[k, 0, 2] = x, y, z
    shapes[k, 1, 0], shapes[k, 1, 1], shapes[k, 1, 2] = ox, oy, oz


@compiled
def _limit(
    work: F64,
    frames: F64,
    i: int,
    kind: int,
    pitch: float,
    yaw: float,
    away: Vector,
    axis: Vector,
    rest: Vector,
) -> Vector:
    """Return a world-space direction clamped to the joint's limit."""
    x, y, z = _unit(_turn(work, _INVERSE, away), axis)
    local = (
        frames[i, 0, 0] * x + frames[i, 1, 0] * y + frames[i, 2, 0] * z,
        frames[i, 0, 1] * x + frames[i, 1, 1] * y + frames[i, 2, 1] * z,
        frames[i, 0, 2] * x + frames[i, 1, 2] * y + frames[i, 2, 2] * z,
    )
    allowed = _turn(frames, i, _clamp_to_limit(kind, pitch, yaw, local))
    return _unit(_turn(work, _FRAME, allowed), rest)


@compiled
def _clamp_to_limit(kind: int, pitch: float, yaw: float, d: Vector) -> Vector:
    """Return a unit direction in limit space clamped to a cone (1), hinge (2) or sphere (3)."""
    x, y, z = d
    if kind == 1:
        if y >= math.cos(pitch):
            return d
        across = math.sqrt(x * x + z * z)
        if across < _TINY:
            return (0.0, math.cos(pitch), math.sin(pitch))
        scale = math.sin(pitch) / across
        return (x * scale, math.cos(pitch), z * scale)
    if kind == 2:
        if y * y + z * z < _TINY:
            return (0.0, 1.0, 0.0)
        angle = math.atan2(abs(z), y)
        angle = math.copysign(min(angle, pitch), z)
        return (0.0, math.cos(angle), math.sin(angle))
    about_x = 0.0 if y * y + z * z < _TINY else math.atan2(z, y)
    about_x = min(max(about_x, -pitch), pitch)
    about_z = math.asin(min(max(x, -1.0), 1.0))
    about_z = min(max(about_z, -yaw), yaw)
    flat = math.cos(about_z)
    return (math.sin(about_z), flat * math.cos(about_x), flat * math.sin(about_x))


@compiled
def _aim(moved: F64, node: int, work: F64, a: Vector, b: Vector, scales: F64, i: int) -> None:
    """Write the node's matrix: the shortest rotation of unit vector a to b, then the scale."""
    x, y, z = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    w = 1.0 + a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    if w < 1e-9:
        # Opposite vectors: any perpendicular axis will do.
        w = 0.0
        x, y, z = (-a[1], a[0], 0.0) if abs(a[0]) > abs(a[2]) else (0.0, -a[2], a[1])
    half = 1.0 / math.sqrt(x * x + y * y + z * z + w * w)
    x, y, z, w = x * half, y * half, z * half, w * half
    columns = (
        (1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + z * w), 2.0 * (x * z - y * w)),
        (2.0 * (x * y - z * w), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + x * w)),
        (2.0 * (x * z + y * w), 2.0 * (y * z - x * w), 1.0 - 2.0 * (x * x + y * y)),
    )
    for c in range(3):
        turned = _turn(work, _FRAME, columns[c])
        for r in range(3):
            moved[node, r, c] = turned[r] * scales[i, c]
    for r in range(3):
        moved[node, r, 3] = work[_FRAME, r, 3]


@compiled
def _multiply(out: F64, o: int, a: F64, i: int, b: F64, j: int) -> None:
    """Write out[o] = a[i] · b[j] for affine matrices; out[o] may be b[j]."""
    for c in range(4):
        x, y, z = _turn(a, i, (b[j, 0, c], b[j, 1, c], b[j, 2, c]))
        last = a[i, 0, 3], a[i, 1, 3], a[i, 2, 3]
        if c == 3:
            x, y, z = x + last[0], y + last[1], z + last[2]
        out[o, 0, c], out[o, 1, c], out[o, 2, c] = x, y, z
    out[o, 3, 0], out[o, 3, 1], out[o, 3, 2], out[o, 3, 3] = 0.0, 0.0, 0.0, 1.0


@compiled
def _invert(out: F64, o: int, m: F64, i: int) -> None:
    """Write out[o] = m[i]⁻¹ of an affine matrix; of a singular one, only undo the translation."""
    ax, ay, az = m[i, 0, 0], m[i, 1, 0], m[i, 2, 0]
    bx, by, bz = m[i, 0, 1], m[i, 1, 1], m[i, 2, 1]
    cx, cy, cz = m[i, 0, 2], m[i, 1, 2], m[i, 2, 2]
    determinant = ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)
    if abs(determinant) > 1e-24:
        d = 1.0 / determinant
        out[o, 0, 0], out[o, 0, 1] = (by * cz - bz * cy) * d, (bz * cx - bx * cz) * d
        out[o, 0, 2], out[o, 1, 0] = (bx * cy - by * cx) * d, (cy * az - cz * ay) * d
        out[o, 1, 1], out[o, 1, 2] = (cz * ax - cx * az) * d, (cx * ay - cy * ax) * d
        out[o, 2, 0], out[o, 2, 1] = (ay * bz - az * by) * d, (az * bx - ax * bz) * d
        out[o, 2, 2] = (ax * by - ay * bx) * d
    else:
        for r in range(3):
            for c in range(3):
                out[o, r, c] = 1.0 if r == c else 0.0
    x, y, z = _turn(out, o, (m[i, 0, 3], m[i, 1, 3], m[i, 2, 3]))
    out[o, 0, 3], out[o, 1, 3], out[o, 2, 3] = -x, -y, -z
    out[o, 3, 0], out[o, 3, 1], out[o, 3, 2], out[o, 3, 3] = 0.0, 0.0, 0.0, 1.0


@compiled
def _turn_normal(m: F64, i: int, n: Vector) -> Vector:
    """Return a plane's normal transformed by the inverse transpose, up to a positive factor."""
    a, b, c = (_column(m, i, 0), _column(m, i, 1), _column(m, i, 2))
    bc, ca, ab = _cross(b, c), _cross(c, a), _cross(a, b)
    sign = math.copysign(1.0, a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2])
    return (
        sign * (bc[0] * n[0] + ca[0] * n[1] + ab[0] * n[2]),
        sign * (bc[1] * n[0] + ca[1] * n[1] + ab[1] * n[2]),
        sign * (bc[2] * n[0] + ca[2] * n[1] + ab[2] * n[2]),
    )


@compiled
def _apply(m: F64, i: int, p: Vector) -> Vector:
    """Return a point transformed by the affine matrix m[i]."""
    x, y, z = _turn(m, i, p)
    return (x + m[i, 0, 3], y + m[i, 1, 3], z + m[i, 2, 3])


@compiled
def _turn(m: F64, i: int, v: Vector) -> Vector:
    """Return a vector transformed by the linear part of m[i]."""
    return (
        m[i, 0, 0] * v[0] + m[i, 0, 1] * v[1] + m[i, 0, 2] * v[2],
        m[i, 1, 0] * v[0] + m[i, 1, 1] * v[1] + m[i, 1, 2] * v[2],
        m[i, 2, 0] * v[0] + m[i, 2, 1] * v[1] + m[i, 2, 2] * v[2],
    )


@compiled
def _unit(v: Vector, otherwise: Vector) -> Vector:
    """Return v normalised, or `otherwise` where v has no length or is not finite."""
    length = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    if _TINY < length < math.inf:
        return (v[0] / length, v[1] / length, v[2] / length)
    return otherwise


@compiled
def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


@compiled
def _minus(a: Vector, b: Vector) -> Vector:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


@compiled
def _along(point: Vector, direction: Vector, distance: float) -> Vector:
    return (
        point[0] + direction[0] * distance,
        point[1] + direction[1] * distance,
        point[2] + direction[2] * distance,
    )


@compiled
def _column(m: F64, i: int, c: int) -> Vector:
    return (m[i, 0, c], m[i, 1, c], m[i, 2, c])


@compiled
def _row(array: F64, i: int) -> Vector:
    return (array[i, 0], array[i, 1], array[i, 2])


@compiled
def _store(array: F64, i: int, v: Vector) -> None:
    array[i, 0], array[i, 1], array[i, 2] = v
