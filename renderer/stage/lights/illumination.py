"""Compute the light that arrives at points in the air, for effects that scatter it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from renderer.stage.records import Light

F64 = npt.NDArray[np.float64]
_STRONGEST = 4.0
"""Limit of a light close to its lens, as in shaders/lights.glsl."""


def light_at(lights: Sequence[Light], points: F64) -> F64:
    """Return the light (n, 3), linear RGB, that arrives at points (n, 3), without shadows.

    Attenuation is that of shaders/lights.glsl.
    """
    total = np.zeros((len(points), 3))
    for light in lights:
        if not any(light.color):
            continue
        share = np.ones(len(points))
        if light.cone is not None:
            away = points - np.array(light.position)
            squared = np.maximum((away * away).sum(axis=1), 0.01)
            aim = np.subtract(light.target, light.position)
            length2 = float(aim @ aim)
            cosine = (away @ aim) / np.sqrt(squared * length2)
            inner, outer = (math.cos(angle) for angle in light.cone)
            cone = np.clip((cosine - outer) / max(inner - outer, 1e-4), 0.0, 1.0)
            lost = length2 / light.range_m**2
            strength = length2 / (1.0 - lost) if lost < 1.0 else length2
            falloff = strength / squared - strength / light.range_m**2
            share = cone * cone * (3.0 - 2.0 * cone) * np.clip(falloff, 0.0, _STRONGEST)
        total += share[:, None] * np.array(light.color)
    return total
