"""Bake the light of groups of fixtures into a set's vertices.

Each vertex gets one irradiance value for each of four groups, so that a show can still change a
group's colour and level: shaded colour = reflectance × sum over groups of (irradiance × group
colour). Shadows are not baked; ambient occlusion near the ground approximates them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.records import Light

F64 = npt.NDArray[np.float64]

GROUPS: Final = 4
STRONGEST: Final = 2.0
"""Irradiance that a byte of 255 represents."""


def bake_groups(
    position: F64, normal: F64, groups: Sequence[Sequence[Light]]
) -> npt.NDArray[np.uint8]:
    """Return the irradiance of every vertex by group, (n, 4) uint8, for `decode_light`.

    Args:
        position, normal: (n, 3).
        groups: at most four; a light's intensity is its brightest channel.
    """
    out = np.zeros((len(position), GROUPS))
    for number, lights in enumerate(groups):
        for light in lights:
            out[:, number] += _compute_irradiance(light, position, normal)
    share = np.sqrt(np.clip(out / STRONGEST, 0.0, 1.0))
    return np.round(share * 255.0).astype(np.uint8)


def decode_light(light: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return irradiance (n, 4) decoded from the bytes of `bake_groups`."""
    return np.asarray(np.square(light.astype(np.float32) / 255.0) * STRONGEST, np.float32)


def _compute_irradiance(light: Light, position: F64, normal: F64) -> F64:
    """Return the irradiance (n,) of a spot or point light, attenuated as in the set's shader."""
    offset = np.asarray(light.position) - position
    distance = np.maximum(np.linalg.norm(offset, axis=1), 0.3)
    towards = offset / distance[:, None]
    axis = np.subtract(light.target, light.position)
    reach = float(np.linalg.norm(axis))
    inner, outer = light.cone or (math.pi, math.pi)
    brought = np.minimum(reach**2 / distance**2, 4.0) * max(light.color)
    if outer < math.pi:
        cosine = -(towards @ (axis / reach))
        low, high = math.cos(outer), math.cos(inner)
        share = np.clip((cosine - low) / (high - low), 0.0, 1.0)
        brought = brought * share * share * (3.0 - 2.0 * share)
    # Thin strips of quads are visible from both sides: count light from behind in part.
    facing = np.einsum("ij,ij->i", towards, normal)
    result: F64 = brought * np.maximum(facing, -0.35 * facing)
    return result
