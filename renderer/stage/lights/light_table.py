"""Collect the numbers of lights into one table, for kernels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.latest import remember_latest
from renderer.stage.records import Light

F64 = npt.NDArray[np.float64]

POSITION: Final = 0
TARGET: Final = 3
COLOR: Final = 6
INNER: Final = 9
OUTER: Final = 10
RANGE: Final = 11
HAS_CONE: Final = 12
"""First column of each value. Inner and outer are the cone's angles, radians."""
_COLUMNS: Final = 13
_NO_CONE: Final = math.pi, math.pi


def tabulate_lights(lights: Sequence[Light]) -> F64:
    """Return (l, 13): position, target and colour, the cone's angles, range, whether it has a cone.

    A light without a cone has the angles of a point light. The result must not be changed: a frame
    needs that of one tuple several times.
    """
    return _tabulate(lights if isinstance(lights, tuple) else tuple(lights))


@remember_latest
def _tabulate(lights: tuple[Light, ...]) -> F64:
    return np.array(
        [
            (
                *light.position,
                *light.target,
                *light.color,
                *(light.cone or _NO_CONE),
                light.range_m,
                light.cone is not None,
            )
            for light in lights
        ],
        np.float64,
    ).reshape(-1, _COLUMNS)
