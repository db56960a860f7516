"""Test which lights reach which parts of a scene, for all pairs of a frame in one call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.stage.lights.light_table import (
    COLOR,
    HAS_CONE,
    OUTER,
    POSITION,
    RANGE,
    TARGET,
    tabulate_lights,
)
from renderer.stage.records import Light

F64 = npt.NDArray[np.float64]

_DARK: Final = 0.0
_EVERYWHERE: Final = 1.0
_CONE: Final = 2.0
_SPHERE: Final = 3.0
"""Kinds of lights, in the first column of the kernel's table."""


def lights_reach(
    lights: Sequence[Light], spheres: npt.NDArray[np.float32], starts: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Return for each light and part of a scene whether the light may reach the part.

    The test is conservative: a light that it rejects lights no point of the part. A black light
    reaches nothing, a directional light everything.

    Args:
        lights: (l) lights.
        spheres: (s, 4) centre and radius in stage space, metres; a part is inside their union.
        starts: (p,) ascending from 0: the first sphere of each part.

    Returns:
        (l, p) bool.
    """
    table = np.zeros((len(lights), 10))
    _describe(tabulate_lights(lights), table)
    reached = np.zeros((len(lights), len(starts)), np.bool_)
    if len(starts):
        _test(table, spheres, starts, reached)
    return reached


@compiled
def _describe(lights: F64, table: F64) -> None:
    """Fill a row a light: kind, apex (3), axis (3), cosine and sine of the outer angle, range.

    Args:
        lights: (l, 13) as tabulated.
        table: (l, 10) of zeros.
    """
    for number in range(len(lights)):
        light, row = lights[number], table[number]
        offset = light[TARGET : TARGET + 3] - light[POSITION : POSITION + 3]
        length = math.sqrt((offset * offset).sum())
        angle = light[OUTER]
        if not light[COLOR : COLOR + 3].any():
            row[0] = _DARK
        elif light[HAS_CONE] == 0.0 or not length > 0.0:
            row[0] = _EVERYWHERE
        else:
            # A cone of 180° or more is tested by its range alone.
            row[0] = _CONE if angle < math.pi / 2.0 else _SPHERE
            row[1:4] = light[POSITION : POSITION + 3]
            row[4:7] = offset / length
            row[7], row[8] = math.cos(angle), math.sin(angle)
            row[9] = light[RANGE]


@compiled
def _is_reached(light: F64, x: float, y: float, z: float, radius: float) -> bool:
    """Test one sphere. Source of the cone test: Wronski, "Cull that cone!", 2017."""
    x, y, z = x - light[1], y - light[2], z - light[3]
    squared = x * x + y * y + z * z
    limit = light[9] + radius
    if squared > limit * limit:
        return False
    if light[0] != _CONE:
        return True
    along = x * light[4] + y * light[5] + z * light[6]
    if along < -radius:
        return False
    # Distance from the centre to the cone's surface, negative inside.
    aside: float = math.sqrt(max(squared - along * along, 0.0))
    outside: float = light[7] * aside - light[8] * along
    return outside <= radius


@compiled
def _test(
    table: F64,
    spheres: npt.NDArray[np.float32],
    starts: npt.NDArray[np.intp],
    reached: npt.NDArray[np.bool_],
) -> None:
    """Fill `reached`; for each part, a sphere around all its spheres is tested first."""
    low, high = np.empty(3), np.empty(3)
    for part in range(len(starts)):
        first = starts[part]
        end = starts[part + 1] if part + 1 < len(starts) else len(spheres)
        low[:], high[:] = np.inf, -np.inf
        for sphere in range(first, end):
            for axis in range(3):
                low[axis] = min(low[axis], spheres[sphere, axis] - spheres[sphere, 3])
                high[axis] = max(high[axis], spheres[sphere, axis] + spheres[sphere, 3])
        x, y, z = (low + high) / 2.0
        radius = math.sqrt(((high - low) ** 2).sum()) / 2.0
        for number in range(len(table)):
            light = table[number]
            if light[0] == _DARK:
                continue
            if light[0] == _EVERYWHERE:
                reached[number, part] = True
                continue
            if not _is_reached(light, x, y, z, radius):
                continue
            for sphere in range(first, end):
                one = spheres[sphere]
                if _is_reached(light, one[0], one[1], one[2], one[3]):
                    reached[number, part] = True
                    break
