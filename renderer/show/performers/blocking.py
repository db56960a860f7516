"""Compute where on the stage an input's performers stand, relative to each other.

The solver determines how far a performer walks to the side, from the middle of the camera's
picture. Solving one performer at a time, it cannot determine who stands behind whom. That is
computed from the size of a metre of each in the picture: under weak perspective a performer at
distance d has s = f / d pixels per metre.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from renderer.capture.records import Observation
from renderer.motion.core.frames import MIN_SCALE, body_points
from renderer.motion.core.records import F32

_APART: Final = 1.1
"""Metres between performers who have not been detected yet."""
_CAMERAS_APART: Final = 1.6
"""Metres between the middles of two cameras' pictures, each of which has its own middle."""
_DEPTH_MOST: Final = 0.8
_SETTLE_S: Final = 1.0
"""Time constant in seconds of the low-pass filter on a performer's distance."""
_LONGEST_STEP_S: Final = 0.1


class Blocking:
    """Positions of one input's performers."""

    def __init__(self, performers: int, number: int, inputs: int) -> None:
        """Start without detections.

        Args:
            number: index of the input in the show, from 0.
            inputs: number of inputs.
        """
        aside = _CAMERAS_APART * (number - (inputs - 1) / 2)
        self._middle = np.array([aside, 0.0, 0.0], np.float32)
        spread = _APART * (np.arange(performers) - (performers - 1) / 2)
        self._waiting = np.zeros((performers, 3), np.float32)
        self._waiting[:, 0] = spread
        self._distances: list[float | None] = [None] * performers
        self._at_ns: int | None = None

    @property
    def distances(self) -> list[float | None]:
        """Return each performer's distance from the camera, metres; None if not known yet."""
        return list(self._distances)

    def restore(self, distances: Sequence[float | None]) -> None:
        """Start from the distances that an earlier engine measured, in the same order."""
        if len(distances) == len(self._distances):
            self._distances = list(distances)

    def at(self, newest: Sequence[Observation | None], t_ns: int) -> list[F32]:
        """Return the origin of each performer's floor, (3,) metres.

        Args:
            newest: each performer's latest observation.
        """
        passed_s = 0.0 if self._at_ns is None else (t_ns - self._at_ns) * 1e-9
        self._at_ns = t_ns
        share = 1.0 - math.exp(-min(passed_s, _LONGEST_STEP_S) / _SETTLE_S)
        for number, observation in enumerate(newest):
            found = None if observation is None else distance(observation)
            known = self._distances[number]
            if found is not None:
                self._distances[number] = (
                    found if known is None else known + share * (found - known)
                )
        known_all = [one for one in self._distances if one is not None]
        mean = sum(known_all) / len(known_all) if known_all else 0.0
        return [
            self._middle + (waiting if one is None else _behind(one - mean))
            for waiting, one in zip(self._waiting, self._distances, strict=True)
        ]


def distance(observation: Observation) -> float | None:
    """Return a performer's distance from the camera, metres; None if it cannot be computed."""
    if observation.pose is None or observation.pose_world is None:
        return None
    _, scale = body_points(observation.pose, observation.pose_world, observation.size)
    return observation.focal_pixels / scale if scale > MIN_SCALE else None


def _behind(metres: float) -> F32:
    return np.array([0.0, 0.0, -min(max(metres, -_DEPTH_MOST), _DEPTH_MOST)], np.float32)
