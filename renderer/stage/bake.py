"""Bake the light of groups of fixtures into a set's vertices.

Each vertex gets one irradiance for each of four groups, so that a show can still give a group
another colour and level: the surface's own colour times the sum over groups of irradiance times
the group's colour. Nothing casts a shadow; a soft floor of occlusion near the ground stands in.
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
"""Irradiance that a full byte stands for."""


def bake_groups(
    position: F64, normal: F64, groups: Sequence[Sequence[Light]]
) -> npt.NDArray[np.uint8]:
    """Return the irradiance of every vertex by group, (n, 4) bytes; `decode_light` reads them.

    Args:
        position, normal: (n, 3).
        groups: at most four; of a light's colour its brightest channel counts.
    """
    out = np.zeros((len(position), GROUPS))
    for number, lights in enumerate(groups):
        for light in lights:
            out[:, number] += _irradiance(light, position, normal)
    share = np.sqrt(np.clip(out / STRONGEST, 0.0, 1.0))
    return np.round(share * 255.0).astype(np.uint8)


def decode_light(light: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return irradiance (n, 4) from what `bake_groups` made."""
    return np.asarray(np.square(light.astype(np.float32) / 255.0) * STRONGEST, np.float32)


def _irradiance(light: Light, position: F64, normal: F64) -> F64:
    """Return what a spot or point light brings to each vertex (n,), as the set's shader has it."""
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
    # Both sides of a thin band of quads are seen: light from behind counts a little.
    facing = np.einsum("ij,ij->i", towards, normal)
    result: F64 = brought * np.maximum(facing, -0.35 * facing)
    return result
