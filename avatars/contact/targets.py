"""Find where a hand must move to touch what it touches, in compiled code."""

from __future__ import annotations

from math import cos, hypot, pi, sin, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled_with
from avatars.contact import lookup
from avatars.contact.lookup import (
    hand_point,
    node_direction,
    node_distance,
    node_position,
    part_frame,
    surface_gap,
    surface_radius,
)
from avatars.contact.surface import Surface
from avatars.model import F32

F64 = npt.NDArray[np.float64]

# Numbers of ContactPart; compiled code reads plain integers.
FACE_PART: Final = 1
HIP_PART: Final = 2
HANDS_PART: Final = 3
FOREARM_PART: Final = 5

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

_FROM_FRONT: Final = 0.10
"""Metres by which a hand that holds an arm counts as being before it."""


@compiled_with(lookup)
def find_hand_point(surface: Surface, world: F32, side: int, anchor: int) -> F64:
    """Return the posed place (3,) of a hand's ContactAnchor."""
    return hand_point(surface, world, side, anchor)


@compiled_with(lookup)
def find_face_point(surface: Surface, world: F32, place: F32, thickness: float) -> F64:
    """Return the point (3,) before the posed face's surface at a place, see ContactPart.

    Args:
        surface: the avatar's.
        world: (n, 4, 4) posed matrices of its nodes.
        place: (2,) on the face; below the chin, at the chin's depth.
        thickness: metres between the point and the surface.
    """
    turn, move = part_frame(surface, world, 0)
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
        gap = surface_gap(surface, 0, origin + t * along) - thickness
        if gap < nearest:
            nearest, best = gap, t
        if gap <= 0.0:
            low, high = t, t + 2.0 * _RAY_HALF / _RAY_STEPS
            if before > 1e8:
                high = low
            for _ in range(_BISECTIONS):
                middle = 0.5 * (low + high)
                if surface_gap(surface, 0, origin + middle * along) - thickness <= 0.0:
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


@compiled_with(lookup)
def find_contact_move(
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
    at = hand_point(surface, world, side, anchor)
    thick = surface.thickness[side]
    if part == FACE_PART:
        return find_face_point(surface, world, place, thick) - at
    if part == HIP_PART:
        return _hip_point(surface, world, side, place[0], thick) - at
    other = 1 - side
    start = node_position(world, surface.arm_nodes[other, 0])
    end = elbows[other].copy()
    radius = surface.arm_radii[other, 0]
    if part == FOREARM_PART:
        start = end
        end = node_position(world, surface.arm_nodes[other, 2]) + moves[other]
        radius = surface.arm_radii[other, 1]
    along = end - start
    axis = start + place[0] * along
    # Arms are held from the front; where the hand is in depth one camera hardly shows.
    ahead = part_frame(surface, world, 1)[0][:, 2].copy()
    off = at - axis + _FROM_FRONT * ahead
    size2 = max(along @ along, 1e-9)
    off -= (off @ along) / size2 * along
    far = sqrt(off @ off)
    if far < 1e-4:
        off, far = np.array((0.0, 0.0, 1.0)), 1.0
    found: F64 = axis + (radius + thick) / far * off - at
    return found


@compiled_with(lookup)
def _hip_point(surface: Surface, world: F32, side: int, height: float, thick: float) -> F64:
    """Return the point (3,) beside the waist at a height, see ContactPart."""
    low, high = surface.torso[side, 0], surface.torso[side, 1]
    y = low + height * (high - low)
    part = 2 if y < surface.spans[2, 1] - 0.02 else 1
    out = 1.0 if side == 0 else -1.0
    azimuth = out * (0.5 * pi - _WAIST_AHEAD)
    radius = surface_radius(surface, part, y, azimuth) + thick
    point = np.array(
        (
            surface.axes[part, 0] + radius * sin(azimuth),
            y,
            surface.axes[part, 1] + radius * cos(azimuth),
        )
    )
    turn, move = part_frame(surface, world, part)
    found: F64 = turn @ point + move
    return found


@compiled_with(lookup)
def join_hands(surface: Surface, world: F32, places: F32, weight: float, moves: F64) -> None:
    """Move both palms to where they touch each other, each by half."""
    left, right = hand_point(surface, world, 0, 0), hand_point(surface, world, 1, 0)
    apart = right - left
    near = surface.thickness[0] + surface.thickness[1]
    forearm = node_distance(world, surface.arm_nodes[0, 1], surface.arm_nodes[0, 2])
    facing = node_direction(world, surface.arm_nodes[0, 2], surface.palms[0])
    facing -= node_direction(world, surface.arm_nodes[1, 2], surface.palms[1])
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
