"""Dim the back lights for a camera on the stage that looks into the hall."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from renderer.stage.records import Camera, Light, Point

MOST_DIMMED: Final = 0.6
"""Fraction of a light that is taken off where it shines exactly along the camera's axis."""


def dim_back_lights(lights: tuple[Light, ...], camera: Camera) -> tuple[Light, ...]:
    """Return the lights as a camera needs them, the key unchanged.

    Rims are bright enough to show beside the key. From behind the performers they are front light,
    which would overexpose white cloth and make black cloth grey.

    Args:
        lights: the key first.
        camera: of the program.
    """
    x, _, z = _direction(camera.position, camera.target)
    if z <= 0.0:
        return lights
    # Full for a camera that looks straight into the hall, none from the wings.
    upstage = z / max(math.hypot(x, z), 1e-6)
    return (*lights[:1], *(_dim(light, upstage) for light in lights[1:]))


def _dim(light: Light, upstage: float) -> Light:
    along = max(_direction(light.position, light.target)[2], 0.0)
    share = 1.0 - MOST_DIMMED * upstage * along
    red, green, blue = light.color
    return replace(light, color=(share * red, share * green, share * blue))


def _direction(start: Point, end: Point) -> Point:
    """Return the unit vector from one point to another."""
    length = max(math.dist(start, end), 1e-6)
    return (
        (end[0] - start[0]) / length,
        (end[1] - start[1]) / length,
        (end[2] - start[2]) / length,
    )
