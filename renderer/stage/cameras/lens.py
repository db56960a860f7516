"""Convert between focal lengths and angles of view, for the stage's cameras."""

from __future__ import annotations

import math
from typing import Final

SENSOR_MM: Final = (36.0, 20.25)
"""Width and height of the sensor: the 16:9 crop of a full frame, to which focal lengths refer."""

SHUTTER_ANGLE: Final = math.pi
"""Shutter angle, radians: the exposure is half of a frame's interval."""


def fov_of(focal_mm: float, aspect: float = 16 / 9) -> float:
    """Return the vertical angle of view of a lens, radians.

    For an upright picture the camera is turned on its side, so that the picture's height is the
    sensor's width.

    Args:
        focal_mm: focal length.
        aspect: the picture's width over its height.
    """
    height = SENSOR_MM[0] if aspect < 1.0 else SENSOR_MM[1]
    return 2.0 * math.atan(height / (2.0 * focal_mm))


def focal_of(fov_y: float, aspect: float = 16 / 9) -> float:
    """Return the focal length of a lens, mm; see `fov_of`."""
    height = SENSOR_MM[0] if aspect < 1.0 else SENSOR_MM[1]
    return height / (2.0 * math.tan(fov_y / 2.0))
