"""Simulate moving heads: pan, tilt and zoom with limited speed and acceleration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled

F64 = npt.NDArray[np.float64]

PAN_SPEED: Final = math.radians(220.0)
TILT_SPEED: Final = math.radians(190.0)
"""Maximum speeds, radians per second; 540° of pan in 2.5 s and 265° of tilt in 1.4 s are usual."""
ZOOM_SPEED: Final = math.tan(math.radians(25.0)) / 0.6
"""Maximum change of the half angle's tangent per second: a full zoom in 0.6 s."""
PAN_ACCELERATION: Final = PAN_SPEED / 0.18
TILT_ACCELERATION: Final = TILT_SPEED / 0.18
"""Maximum accelerations, radians per second squared: full speed after about a fifth of a second."""
SLOW_DOWN_S: Final = 0.09
"""Time constant of the approach to the target, seconds."""
LENS_M: Final = 0.17
"""Distance from a head's pivot to its lens."""
_STEP_S: Final = 1.0 / 60.0
"""Time step of the motors, independent of the frame rate, seconds."""


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
    """The state of a rig's moving heads: directions and beam widths.

    Args:
        pivots: (n, 3) metres.
    """

    def __init__(self, pivots: F64) -> None:
        self._pivots = np.asarray(pivots, np.float64).reshape(-1, 3)
        count = len(self._pivots)
        self.pan = np.zeros(count)
        """(n,) radians about the vertical, from +z towards +x; not limited to one turn."""
        self.tilt = np.zeros(count)
        """(n,) radians from straight down."""
        self._pan_speed = np.zeros(count)
        self._tilt_speed = np.zeros(count)
        self.spread = np.full(count, 0.05)
        """(n,) tangents of the half angles."""

    def jump(self, goals: HeadGoals) -> None:
        """Set every head to its target at once."""
        self.pan, self.tilt = self._find_angles(goals)
        self.spread = np.array(goals.spread, np.float64)
        self._pan_speed[:] = self._tilt_speed[:] = 0.0

    def advance(self, goals: HeadGoals, seconds: float) -> None:
        """Advance every head towards its target, within its motors' speed and acceleration."""
        pan, tilt = self._find_angles(goals)
        left = seconds
        while left > 1e-9:
            step = min(left, _STEP_S)
            left -= step
            share = 1.0 - math.exp(-step / SLOW_DOWN_S)
            _turn(self.pan, self._pan_speed, pan, share, step, PAN_SPEED, PAN_ACCELERATION)
            _turn(self.tilt, self._tilt_speed, tilt, share, step, TILT_SPEED, TILT_ACCELERATION)
            _zoom(self.spread, goals.spread, share, ZOOM_SPEED * step)

    def compute_directions(self) -> F64:
        """Return the direction of each head, (n, 3) unit vectors."""
        aside = np.sin(self.tilt)
        return np.column_stack(
            (aside * np.sin(self.pan), -np.cos(self.tilt), aside * np.cos(self.pan))
        )

    def compute_lenses(self) -> F64:
        """Return the centre of each lens, (n, 3) metres."""
        return np.asarray(self._pivots + LENS_M * self.compute_directions())

    def compute_speeds(self) -> F64:
        """Return the angular speed of each beam, (n,) radians per second."""
        return np.asarray(np.hypot(self._pan_speed * np.sin(self.tilt), self._tilt_speed))

    def _find_angles(self, goals: HeadGoals) -> tuple[F64, F64]:
        """Return pan and tilt (n,) of the targets, by the shorter way from the current angles.

        Two pairs of angles give the same direction: (pan, tilt) and (pan + half a turn, -tilt).
        """
        aim = goals.targets - self._pivots
        away = np.hypot(aim[:, 0], aim[:, 2])
        # Straight down, pan is undefined: keep it.
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


@compiled
def _turn(
    angle: F64, speed: F64, goal: F64, share: float, step: float, fastest: float, quickest: float
) -> None:
    """Turn the heads for one time step, writing angles and speeds.

    Args:
        share: of the way to the goal that an unlimited motor would cover.
        fastest, quickest: maximum speed and acceleration.
    """
    most = quickest * step
    for head in range(len(angle)):
        wanted = min(max(share / step * (goal[head] - angle[head]), -fastest), fastest)
        # Stop before reversing.
        start = 0.0 if speed[head] * wanted < 0.0 else speed[head]
        if abs(wanted) > abs(start):
            wanted = start + min(max(wanted - start, -most), most)
        speed[head] = wanted
        angle[head] += wanted * step


@compiled
def _zoom(spread: F64, goal: F64, share: float, most: float) -> None:
    """Zoom the heads for one time step by at most `most`."""
    for head in range(len(spread)):
        spread[head] += min(max(share * (goal[head] - spread[head]), -most), most)


def _wrap_angle(angle: F64) -> F64:
    """Wrap angles to -pi to pi."""
    return np.asarray((angle + math.pi) % math.tau - math.pi)
