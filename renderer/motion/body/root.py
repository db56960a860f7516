"""Where the hips are: across from the picture, height from the feet, depth from apparent size."""

from __future__ import annotations

from math import exp, log
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import F32, Observation
from renderer.motion.body.contact import FootLock
from renderer.motion.core.filters import OneEuro
from renderer.motion.core.frames import image_plane
from renderer.motion.core.skeleton import ANKLES, HIPS, TOES

_FEET: Final = slice(ANKLES[0], TOES[1] + 1)
_DEPTH_GAIN: Final = 0.7
_DEPTH_MOST: Final = 1.5
_SETTLE_S: Final = 20.0
"""Time in which the usual distance follows the performer's."""

_JUMP_FREE: Final = 0.05
_JUMP_MOST: Final = 0.8
_FLOOR_S: Final = 2.0
"""Metres that feet may seem to rise before it is a jump, the most of a jump, and the time in which
the floor follows feet that stay higher in the picture."""


class Root:
    """The hips' displacement, smoothed, and the feet that hold it.

    Attributes:
        feet: where feet bear weight.
    """

    def __init__(self) -> None:
        self.feet = FootLock()
        # Across and jumps follow within frames; depth is guessed from size, and slow.
        self._smooth = OneEuro(
            np.zeros((3, 1)), [[1.5], [3.0], [0.3]], [[2.0], [4.0], [0.3]], reset_after_s=0.8
        )
        self._scale = OneEuro(np.zeros((1, 1)), 0.6, 0.2, reset_after_s=0.8)
        self._usual_distance: float | None = None
        self._floor: float | None = None

    def update(
        self, seen: Observation, pose: F32, scale: float, feet_seen: bool, dt: float
    ) -> None:
        """Take in what is seen.

        Args:
            pose: (33, 3) the pose in the picture.
            scale: pixels a metre.
            feet_seen: whether both feet are in the picture.
        """
        t_ns = seen.t_seen_ns
        scale = exp(float(self._scale(np.array([[log(scale)]]), t_ns)[0, 0]))
        flat = image_plane(pose, seen.size) / scale
        across = 0.5 * float(flat[HIPS[0], 0] + flat[HIPS[1], 0])

        distance = seen.focal_pixels / scale
        if self._usual_distance is None:
            self._usual_distance = distance
        self._usual_distance += (1.0 - exp(-dt / _SETTLE_S)) * (distance - self._usual_distance)
        nearer = _DEPTH_GAIN * (self._usual_distance - distance)
        nearer = min(max(nearer, -_DEPTH_MOST), _DEPTH_MOST)

        jump = self._jump(flat, dt) if feet_seen else 0.0
        if feet_seen:
            self.feet.see(flat, dt)
        else:
            self.feet.lose()
        self._smooth(np.array([[across], [jump], [nearer]]), t_ns)

    def _jump(self, flat: Array, dt: float) -> float:
        lowest = float(flat[_FEET, 1].min())
        if not np.isfinite(lowest):
            return 0.0
        if self._floor is None or lowest < self._floor:
            self._floor = lowest
        self._floor += (1.0 - exp(-dt / _FLOOR_S)) * (lowest - self._floor)
        return min(max(lowest - self._floor - _JUMP_FREE, 0.0), _JUMP_MOST)

    @property
    def value(self) -> Array:
        """(3,) what stands now."""
        return self._smooth.value[:, 0]
