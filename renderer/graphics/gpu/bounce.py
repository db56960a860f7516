"""Compute the bounce light of the stage's floor on the avatars."""

from __future__ import annotations

import math
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
from renderer.stage.records import Color, StageState

F64 = npt.NDArray[np.float64]

_HEIGHT_M: Final = 1.0
"""Height of the illuminated point above the floor, metres: the middle of an idol."""
_BLACK: Final = (0.0, 0.0, 0.0)


def floor_bounce(state: StageState) -> Color:
    """Return the irradiance over pi on a surface that faces the floor, linear RGB.

    Each light is weighted by its angle of incidence, and a spot also by the form factor of its
    pool: for a surface above its centre that faces it, a disc of radius r at distance h has
    r² / (r² + h²).
    """
    floor = state.floor
    if not any(floor.albedo):
        return _BLACK
    lights = tabulate_lights(state.lights)
    red, green, blue = _add_up(lights, floor.height_m, floor.center[0], floor.center[1])
    bounce = red * floor.albedo[0], green * floor.albedo[1], blue * floor.albedo[2]
    # Values that are not finite are reported elsewhere, where lights and floors are excluded.
    return bounce if all(map(math.isfinite, bounce)) else _BLACK


@compiled
def _add_up(
    lights: F64, height_m: float, center_x: float, center_z: float
) -> tuple[float, float, float]:
    """Return the sum of the colours of lights (l, 13) that a floor returns at an albedo of 1."""
    red, green, blue = 0.0, 0.0, 0.0
    for light in lights:
        share = _share(light, height_m, center_x, center_z)
        red += share * light[COLOR]
        green += share * light[COLOR + 1]
        blue += share * light[COLOR + 2]
    return red, green, blue


@compiled
def _share(light: F64, height_m: float, center_x: float, center_z: float) -> float:
    """Return the fraction of a light's colour that the floor returns at an albedo of 1."""
    x = light[TARGET] - light[POSITION]
    y = light[TARGET + 1] - light[POSITION + 1]
    z = light[TARGET + 2] - light[POSITION + 2]
    length = math.sqrt(x * x + y * y + z * z)
    if not (length > 0.0 and math.isfinite(length)) or y >= 0.0:
        return 0.0
    down: float = -y / length
    if light[HAS_CONE] == 0.0:
        return down
    fall = (light[POSITION + 1] - height_m) / down
    if fall <= 0.0 or fall >= light[RANGE]:
        return 0.0
    radius = fall * math.tan(min(light[OUTER], 1.4))
    scale = fall / length
    aside = math.hypot(
        light[POSITION] + x * scale - center_x, light[POSITION + 2] + z * scale - center_z
    )
    covered = radius * radius / (radius * radius + _HEIGHT_M * _HEIGHT_M + aside * aside)
    # The light's colour is as it arrives at the target, which may lie above or below the floor.
    share: float = down * covered * min((length / fall) ** 2, 4.0)
    return share
