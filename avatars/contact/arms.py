"""Bend an arm to where its hand moves, in compiled code.

Two-bone inverse kinematics (law of cosines) that keeps the elbow's plane and the hand's
orientation.
"""

from __future__ import annotations

from math import atan2, cos, sin, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled, compiled_with
from avatars.contact import lookup
from avatars.contact.lookup import node_position
from avatars.contact.surface import Surface
from avatars.model import F32

F64 = npt.NDArray[np.float64]

_TRUNK_ROWS: Final = (0, 1, 2, 3)
"""Rows of hips, spine, chest and upper chest among the human bones."""

_SHORTEST_REACH: Final = 0.25
_LONGEST_REACH: Final = 0.998
"""Distances from shoulder to wrist, as shares of the arm's length, to which an arm bends and
stretches for a contact."""

_KEEP_BEND: Final = 0.05
"""Metres of the elbow's distance from the line of shoulder and hand that its last direction counts
for."""

_BEND_STEP: Final = 0.3
"""Radians by which an elbow turns about the line of shoulder and hand between two frames."""


@compiled_with(lookup)
def bend_arm(
    surface: Surface, world: F32, side: int, move: F64, before: F64
) -> tuple[F64, F64, F64]:
    """Return elbow, wrist and the elbow's direction (3,) of an arm whose hand moves.

    The elbow stays in the plane of the arm as posed. Where the arm is nearly straight that plane is
    not determined and stays as it was in the frame before.
    """
    shoulder = node_position(world, surface.arm_nodes[side, 0])
    elbow = node_position(world, surface.arm_nodes[side, 1])
    wrist = node_position(world, surface.arm_nodes[side, 2])
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


@compiled_with(lookup)
def turn_arm(
    surface: Surface, world: F32, quaternions: F32, side: int, new_elbow: F64, new_wrist: F64
) -> None:
    """Write the rotations of an arm to a new elbow and wrist; the hand keeps its orientation."""
    shoulder = node_position(world, surface.arm_nodes[side, 0])
    elbow = node_position(world, surface.arm_nodes[side, 1])
    wrist = node_position(world, surface.arm_nodes[side, 2])
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
