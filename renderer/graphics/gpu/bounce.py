"""Compute the bounce light of the stage's floor on the avatars."""

from __future__ import annotations

import math
from typing import Final

from renderer.stage.records import Color, Light, StageState

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
    red = green = blue = 0.0
    for light in state.lights:
        share = _share(light, floor.height_m, floor.center)
        red += share * light.color[0]
        green += share * light.color[1]
        blue += share * light.color[2]
    bounce = red * floor.albedo[0], green * floor.albedo[1], blue * floor.albedo[2]
    # Values that are not finite are reported elsewhere, where lights and floors are excluded.
    return bounce if all(map(math.isfinite, bounce)) else _BLACK


def _share(light: Light, height_m: float, center: tuple[float, float]) -> float:
    """Return the fraction of a light's colour that the floor returns at an albedo of 1."""
    x, y, z = (b - a for a, b in zip(light.position, light.target, strict=True))
    length = math.sqrt(x * x + y * y + z * z)
    if not (length > 0.0 and math.isfinite(length)) or y >= 0.0:
        return 0.0
    down = -y / length
    if light.cone is None:
        return down
    fall = (light.position[1] - height_m) / down
    if fall <= 0.0 or fall >= light.range_m:
        return 0.0
    radius = fall * math.tan(min(light.cone[1], 1.4))
    scale = fall / length
    aside = math.hypot(
        light.position[0] + x * scale - center[0], light.position[2] + z * scale - center[1]
    )
    covered = radius * radius / (radius * radius + _HEIGHT_M * _HEIGHT_M + aside * aside)
    # The light's colour is as it arrives at the target, which may lie above or below the floor.
    return down * covered * min((length / fall) ** 2, 4.0)
