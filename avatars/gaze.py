"""Apply a gaze to an avatar's eye bones or look expressions.

Source: VRMC_vrm-1.0 lookAt.md: an angle is clamped to the range's input maximum, then scaled so
that the input maximum gives the output maximum. The left eye's outer side is to the left.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.maths import quaternions
from avatars.model import F32, LookAt

_SMALLEST_INPUT: Final = math.radians(0.01)


def as_rotations(gaze: F32) -> F32:
    """Return R_y(yaw) · R_x(−pitch) (n, 4), xyzw.

    Args:
        gaze: (n, 2) radians: yaw to the left, pitch upwards.
    """
    sy, cy = np.sin(gaze[:, 0] / 2.0), np.cos(gaze[:, 0] / 2.0)
    sx, cx = np.sin(-gaze[:, 1] / 2.0), np.cos(-gaze[:, 1] / 2.0)
    out: F32 = np.stack((cy * sx, sy * cx, -sy * sx, cy * cx), axis=1)
    return out


class Gaze:
    """Computes the eye rotations or look weights of one avatar.

    Attributes:
        turns: (2, 4) xyzw, the normalised rotations of the left and the right eye.
        weights: (4,) lookLeft, lookRight, lookUp, lookDown.
        by_bone: whether the gaze turns eye bones; if not, `weights` is used.
    """

    def __init__(self, look_at: LookAt) -> None:
        self.by_bone: Final = look_at.kind == "bone"
        self._inner, self._outer, self._down, self._up = look_at.ranges
        self.turns: F32 = np.array([quaternions.IDENTITY] * 2, np.float32)
        self.weights: F32 = np.zeros(4, np.float32)

    def apply(self, yaw: float, pitch: float) -> None:
        """Write `turns` or `weights` for a gaze.

        Args:
            yaw: radians to the avatar's left.
            pitch: radians upwards.
        """
        vertical = _map_range(pitch, self._up) if pitch > 0.0 else -_map_range(-pitch, self._down)
        outer, inner = _map_range(abs(yaw), self._outer), _map_range(abs(yaw), self._inner)
        if self.by_bone:
            self.turns[0] = _turn(outer if yaw > 0.0 else -inner, vertical)
            self.turns[1] = _turn(inner if yaw > 0.0 else -outer, vertical)
            return
        # The specification maps look expressions by the outer range on both sides.
        side = min(outer, 1.0)
        self.weights[0] = side if yaw > 0.0 else 0.0
        self.weights[1] = side if yaw < 0.0 else 0.0
        self.weights[2] = min(max(vertical, 0.0), 1.0)
        self.weights[3] = min(max(-vertical, 0.0), 1.0)


def _map_range(angle: float, span: tuple[float, float]) -> float:
    largest, output = max(span[0], _SMALLEST_INPUT), span[1]
    return min(angle, largest) / largest * output


def _turn(yaw: float, pitch: float) -> tuple[float, float, float, float]:
    """Return R_y(yaw) · R_x(−pitch), xyzw; yaw to the left and pitch upwards, radians."""
    sy, cy = math.sin(yaw / 2.0), math.cos(yaw / 2.0)
    sx, cx = math.sin(-pitch / 2.0), math.cos(-pitch / 2.0)
    return cy * sx, sy * cx, -sy * sx, cy * cx
