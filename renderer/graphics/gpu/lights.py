"""Pack a frame's lights and the places of their shadow maps, as lights.glsl has them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.errors import GraphicsError
from renderer.graphics.gpu.matrices import TO_TEXTURE, light_matrix
from renderer.graphics.records import DrawFault
from renderer.stage.records import Light

LIGHT_FLOATS: Final = 36
"""Floats of a light in shaders/lights.glsl: four vec4, a mat4 and a vec4."""

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Caster:
    """A light that casts a shadow, and where its shadow map lies.

    Attributes:
        light: index into the ordered lights.
        projection: (4, 4) float32, stage to the map's clip space, transposed for GL.
        viewport: (x, y, width, height) in texels of the texture that holds all maps.
    """

    light: int
    projection: F32
    viewport: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class LightTable:
    """A frame's lights, ready for shaders.

    Attributes:
        lights: in order: those that cast shadows, then the others; the first is the key.
        rows: (l + 1, 36) float32, one for each light and a black one behind them.
        casters: of the lights that cast shadows.
        shadow_side: texels, side of the texture that holds all maps.
    """

    lights: tuple[Light, ...]
    rows: F32
    casters: tuple[Caster, ...]
    shadow_side: int


def split_unusable(
    lights: Sequence[Light],
) -> tuple[tuple[Light, ...], tuple[DrawFault, ...]]:
    """Return the lights that can be drawn, and a fault for each that cannot."""
    good, faults = [], []
    for number, light in enumerate(lights):
        error = _fault(light, f"light {number + 1}")
        if error is None:
            good.append(light)
        else:
            faults.append(DrawFault(error.thing, error))
    return tuple(good), tuple(faults)


def _fault(light: Light, name: str) -> GraphicsError | None:
    numbers = (*light.position, *light.target, *light.color, *(light.cone or ()))
    if not all(map(math.isfinite, numbers)):
        return GraphicsError(name, "it holds a number that is not finite", "give finite numbers")
    if math.dist(light.position, light.target) <= 0.0:
        return GraphicsError(name, "it shines at its own position", "move its target away")
    if not light.range_m > 0.0:
        return GraphicsError(name, f"its range is {light.range_m:g} m", "give one above zero")
    return None


def pack_lights(lights: Sequence[Light], tile_texels: int, side_limit: int) -> LightTable:
    """Pack lights, and lay out one square of a shared texture for each shadow.

    Args:
        tile_texels: side of a shadow map; smaller where so many do not fit.
        side_limit: the largest texture side that the driver takes.
    """
    ordered = (
        *(light for light in lights if light.casts_shadow),
        *(light for light in lights if not light.casts_shadow),
    )
    count = sum(light.casts_shadow for light in lights)
    across = max(1, math.ceil(math.sqrt(count)))
    texels = min(tile_texels, side_limit // across)
    rows = np.zeros((len(ordered) + 1, LIGHT_FLOATS), np.float32)
    casters = []
    for index, light in enumerate(ordered):
        row = rows[index]
        row[:14] = _packed(light)
        if light.casts_shadow:
            matrix = light_matrix(light)
            down, right = divmod(index, across)
            row[14] = 1.0
            row[16:32] = (TO_TEXTURE @ matrix).T.reshape(-1)
            row[32:36] = right / across, down / across, 1.0 / across, 1.0 / texels
            projection = np.ascontiguousarray(matrix.T, np.float32)
            viewport = (right * texels, down * texels, texels, texels)
            casters.append(Caster(index, projection, viewport))
    return LightTable(ordered, rows, tuple(casters), across * texels)


def _packed(light: Light) -> tuple[float, ...]:
    """Return position, direction, color and the first half of reach."""
    offset = [b - a for a, b in zip(light.position, light.target, strict=True)]
    squared = sum(part * part for part in offset)
    length = math.sqrt(squared)
    unit = [part / length for part in offset]
    if light.cone is None:
        return (*light.position, 0.0, *unit, 0.0, *light.color, 0.0, squared, 0.0)
    lost = squared / (light.range_m * light.range_m)
    # A target beyond the range gets nothing: the strength is then what it would be without one.
    strength = squared / (1.0 - lost) if lost < 1.0 else squared
    inner, outer = (math.cos(angle) for angle in light.cone)
    if light.cone[1] >= math.pi:
        # A point light: past the last angle, so that its far side is not cut by rounding.
        outer = -2.0
    softness = 1.0 / max(inner - outer, 1e-4)
    reach = strength, strength / (light.range_m * light.range_m)
    return (*light.position, 1.0, *unit, outer, *light.color, softness, *reach)
