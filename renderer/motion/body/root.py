"""Root position: sideways from the image, height from the feet, depth from apparent size."""

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
"""Share of the change in apparent distance that moves the root."""

_DEPTH_LIMIT: Final = 1.5
"""Largest displacement in depth, metres."""

_USUAL_DISTANCE_S: Final = 20.0
"""Time constant [s] at which the reference distance follows the performer's."""

_JUMP_MIN: Final = 0.05
"""Metres that the feet may seem to rise before it counts as a jump."""

_JUMP_MAX: Final = 0.8
"""Largest height of a jump, metres."""

_FLOOR_S: Final = 2.0
"""Time constant [s] at which the floor follows feet that stay higher in the image."""


class RootEstimator:
    """Estimates the hips' displacement, low-pass filtered, and holds the foot lock.

    Attributes:
        feet: contact state and anchors of the feet.
    """

    def __init__(self) -> None:
        self.feet = FootLock()
        # Sideways movement and jumps follow within frames; depth is inferred from size and is slow.
        self._smooth = OneEuro(
            np.zeros((3, 1)), [[1.5], [3.0], [0.3]], [[2.0], [4.0], [0.3]], reset_after_s=0.8
        )
        self._scale = OneEuro(np.zeros((1, 1)), 0.6, 0.2, reset_after_s=0.8)
        self._usual_distance: float | None = None
        self._floor: float | None = None

    def update(
        self, seen: Observation, pose: F32, scale: float, feet_seen: bool, dt: float
    ) -> None:
        """Update the estimate from one observation.

        Args:
            seen: the observation; gives time, frame size and focal length.
            pose: (33, 3) normalised image points.
            scale: pixels per metre.
            feet_seen: whether both feet are in the image.
            dt: seconds since the last update.
        """
        t_ns = seen.t_seen_ns
        scale = exp(float(self._scale(np.array([[log(scale)]]), t_ns)[0, 0]))
        flat = image_plane(pose, seen.size) / scale
        across = 0.5 * float(flat[HIPS[0], 0] + flat[HIPS[1], 0])

        distance = seen.focal_pixels / scale
        if self._usual_distance is None:
            self._usual_distance = distance
        self._usual_distance += (1.0 - exp(-dt / _USUAL_DISTANCE_S)) * (
            distance - self._usual_distance
        )
        nearer = _DEPTH_GAIN * (self._usual_distance - distance)
        nearer = min(max(nearer, -_DEPTH_LIMIT), _DEPTH_LIMIT)

        jump = self._jump(flat, dt) if feet_seen else 0.0
        if feet_seen:
            self.feet.update(flat, dt)
        else:
            self.feet.release()
        self._smooth(np.array([[across], [jump], [nearer]]), t_ns)

    def _jump(self, flat: Array, dt: float) -> float:
        """Return the height of a jump in metres; 0 without one.

        Args:
            flat: (33, 2) image points, metres, y up.
            dt: seconds since the last update.
        """
        lowest = float(flat[_FEET, 1].min())
        if not np.isfinite(lowest):
            return 0.0
        if self._floor is None or lowest < self._floor:
            self._floor = lowest
        self._floor += (1.0 - exp(-dt / _FLOOR_S)) * (lowest - self._floor)
        return min(max(lowest - self._floor - _JUMP_MIN, 0.0), _JUMP_MAX)

    @property
    def value(self) -> Array:
        """(3,) metres: sideways, up, towards the camera."""
        return self._smooth.value[:, 0]
