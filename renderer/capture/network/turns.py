"""The turn of a head from three angles."""

from __future__ import annotations

import math
from typing import Final

from renderer.capture.network.records import F32, freeze

LARGEST_ANGLE: Final = 7.0
"""Radians: a whole turn and some. A packet whose head or eyes are turned further is malformed."""


def rotation_from_angles(yaw: float, pitch: float, roll: float) -> F32:
    """R_y(yaw) · R_x(−pitch) · R_z(roll) as a quaternion (4,) xyzw.

    Args:
        yaw: radians to the performer's left.
        pitch: radians upwards.
        roll: radians about the nose, the left ear upwards.
    """
    cy, sy = math.cos(0.5 * yaw), math.sin(0.5 * yaw)
    cx, sx = math.cos(-0.5 * pitch), math.sin(-0.5 * pitch)
    cz, sz = math.cos(0.5 * roll), math.sin(0.5 * roll)
    return freeze(
        (
            cy * sx * cz + sy * cx * sz,
            sy * cx * cz - cy * sx * sz,
            cy * cx * sz - sy * sx * cz,
            cy * cx * cz + sy * sx * sz,
        )
    )
