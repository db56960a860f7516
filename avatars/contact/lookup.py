"""Look up places on an avatar's posed surface, in compiled code."""

from __future__ import annotations

from math import atan2, hypot, pi, sqrt

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.contact.surface import Surface
from avatars.model import F32

F64 = npt.NDArray[np.float64]


@compiled
def surface_gap(surface: Surface, part: int, place: F64) -> float:
    """Return the distance of a place in a part's rest space from its surface; negative inside."""
    low, high = surface.spans[part, 0], surface.spans[part, 1]
    dx, dz = place[0] - surface.axes[part, 0], place[2] - surface.axes[part, 1]
    y = min(max(place[1], low), high)
    gap = hypot(dx, dz) - surface_radius(surface, part, y, atan2(dx, dz))
    beyond = abs(place[1] - y)
    if beyond <= 0.0:
        return gap
    return beyond if gap <= 0.0 else hypot(gap, beyond)


@compiled
def surface_radius(surface: Surface, part: int, y: float, azimuth: float) -> float:
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
def part_frame(surface: Surface, world: F32, part: int) -> tuple[F64, F64]:
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
def hand_point(surface: Surface, world: F32, side: int, point: int) -> F64:
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
def node_position(world: F32, node: int) -> F64:
    """Return the posed place (3,) of a node, metres."""
    out = np.empty(3)
    for k in range(3):
        out[k] = world[node, k, 3]
    return out


@compiled
def node_direction(world: F32, node: int, vector: F64) -> F64:
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
def node_distance(world: F32, a: int, b: int) -> float:
    """Return the distance of two nodes, metres."""
    off = node_position(world, a) - node_position(world, b)
    return sqrt(off @ off)
