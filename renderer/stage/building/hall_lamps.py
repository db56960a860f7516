"""Place the hall's lamps: strobes and blinders on its trusses, pixel bars on its risers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.building.hall_stage import BACK_Z, FRONT_Z, TRUSS_HEIGHT
from renderer.stage.lights.lamps import BAR_M, LampKind, LampPlace
from renderer.stage.records import Point

_TILT: Final = math.radians(24.0)
"""Downward tilt of the lamps above the stage, radians."""


def place_lamps() -> Iterator[LampPlace]:
    """Yield the lamps, with the roles "strobe", "blinder" and "bar"."""
    down = (0.0, -math.sin(_TILT), math.cos(_TILT))
    for x in (-4.7, -2.8, 2.8, 4.7):
        yield LampPlace(LampKind.STROBE, "strobe", (x, TRUSS_HEIGHT - 0.35, BACK_Z + 0.25), down)
    for x in (-4.3, -2.15, 2.15, 4.3):
        yield LampPlace(LampKind.BLINDER, "blinder", (x, TRUSS_HEIGHT - 0.50, FRONT_Z + 0.30), down)
    # Along the front of the lower riser beside its steps, and on the deck beyond its ends.
    for x in (-5.1, -3.9, -2.8, -1.7, 1.7, 2.8, 3.9, 5.1):
        z = -2.36 if abs(x) < 4.5 else -2.9
        yield LampPlace(LampKind.PIXEL_BAR, "bar", (x * BAR_M, 0.08, z), (0.0, 0.0, 1.0))


def node_matrix(position: Point, direction: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the matrix (4, 4) of a lamp's node.

    Args:
        position: metres.
        direction: unit, of its light, which is the node's +Z; not vertical.
    """
    forward = np.asarray(direction, np.float64)
    right = np.cross((0.0, 1.0, 0.0), forward)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.column_stack((right, np.cross(forward, right), forward))
    matrix[:3, 3] = position
    return matrix
