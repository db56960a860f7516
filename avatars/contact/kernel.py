"""Move hands onto the surfaces that they touch and out of the body, in compiled code.

Each hand gets a displacement: towards the place that it touches, by the contact's weight, and out
of head, chest and hips where a point of it is inside. The arm follows by two-bone inverse
kinematics (law of cosines) that keeps the elbow's plane and the hand's orientation.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.contact.surface import Surface
from avatars.model import F32

F64 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

# Numbers of ContactPart; compiled code reads plain integers.
_FACE: Final = 1
_HIP: Final = 2
_HANDS: Final = 3
_UPPER_ARM: Final = 4
_FOREARM: Final = 5

_TRUNK_ROWS: Final = (0, 1, 2, 3)
"""Rows of hips, spine, chest and upper chest among the human bones."""

_RAY_STEPS: Final = 48
_RAY_HALF: Final = 0.30
"""Samples along the ray that looks for the face's surface, and its half length in metres."""

_BISECTIONS: Final = 6

_BESIDE: Final = 0.04
"""Metres by which the place may miss the head and still mean that the hand touches its side."""

_CHIN: Final = -1.0
"""Height on the face of the chin. What is seen below it hangs from it: the ray from the audience
would end at the throat, a decimetre behind a chin that keeps hands out."""

_WAIST_AHEAD: Final = 0.35
"""Radians by which a hand on the hip lies before the body's side."""

_DEEPEST: Final = 0.25
"""Metres by which a hand is pushed out of the body at most."""

_AXIS_BACK: Final = 0.15
"""Metres behind a part's axis of the axis that points inside the part are pushed away from."""

_PRESS: Final = 0.014
"""Metres by which the fingers of a hand on the face may press into it: their orientation is known
less well than the place that is touched."""

_MARCH_STEPS: Final = 8
"""Steps at most to the surface from inside."""

_BEHIND_ENTER: Final = -0.16
_BEHIND_LEAVE: Final = 0.0
"""Metres before the chest's axis below which a palm is behind the body, and above which not."""

_SHORTEST_REACH: Final = 0.25
_LONGEST_REACH: Final = 0.998
"""Distances from shoulder to wrist, as shares of the arm's length, to which an arm bends and
stretches for a contact."""

_FROM_FRONT: Final = 0.10
"""Metres by which a hand that holds an arm counts as being before it."""

_KEEP_BEND: Final = 0.05
"""Metres of the elbow's distance from the line of shoulder and hand that its last direction counts
for."""

_BEND_STEP: Final = 0.3
"""Radians by which an elbow turns about the line of shoulder and hand between two frames."""

_PASSES: Final = 2
"""Passes over both hands: each may rest on the other's arm."""


@compiled
def reach(
    surface: Surface,
    world: F32,
    quaternions: F32,
    parts: I8,
    anchors: I8,
    places: F32,
    weights: F32,
    pushes: F64,
    behind: Flags,
    bends: F64,
    push_step: float,
) -> bool:
    """Correct the rotations of both arms; return whether any changed.

    Args:
        surface: the avatar's.
        world: (n, 4, 4) posed matrices of its nodes.
        quaternions: (55, 4) xyzw, local, of the normalised skeleton; the arms' rows are changed.
        parts, anchors, places, weights: see HandContacts.
        pushes: (2, 3) metres, the displacements out of the body as of the last frame; updated.
        behind: (2,) whether each hand was behind the body; updated.
        bends: (2, 3) unit directions in which the elbows pointed; updated.
        push_step: metres by which these may change in a frame.
    """
    moves = np.zeros((2, 3))
    elbows = np.zeros((2, 3))
    for side in range(2):
        elbows[side] = _position(world, surface.arm_nodes[side, 1])
    for _ in range(_PASSES):
        for side in range(2):
            if weights[side] <= 0.0 or parts[side] == 0 or parts[side] == _HANDS:
                continue
            target = _contact_move(
                surface, world, side, parts[side], anchors[side], places[side], moves, elbows
            )
            for k in range(3):
                moves[side, k] = weights[side] * target[k]
            elbows[side] = _bend(surface, world, side, moves[side], bends[side])[0]
    if parts[0] == _HANDS and parts[1] == _HANDS:
        weight = min(float(weights[0]), float(weights[1]))
        if weight > 0.0:
            _join_hands(surface, world, places, weight, moves)
    for side in range(2):
        behind[side] = _is_behind(surface, world, side, moves[side], behind[side])
        slack = _PRESS * weights[side] if parts[side] == _FACE else 0.0
        push = _push_out(surface, world, side, moves[side], behind[side], slack)
        step = push - pushes[side]
        size = sqrt(step[0] ** 2 + step[1] ** 2 + step[2] ** 2)
        share = 1.0 if size <= push_step else push_step / size
        for k in range(3):
            pushes[side, k] += share * step[k]
            moves[side, k] += pushes[side, k]
    changed = False
    for side in range(2):
        size = moves[side, 0] ** 2 + moves[side, 1] ** 2 + moves[side, 2] ** 2
        elbow, wrist, bend = _bend(surface, world, side, moves[side], bends[side])
        bends[side] = bend
        if size > 1e-10:
            _turn_arm(surface, world, quaternions, side, elbow, wrist)
            changed = True
    return changed


@compiled
def measure_depth(surface: Surface, world: F32, side: int) -> float:
    """Return how deep a hand's deepest point is inside head, chest or hips, metres."""
    deepest = 0.0
    for part in range(3):
        turn, move = _part_frame(surface, world, part)
        for point in range(surface.point_nodes.shape[1]):
            place = turn.T @ (_point(surface, world, side, point) - move)
            if surface.spans[part, 0] < place[1] < surface.spans[part, 1]:
                deepest = max(deepest, -_gap(surface, part, place))
    return deepest


@compiled
def find_hand_point(surface: Surface, world: F32, side: int, anchor: int) -> F64:
    """Return the posed place (3,) of a hand's ContactAnchor."""
    return _point(surface, world, side, anchor)


@compiled
def find_face_point(surface: Surface, world: F32, place: F32, thickness: float) -> F64:
    """Return the point (3,) before the posed face's surface at a place, see ContactPart.

    Args:
        surface: the avatar's.
        world: (n, 4, 4) posed matrices of its nodes.
        place: (2,) on the face; below the chin, at the chin's depth.
        thickness: metres between the point and the surface.
    """
    turn, move = _part_frame(surface, world, 0)
    eyes = turn @ surface.eyes + move
    up_x, up_y = turn[0, 1], turn[1, 1]
    size = hypot(up_x, up_y)
    if size < 0.3:
        up_x, up_y, size = 0.0, 1.0, 1.0
    up_x, up_y = up_x / size, up_y / size
    across = place[0] * surface.face[0]
    above = max(float(place[1]), _CHIN) * surface.face[1]
    below = min(float(place[1]) - _CHIN, 0.0) * surface.face[1]
    start = np.array(
        (eyes[0] + across * up_y + above * up_x, eyes[1] - across * up_x + above * up_y, eyes[2])
    )
    # In the head's rest space the ray comes from the audience, along −Z of the stage.
    origin = turn.T @ (start - move)
    along = turn.T @ np.array((0.0, 0.0, 1.0))
    best, nearest = 0.0, 1e9
    before = 1e9
    for k in range(_RAY_STEPS + 1):
        t = _RAY_HALF * (1.0 - 2.0 * k / _RAY_STEPS)
        gap = _gap(surface, 0, origin + t * along) - thickness
        if gap < nearest:
            nearest, best = gap, t
        if gap <= 0.0:
            low, high = t, t + 2.0 * _RAY_HALF / _RAY_STEPS
            if before > 1e8:
                high = low
            for _ in range(_BISECTIONS):
                middle = 0.5 * (low + high)
                if _gap(surface, 0, origin + middle * along) - thickness <= 0.0:
                    low = middle
                else:
                    high = middle
            point = origin + low * along
            found: F64 = turn @ point + move
            found[0] += below * up_x
            found[1] += below * up_y
            return found
        before = gap
    point = origin + best * along
    if nearest < _BESIDE:
        dx, dz = point[0] - surface.axes[0, 0], point[2] - surface.axes[0, 1]
        far = max(hypot(dx, dz), 1e-6)
        point[0] -= nearest * dx / far
        point[2] -= nearest * dz / far
    beside: F64 = turn @ point + move
    beside[0] += below * up_x
    beside[1] += below * up_y
    return beside


@compiled
def _contact_move(
    surface: Surface,
    world: F32,
    side: int,
    part: int,
    anchor: int,
    place: F32,
    moves: F64,
    elbows: F64,
) -> F64:
    """Return the displacement (3,) that puts a hand's anchor on the place that it touches."""
    at = _point(surface, world, side, anchor)
    thick = surface.thickness[side]
    if part == _FACE:
        return find_face_point(surface, world, place, thick) - at
    if part == _HIP:
        return _hip_point(surface, world, side, place[0], thick) - at
    other = 1 - side
    start = _position(world, surface.arm_nodes[other, 0])
    end = elbows[other].copy()
    radius = surface.arm_radii[other, 0]
    if part == _FOREARM:
        start = end
        end = _position(world, surface.arm_nodes[other, 2]) + moves[other]
        radius = surface.arm_radii[other, 1]
    along = end - start
    axis = start + place[0] * along
    # Arms are held from the front; where the hand is in depth one camera hardly shows.
    ahead = _part_frame(surface, world, 1)[0][:, 2].copy()
    off = at - axis + _FROM_FRONT * ahead
    size2 = max(along @ along, 1e-9)
    off -= (off @ along) / size2 * along
    far = sqrt(off @ off)
    if far < 1e-4:
        off, far = np.array((0.0, 0.0, 1.0)), 1.0
    found: F64 = axis + (radius + thick) / far * off - at
    return found


@compiled
def _hip_point(surface: Surface, world: F32, side: int, height: float, thick: float) -> F64:
    """Return the point (3,) beside the waist at a height, see ContactPart."""
    low, high = surface.torso[side, 0], surface.torso[side, 1]
    y = low + height * (high - low)
    part = 2 if y < surface.spans[2, 1] - 0.02 else 1
    out = 1.0 if side == 0 else -1.0
    azimuth = out * (0.5 * pi - _WAIST_AHEAD)
    radius = _radius(surface, part, y, azimuth) + thick
    point = np.array(
        (
            surface.axes[part, 0] + radius * sin(azimuth),
            y,
            surface.axes[part, 1] + radius * cos(azimuth),
        )
    )
    turn, move = _part_frame(surface, world, part)
    found: F64 = turn @ point + move
    return found


@compiled
def _join_hands(surface: Surface, world: F32, places: F32, weight: float, moves: F64) -> None:
    """Move both palms to where they touch each other, each by half."""
    left, right = _point(surface, world, 0, 0), _point(surface, world, 1, 0)
    apart = right - left
    near = surface.thickness[0] + surface.thickness[1]
    forearm = _distance(world, surface.arm_nodes[0, 1], surface.arm_nodes[0, 2])
    facing = _direction(world, surface.arm_nodes[0, 2], surface.palms[0])
    facing -= _direction(world, surface.arm_nodes[1, 2], surface.palms[1])
    goal = np.array((places[0, 0] * forearm, places[0, 1] * forearm, 0.0))
    goal[2] = min(max(apart[2], -near), near)
    size = sqrt(goal @ goal)
    strength = sqrt(facing @ facing)
    if size < near:
        # Palms that face each other part along their normal, others as they are.
        if strength > 1.0:
            facing *= 1.0 / strength
            if facing @ apart < 0.0:
                facing = -facing
            goal += (near - size) * facing
        size = sqrt(goal @ goal)
        if size > 1e-4:
            goal *= max(near / size, 1.0)
        else:
            goal = np.array((-near, 0.0, 0.0))
    for k in range(3):
        moves[0, k] -= 0.5 * weight * (goal[k] - apart[k])
        moves[1, k] += 0.5 * weight * (goal[k] - apart[k])


@compiled
def _push_out(
    surface: Surface, world: F32, side: int, moved: F64, behind: bool, slack: float
) -> F64:
    """Return the displacement (3,) that takes a hand's points out of head, chest and hips.

    A hand that came from the front leaves to the front, however deep it is: what a camera sees
    before a body is not behind it. So points leave radially from an axis behind the body's own, or
    before it for a hand that came from behind. Fingers may press into it by `slack`, metres.
    """
    push = np.zeros(3)
    thick = 0.5 * surface.thickness[side] - slack
    back = _AXIS_BACK if behind else -_AXIS_BACK
    for part in range(3):
        turn, move = _part_frame(surface, world, part)
        axis_x, axis_z = surface.axes[part, 0], surface.axes[part, 1]
        low, high = surface.spans[part, 0] - thick, surface.spans[part, 1] + thick
        deepest, out_x, out_z = 0.0, 0.0, 0.0
        for point in range(surface.point_nodes.shape[1]):
            place = _point(surface, world, side, point)
            place += moved
            place += push
            place -= move
            y = turn[0, 1] * place[0] + turn[1, 1] * place[1] + turn[2, 1] * place[2]
            if y < low or y > high:
                continue
            x = turn[0, 0] * place[0] + turn[1, 0] * place[1] + turn[2, 0] * place[2] - axis_x
            z = turn[0, 2] * place[0] + turn[1, 2] * place[1] + turn[2, 2] * place[2] - axis_z
            y = min(max(y, surface.spans[part, 0]), surface.spans[part, 1])
            gap = hypot(x, z) - _radius(surface, part, y, atan2(x, z)) - thick
            if gap >= 0.0:
                continue
            far = max(hypot(x, z - back), 1e-6)
            along_x, along_z = x / far, (z - back) / far
            way = 0.0
            for _ in range(_MARCH_STEPS):
                way -= gap
                at_x, at_z = x + way * along_x, z + way * along_z
                gap = hypot(at_x, at_z) - _radius(surface, part, y, atan2(at_x, at_z)) - thick
                if gap > -1e-4:
                    break
            if way > deepest:
                deepest, out_x, out_z = way, way * along_x, way * along_z
        if deepest > 0.0:
            for r in range(3):
                push[r] += turn[r, 0] * out_x + turn[r, 2] * out_z
    size = sqrt(push[0] ** 2 + push[1] ** 2 + push[2] ** 2)
    if size > _DEEPEST:
        for r in range(3):
            push[r] *= _DEEPEST / size
    return push


@compiled
def _is_behind(surface: Surface, world: F32, side: int, moved: F64, was: bool) -> bool:
    """Return whether a hand is behind the chest; one within the body's depth stays what it was."""
    turn, move = _part_frame(surface, world, 1)
    place = _point(surface, world, side, 0) + moved - move
    z = turn[0, 2] * place[0] + turn[1, 2] * place[1] + turn[2, 2] * place[2]
    z -= surface.axes[1, 1]
    if z > _BEHIND_LEAVE:
        return False
    return was or z < _BEHIND_ENTER


@compiled
def _bend(surface: Surface, world: F32, side: int, move: F64, before: F64) -> tuple[F64, F64, F64]:
    """Return elbow, wrist and the elbow's direction (3,) of an arm whose hand moves.

    The elbow stays in the plane of the arm as posed. Where the arm is nearly straight that plane is
    not determined and stays as it was in the frame before.
    """
    shoulder = _position(world, surface.arm_nodes[side, 0])
    elbow = _position(world, surface.arm_nodes[side, 1])
    wrist = _position(world, surface.arm_nodes[side, 2])
    upper, lower = elbow - shoulder, wrist - elbow
    a, b = sqrt(upper @ upper), sqrt(lower @ lower)
    aim = wrist + move - shoulder
    far = max(sqrt(aim @ aim), 1e-6)
    shortest = max(_SHORTEST_REACH * (a + b), 1.02 * abs(a - b))
    reached = min(max(far, shortest), _LONGEST_REACH * (a + b))
    aim *= 1.0 / far
    out = upper + _KEEP_BEND * before
    out -= (out @ aim) * aim
    size = sqrt(out @ out)
    if size < 1e-5:
        out = np.array((0.0, -1.0, -0.2)) + (aim[1] + 0.2 * aim[2]) * aim
        size = max(sqrt(out @ out), 1e-6)
    out *= 1.0 / size
    kept = before - (before @ aim) * aim
    size = sqrt(kept @ kept)
    if size > 0.3:
        kept *= 1.0 / size
        aside = out - (out @ kept) * kept
        size = sqrt(aside @ aside)
        if atan2(size, out @ kept) > _BEND_STEP:
            if size < 1e-6:
                aside, size = np.cross(aim, kept), 1.0
            out = cos(_BEND_STEP) * kept + sin(_BEND_STEP) / size * aside
    # Law of cosines: the elbow's share along the way to the hand.
    along = (a * a + reached * reached - b * b) / (2.0 * reached)
    off = sqrt(max(a * a - along * along, 0.0))
    return shoulder + along * aim + off * out, shoulder + reached * aim, out


@compiled
def _turn_arm(
    surface: Surface, world: F32, quaternions: F32, side: int, new_elbow: F64, new_wrist: F64
) -> None:
    """Write the rotations of an arm to a new elbow and wrist; the hand keeps its orientation."""
    shoulder = _position(world, surface.arm_nodes[side, 0])
    elbow = _position(world, surface.arm_nodes[side, 1])
    wrist = _position(world, surface.arm_nodes[side, 2])
    upper_row, lower_row, hand_row = (
        surface.arm_rows[side, 0],
        surface.arm_rows[side, 1],
        surface.arm_rows[side, 2],
    )
    parent = np.array((0.0, 0.0, 0.0, 1.0))
    for row in _TRUNK_ROWS:
        parent = _multiply(parent, _quaternion(quaternions, row))
    # The shoulder precedes the upper arm.
    parent = _multiply(parent, _quaternion(quaternions, upper_row - 1))
    upper = _multiply(parent, _quaternion(quaternions, upper_row))
    lower = _multiply(upper, _quaternion(quaternions, lower_row))
    hand = _multiply(lower, _quaternion(quaternions, hand_row))
    upper = _multiply(_between(elbow - shoulder, new_elbow - shoulder), upper)
    swung = _rotate(_between(elbow - shoulder, new_elbow - shoulder), wrist - elbow)
    lower = _multiply(
        _between(swung, new_wrist - new_elbow),
        _multiply(_between(elbow - shoulder, new_elbow - shoulder), lower),
    )
    _store(quaternions, upper_row, _multiply(_inverse(parent), upper))
    _store(quaternions, lower_row, _multiply(_inverse(upper), lower))
    _store(quaternions, hand_row, _multiply(_inverse(lower), hand))


@compiled
def _gap(surface: Surface, part: int, place: F64) -> float:
    """Return the distance of a place in a part's rest space from its surface; negative inside."""
    low, high = surface.spans[part, 0], surface.spans[part, 1]
    dx, dz = place[0] - surface.axes[part, 0], place[2] - surface.axes[part, 1]
    y = min(max(place[1], low), high)
    gap = hypot(dx, dz) - _radius(surface, part, y, atan2(dx, dz))
    beyond = abs(place[1] - y)
    if beyond <= 0.0:
        return gap
    return beyond if gap <= 0.0 else hypot(gap, beyond)


@compiled
def _radius(surface: Surface, part: int, y: float, azimuth: float) -> float:
    """Return a part's radius at a height and an azimuth, interpolated."""
    radii = surface.radii
    rows, columns = radii.shape[1], radii.shape[2]
    low, high = surface.spans[part, 0], surface.spans[part, 1]
    v = (y - low) / max(high - low, 1e-6) * rows - 0.5
    v = min(max(v, 0.0), rows - 1.0)
    u = azimuth / (2.0 * pi) * columns
    if u < 0.0:
        u += columns
    row, column = int(v), int(u)
    fv, fu = v - row, u - column
    above = min(row + 1, rows - 1)
    column %= columns
    beside = (column + 1) % columns
    first = (1.0 - fu) * radii[part, row, column] + fu * radii[part, row, beside]
    second = (1.0 - fu) * radii[part, above, column] + fu * radii[part, above, beside]
    found: float = (1.0 - fv) * first + fv * second
    return found


@compiled
def _part_frame(surface: Surface, world: F32, part: int) -> tuple[F64, F64]:
    """Return rotation (3, 3) and shift (3,) from a part's rest to its pose."""
    node = surface.part_nodes[part]
    turn, move = np.zeros((3, 3)), np.zeros(3)
    inverse = surface.part_inverses[part]
    for r in range(3):
        for c in range(4):
            value = 0.0
            for k in range(3):
                value += world[node, r, k] * inverse[k, c]
            if c < 3:
                turn[r, c] = value
            else:
                move[r] = value + world[node, r, 3]
    return turn, move


@compiled
def _point(surface: Surface, world: F32, side: int, point: int) -> F64:
    """Return the posed place (3,) of a hand's point."""
    node = surface.point_nodes[side, point]
    offset = surface.point_offsets[side, point]
    out = np.empty(3)
    for r in range(3):
        value = float(world[node, r, 3])
        for c in range(3):
            value += world[node, r, c] * offset[c]
        out[r] = value
    return out


@compiled
def _position(world: F32, node: int) -> F64:
    out = np.empty(3)
    for k in range(3):
        out[k] = world[node, k, 3]
    return out


@compiled
def _direction(world: F32, node: int, vector: F64) -> F64:
    """Return the unit direction (3,) of a vector in a node's space."""
    out = np.empty(3)
    for r in range(3):
        out[r] = (
            world[node, r, 0] * vector[0]
            + world[node, r, 1] * vector[1]
            + world[node, r, 2] * vector[2]
        )
    return out / max(sqrt(out @ out), 1e-9)


@compiled
def _distance(world: F32, a: int, b: int) -> float:
    off = _position(world, a) - _position(world, b)
    return sqrt(off @ off)


@compiled
def _quaternion(quaternions: F32, row: int) -> F64:
    out = np.empty(4)
    for k in range(4):
        out[k] = quaternions[row, k]
    return out


@compiled
def _store(quaternions: F32, row: int, value: F64) -> None:
    size = sqrt(value @ value)
    for k in range(4):
        quaternions[row, k] = value[k] / size


@compiled
def _multiply(a: F64, b: F64) -> F64:
    """Return the Hamilton product a·b, xyzw."""
    return np.array(
        (
            a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
            a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
            a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
            a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
        )
    )


@compiled
def _inverse(q: F64) -> F64:
    return np.array((-q[0], -q[1], -q[2], q[3]))


@compiled
def _rotate(q: F64, v: F64) -> F64:
    """Rotate a vector (3,) by a unit quaternion."""
    axis = q[:3].copy()
    twice = 2.0 * np.cross(axis, v)
    found: F64 = v + q[3] * twice + np.cross(axis, twice)
    return found


@compiled
def _between(a: F64, b: F64) -> F64:
    """Return the shortest rotation from direction a to direction b, xyzw."""
    lengths = max(sqrt((a @ a) * (b @ b)), 1e-12)
    axis = np.cross(a, b) / lengths
    w = 1.0 + (a @ b) / lengths
    out = np.array((axis[0], axis[1], axis[2], w))
    size = sqrt(out @ out)
    if size < 1e-6:
        return np.array((0.0, 0.0, 0.0, 1.0))
    return out / size
