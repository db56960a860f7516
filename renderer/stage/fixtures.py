"""Move the heads of moving lights as their motors can: pan, tilt and zoom with a greatest speed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

PAN_SPEED: Final = math.radians(220.0)
TILT_SPEED: Final = math.radians(190.0)
"""Radians a second; 540 degrees of pan in 2.5 s and 265 of tilt in 1.4 s are usual."""
ZOOM_SPEED: Final = math.tan(math.radians(25.0)) / 0.6
"""Of the half angle's tangent, a second: a whole zoom in 0.6 s."""
SLOW_DOWN_S: Final = 0.09
"""Time constant with which a head runs into its goal, seconds."""
LENS_M: Final = 0.17
"""From a head's pivot to its lens."""
_STEP_S: Final = 1.0 / 60.0
"""A head's motors are stepped this often, whatever the frame rate."""


@dataclass(frozen=True, slots=True)
class HeadGoals:
    """The target state of a group of heads.

    Attributes:
        targets: (n, 3) points to aim at, metres.
        spread: (n,) tangents of the half angles.
    """

    targets: F64
    spread: F64


class MovingHeads:
    """The heads of a rig: where they point, how wide they are.

    Args:
        pivots: (n, 3) metres.
    """

    def __init__(self, pivots: F64) -> None:
        self._pivots = np.asarray(pivots, np.float64).reshape(-1, 3)
        count = len(self._pivots)
        self.pan = np.zeros(count)
        """(n,) radians about the vertical, from +z towards +x; it may count on past a turn."""
        self.tilt = np.zeros(count)
        """(n,) radians from straight down."""
        self.spread = np.full(count, 0.05)
        """(n,) tangents of the half angles."""

    def jump(self, goals: HeadGoals) -> None:
        """Set every head to its target at once."""
        self.pan, self.tilt = self._angles(goals)
        self.spread = np.array(goals.spread, np.float64)

    def advance(self, goals: HeadGoals, seconds: float) -> None:
        """Move every head towards its goal for a time, no faster than its motors can."""
        pan, tilt = self._angles(goals)
        left = seconds
        while left > 1e-9:
            step = min(left, _STEP_S)
            left -= step
            share = 1.0 - math.exp(-step / SLOW_DOWN_S)
            self.pan += _limit_speed(share * (pan - self.pan), PAN_SPEED * step)
            self.tilt += _limit_speed(share * (tilt - self.tilt), TILT_SPEED * step)
            self.spread += _limit_speed(share * (goals.spread - self.spread), ZOOM_SPEED * step)

    def directions(self) -> F64:
        """Return where each head points, (n, 3) unit."""
        aside = np.sin(self.tilt)
        return np.column_stack(
            (aside * np.sin(self.pan), -np.cos(self.tilt), aside * np.cos(self.pan))
        )

    def lenses(self) -> F64:
        """Return the middle of each lens, (n, 3) metres."""
        return np.asarray(self._pivots + LENS_M * self.directions())

    def _angles(self, goals: HeadGoals) -> tuple[F64, F64]:
        """Return pan and tilt (n,) of the goals, the way round that is nearer to where heads are.

        A direction is reached by two pairs of angles: pan turned by half a turn with tilt negated
        is the other one.
        """
        aim = goals.targets - self._pivots
        away = np.hypot(aim[:, 0], aim[:, 2])
        # Straight below, any pan will do: it stays.
        pan = np.where(away > 1e-3, np.arctan2(aim[:, 0], aim[:, 2]), self.pan)
        tilt = np.arctan2(away, -aim[:, 1])
        near = self.pan + _wrap_angle(pan - self.pan)
        flipped = self.pan + _wrap_angle(pan + math.pi - self.pan)
        first = np.maximum(
            np.abs(near - self.pan) / PAN_SPEED, np.abs(tilt - self.tilt) / TILT_SPEED
        )
        other = np.maximum(
            np.abs(flipped - self.pan) / PAN_SPEED, np.abs(-tilt - self.tilt) / TILT_SPEED
        )
        is_flipped = other < first
        return np.where(is_flipped, flipped, near), np.where(is_flipped, -tilt, tilt)


def _limit_speed(change: F64, most: float) -> F64:
    return np.clip(change, -most, most)


def _wrap_angle(angle: F64) -> F64:
    """Return angles between -pi and pi."""
    return np.asarray((angle + math.pi) % math.tau - math.pi)
