"""Measure how much performers move, and choose the camera of the one who moves most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from renderer.stage.cameras.performers import Performer

_OVER_S: Final = 1.5
"""Time constant over which movement is averaged, seconds: about a bar, as cuts are on bars."""
_CLEARLY: Final = 1.5
"""Ratio by which another performer must move more to be cut to instead of the planned one."""
_LEAST: Final = 0.15
"""Speed in metres per second below which nobody counts as moving: swaying while standing."""
_LONGEST_S: Final = 0.5
"""Longest time between frames over which a speed is measured; after a longer one, it starts again,
seconds."""


class MovementMeter:
    """Averages the performers' speeds from frame to frame.

    A performer's speed is that of the face plus that of the highest point of head and hands.

    Attributes:
        speeds: metres per second, by performer.
    """

    def __init__(self) -> None:
        self.speeds: list[float] = []
        self._last: list[tuple[float, float, float, float]] = []
        self._last_s = -math.inf

    def update(self, seconds: float, performers: Sequence[Performer]) -> None:
        """Take in a frame.

        Args:
            seconds: its time, which may jump.
            performers: in it, always in the same order.
        """
        now = [(*one.face, one.top) for one in performers]
        dt = seconds - self._last_s
        if len(now) != len(self._last) or not 0.0 <= dt <= _LONGEST_S:
            self.speeds = [0.0] * len(now)
        elif dt > 0.0:
            share = 1.0 - math.exp(-dt / _OVER_S)
            for row, (new, old) in enumerate(zip(now, self._last, strict=True)):
                moved = math.dist(new[:3], old[:3]) + abs(new[3] - old[3])
                self.speeds[row] += share * (moved / dt - self.speeds[row])
        self._last, self._last_s = now, seconds

    def choose(self, planned: int, subjects: Mapping[int, int]) -> int:
        """Return the planned camera, or the one of a performer who moves clearly more.

        Args:
            planned: number of a camera.
            subjects: the performer's index by the numbers of cameras of the same framing with one
                performer each, the planned one among them; empty if it shows several.
        """
        known = {number: row for number, row in subjects.items() if row < len(self.speeds)}
        if planned not in known:
            return planned
        best = max(known, key=lambda number: self.speeds[known[number]])
        most = self.speeds[known[best]]
        clearly = most > max(_CLEARLY * self.speeds[known[planned]], _LEAST)
        return best if clearly else planned
