"""Pack a frame's lights and their shadow map placements, in the layout of lights.glsl."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.errors import GraphicsError
from renderer.graphics.gpu.matrices import TO_TEXTURE, right_of
from renderer.graphics.gpu.shadow_fit import fit_shadow_view
from renderer.graphics.records import DrawFault
from renderer.stage.lights.gobos import FramingBlades
from renderer.stage.lights.light_table import (
    COLOR,
    HAS_CONE,
    INNER,
    OUTER,
    POSITION,
    RANGE,
    TARGET,
    tabulate_lights,
)
from renderer.stage.records import Light

LIGHT_FLOATS: Final = 48
"""Floats of a light in shaders/lights.glsl: four vec4, a mat4 and four vec4."""

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
_NO_SPHERES: Final = np.zeros((0, 4), np.float32)


def _find_none(_name: str) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Caster:
    """A shadow-casting light and the placement of its shadow map.

    Attributes:
        light: index into the ordered lights.
        projection: (4, 4) float32, stage to the map's clip space, transposed for GL.
        viewport: (x, y, width, height) in texels of the shadow atlas.
    """

    light: int
    projection: F32
    viewport: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class LightTable:
    """A frame's lights, packed for shaders.

    Attributes:
        lights: ordered: shadow-casting lights, then the others; the first is the key light.
        rows: (l + 1, 48) float32, one for each light, then a black light.
        casters: one for each shadow-casting light.
        shadow_side: side of the shadow atlas, texels.
        shaped: bit mask of the lights with a gobo or framing blades.
    """

    lights: tuple[Light, ...]
    rows: F32
    casters: tuple[Caster, ...]
    shadow_side: int
    shaped: int = 0


def split_unusable(
    lights: Sequence[Light],
) -> tuple[tuple[Light, ...], tuple[DrawFault, ...]]:
    """Return the lights that can be drawn, and a fault for each that cannot."""
    table = tabulate_lights(lights)
    if _are_usable(table):
        return tuple(lights), ()
    good, faults = [], []
    for number, light in enumerate(lights):
        error = _fault(light, f"light {number + 1}")
        if error is None:
            good.append(light)
        else:
            faults.append(DrawFault(error.thing, error))
    return tuple(good), tuple(faults)


def limit_shadows(lights: Sequence[Light], most: int) -> tuple[Light, ...]:
    """Return the lights, with shadows for only the first `most` of those that cast them."""
    if sum(light.casts_shadow for light in lights) <= most:
        return tuple(lights)
    left = most
    limited = []
    for light in lights:
        if light.casts_shadow and left <= 0:
            light = replace(light, casts_shadow=False)
        left -= light.casts_shadow
        limited.append(light)
    return tuple(limited)


def _fault(light: Light, name: str) -> GraphicsError | None:
    numbers = (*light.position, *light.target, *light.color, *(light.cone or ()))
    if not all(map(math.isfinite, numbers)):
        return GraphicsError(name, "it holds a number that is not finite", "give finite numbers")
    if math.dist(light.position, light.target) <= 0.0:
        return GraphicsError(name, "it shines at its own position", "move its target away")
    if not light.range_m > 0.0:
        return GraphicsError(name, f"its range is {light.range_m:g} m", "give one above zero")
    return None


def pack_lights(
    lights: Sequence[Light],
    tile_texels: int,
    side_limit: int,
    casters: F32 = _NO_SPHERES,
    find_gobo: Callable[[str], int | None] = _find_none,
) -> LightTable:
    """Pack lights, and allocate one square of the shadow atlas for each shadow-casting light.

    Args:
        tile_texels: side of a shadow map; reduced if the maps do not fit.
        side_limit: the driver's maximum texture side, texels.
        casters: (s, 4) float32, bounding spheres of the avatars, to which shadow maps are fitted.
        find_gobo: returns a gobo's layer by its name; light passes where there is none.
    """
    count = sum(light.casts_shadow for light in lights)
    ordered = tuple(lights)
    if not all(light.casts_shadow for light in ordered[:count]):
        ordered = (
            *(light for light in lights if light.casts_shadow),
            *(light for light in lights if not light.casts_shadow),
        )
    across = max(1, math.ceil(math.sqrt(count)))
    texels = min(tile_texels, side_limit // across)
    rows = np.zeros((len(ordered) + 1, LIGHT_FLOATS), np.float32)
    _pack(tabulate_lights(ordered), rows)
    packed: list[Caster] = []
    shaped = 0
    for index, light in enumerate(ordered):
        row = rows[index]
        if light.cone is not None and (light.gobo or light.blades):
            row[36:48] = _pack_shape(light, find_gobo)
            shaped |= 1 << index
        if light.casts_shadow:
            view = fit_shadow_view(light, casters, texels)
            matrix = view.matrix
            down, right = divmod(index, across)
            row[14:16] = 1.0, view.disc
            row[16:32] = (TO_TEXTURE @ matrix).T.reshape(-1)
            row[32:36] = right / across, down / across, 1.0 / across, 1.0 / texels
            projection = np.ascontiguousarray(matrix.T, np.float32)
            viewport = (right * texels, down * texels, texels, texels)
            packed.append(Caster(index, projection, viewport))
    return LightTable(ordered, rows, tuple(packed), across * texels, shaped)


@compiled
def _are_usable(lights: F64) -> bool:
    """Return whether all of some lights (l, 13) can be drawn, by the criteria of `_fault`."""
    for light in lights:
        for value in light[:RANGE]:
            if not math.isfinite(value):
                return False
        is_at_target = True
        for axis in range(3):
            is_at_target &= light[POSITION + axis] == light[TARGET + axis]
        if is_at_target or not light[RANGE] > 0.0:
            return False
    return True


@compiled
def _pack(lights: F64, rows: F32) -> None:
    """Fill position, direction, color and the first half of reach of each row.

    Args:
        lights: (l, 13) as tabulated.
        rows: (l or more, 48) of zeros.
    """
    for number in range(len(lights)):
        light, row = lights[number], rows[number]
        offset = light[TARGET : TARGET + 3] - light[POSITION : POSITION + 3]
        squared = (offset * offset).sum()
        row[0:3] = light[POSITION : POSITION + 3]
        row[4:7] = offset / math.sqrt(squared)
        row[8:11] = light[COLOR : COLOR + 3]
        if light[HAS_CONE] == 0.0:
            row[12] = squared
            continue
        range_m = light[RANGE]
        lost = squared / (range_m * range_m)
        # A target beyond the range gets no light: use the strength without a range then.
        strength = squared / (1.0 - lost) if lost < 1.0 else squared
        inner, outer = math.cos(light[INNER]), math.cos(light[OUTER])
        if light[OUTER] >= math.pi:
            # Point light: a cosine below -1, so that rounding does not cut off its far side.
            outer = -2.0
        row[3], row[7] = 1.0, outer
        row[11] = 1.0 / max(inner - outer, 1e-4)
        row[12], row[13] = strength, strength / (range_m * range_m)


def _pack_shape(light: Light, find_gobo: Callable[[str], int | None]) -> tuple[float, ...]:
    """Return across, gobo and shutter of a light with a cone."""
    outer = math.radians(85.0) if light.cone is None else min(light.cone[1], math.radians(85.0))
    direction = [b - a for a, b in zip(light.position, light.target, strict=True)]
    gobo, blades = light.gobo, light.blades or FramingBlades()
    layer = find_gobo(gobo.name) if gobo is not None else None
    return (
        *right_of(direction), 1.0 / math.tan(outer),
        -1.0 if layer is None else float(layer), gobo.angle if gobo else 0.0, blades.angle, 1.0,
        blades.top, blades.right, blades.bottom, blades.left,
    )  # fmt: skip
