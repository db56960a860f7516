"""Compute a head rotation from three angles."""

from __future__ import annotations

import math
from typing import Final

from renderer.capture.network.records import F32, freeze

LARGEST_ANGLE: Final = 7.0
"""Largest valid angle of head or eyes in a packet, radians: slightly more than a full turn."""


def rotation_from_angles(yaw: float, pitch: float, roll: float) -> F32:
    """Return R_y(yaw) · R_x(−pitch) · R_z(roll) as a quaternion (4,) xyzw.

    Args:
        yaw: radians, positive to the performer's left.
        pitch: radians, positive upwards.
        roll: radians about the nose, positive with the left ear rising.
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
