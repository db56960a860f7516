"""Push hands out of head, chest and hips, in compiled code."""

from __future__ import annotations

from math import atan2, hypot, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled_with
from avatars.contact import lookup
from avatars.contact.lookup import hand_point, part_frame, surface_gap, surface_radius
from avatars.contact.surface import Surface
from avatars.model import F32

F64 = npt.NDArray[np.float64]

_DEEPEST: Final = 0.25
"""Metres by which a hand is pushed out of the body at most."""

_AXIS_BACK: Final = 0.15
"""Metres behind a part's axis of the axis that points inside the part are pushed away from."""

_MARCH_STEPS: Final = 8
"""Steps at most to the surface from inside."""

_BEHIND_ENTER: Final = -0.16
_BEHIND_LEAVE: Final = 0.0
"""Metres before the chest's axis below which a palm is behind the body, and above which not."""


@compiled_with(lookup)
def push_out(
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
        turn, move = part_frame(surface, world, part)
        axis_x, axis_z = surface.axes[part, 0], surface.axes[part, 1]
        low, high = surface.spans[part, 0] - thick, surface.spans[part, 1] + thick
        deepest, out_x, out_z = 0.0, 0.0, 0.0
        for point in range(surface.point_nodes.shape[1]):
            place = hand_point(surface, world, side, point)
            place += moved
            place += push
            place -= move
            y = turn[0, 1] * place[0] + turn[1, 1] * place[1] + turn[2, 1] * place[2]
            if y < low or y > high:
                continue
            x = turn[0, 0] * place[0] + turn[1, 0] * place[1] + turn[2, 0] * place[2] - axis_x
            z = turn[0, 2] * place[0] + turn[1, 2] * place[1] + turn[2, 2] * place[2] - axis_z
            y = min(max(y, surface.spans[part, 0]), surface.spans[part, 1])
            gap = hypot(x, z) - surface_radius(surface, part, y, atan2(x, z)) - thick
            if gap >= 0.0:
                continue
            far = max(hypot(x, z - back), 1e-6)
            along_x, along_z = x / far, (z - back) / far
            way = 0.0
            for _ in range(_MARCH_STEPS):
                way -= gap
                at_x, at_z = x + way * along_x, z + way * along_z
                gap = (
                    hypot(at_x, at_z) - surface_radius(surface, part, y, atan2(at_x, at_z)) - thick
                )
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


@compiled_with(lookup)
def is_behind(surface: Surface, world: F32, side: int, moved: F64, was: bool) -> bool:
    """Return whether a hand is behind the chest; one within the body's depth stays what it was."""
    turn, move = part_frame(surface, world, 1)
    place = hand_point(surface, world, side, 0) + moved - move
    z = turn[0, 2] * place[0] + turn[1, 2] * place[1] + turn[2, 2] * place[2]
    z -= surface.axes[1, 1]
    if z > _BEHIND_LEAVE:
        return False
    return was or z < _BEHIND_ENTER


@compiled_with(lookup)
def measure_depth(surface: Surface, world: F32, side: int) -> float:
    """Return how deep a hand's deepest point is inside head, chest or hips, metres."""
    deepest = 0.0
    for part in range(3):
        turn, move = part_frame(surface, world, part)
        for point in range(surface.point_nodes.shape[1]):
            place = turn.T @ (hand_point(surface, world, side, point) - move)
            if surface.spans[part, 0] < place[1] < surface.spans[part, 1]:
                deepest = max(deepest, -surface_gap(surface, part, place))
    return deepest
