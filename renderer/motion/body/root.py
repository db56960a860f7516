"""Root position: sideways from the image, height from the feet, depth from apparent size."""

from __future__ import annotations

from math import exp, hypot, log
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

_RUN: Final = 2.5
"""Metres per second at which the root moves along the floor at most."""

_LEAP: Final = 0.15
"""Metres beyond a run by which a body must have moved in the picture to have leapt."""

_GROWTH: Final = 1.25
"""Factor by which its size must have changed."""

_FALL: Final = 3.5
"""Metres per second at which it rises and falls at most; a jump of 0.6 m begins with that."""

_LONGEST_RISE_NS: Final = 250_000_000
"""Longest gap between two observations over which a rise of the hips is measured, nanoseconds."""

_FLOOR_S: Final = 2.0
"""Time constant [s] at which the floor follows feet that stay higher in the image."""


class BodyLeap:
    """Notices when a body is found elsewhere than a body can have moved."""

    def __init__(self) -> None:
        self._hips: Array | None = None
        self._scale = 0.0

    def check(self, pose: F32, size: tuple[int, int], scale: float, dt: float) -> bool:
        """Return whether the body leapt since the last frame.

        Args:
            pose: (33, 3) normalised image points.
            size: (width, height) of the frame in pixels.
            scale: pixels per metre.
            dt: seconds since the last call.
        """
        hips = image_plane(pose[list(HIPS)], size).mean(axis=0)
        before, self._hips = self._hips, hips
        known, self._scale = self._scale, scale
        if before is None or not known > 0.0 or not scale > 0.0:
            return False
        way = hypot(*(hips - before).tolist()) / scale
        return way > _LEAP + _RUN * dt or not 1.0 / _GROWTH < scale / known < _GROWTH


class RootSpeed:
    """Limits how fast one performer's root moves.

    A performer who is found again elsewhere, or a mirror image or a poster that is taken for the
    performer, would move the avatar across the stage within a frame. It walks there instead.
    """

    def __init__(self) -> None:
        self._shown: Array | None = None

    def follow(self, place: Array, dt: float) -> Array:
        """Return the root to show (3,), metres, as near to `place` as it may be.

        Args:
            place: (3,) metres: sideways, up, towards the camera.
            dt: seconds since the last call.
        """
        if self._shown is None or dt <= 0.0:
            self._shown = place if self._shown is None else self._shown
            return self._shown
        step = place - self._shown
        across = hypot(float(step[0]), float(step[2]))
        share = min(1.0, _RUN * dt / max(across, 1e-9))
        up = min(max(float(step[1]), -_FALL * dt), _FALL * dt)
        self._shown = self._shown + np.array([share * step[0], up, share * step[2]])
        return self._shown


class RootEstimator:
    """Estimates the hips' displacement, low-pass filtered, and holds the foot lock.

    Attributes:
        feet: contact state and anchors of the feet.
    """

    def __init__(self, *, in_space: bool = False) -> None:
        """Begin without observations.

        Args:
            in_space: depth is measured by several cameras, not inferred from the apparent size.
        """
        self.feet = FootLock()
        # Sideways movement and jumps follow within frames; depth from size is slow.
        depth = ([1.5], [2.0]) if in_space else ([0.3], [0.3])
        self._smooth = OneEuro(
            np.zeros((3, 1)), [[1.5], [3.0], depth[0]], [[2.0], [4.0], depth[1]], reset_after_s=0.8
        )
        self._scale = OneEuro(np.zeros((1, 1)), 0.6, 0.2, reset_after_s=0.8)
        self._usual_distance: float | None = None
        self._floor: float | None = None
        self._hips_up: tuple[float, int] | None = None
        self._rise = 0.0

    def take_rise(self, dt: float) -> float:
        """Return the metres by which the hips rose in the picture since they were last taken.

        Args:
            dt: seconds since then; no body rises or falls faster than it can in that time.
        """
        rise, self._rise = self._rise, 0.0
        return min(max(rise, -_FALL * dt), _FALL * dt)

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
        up = 0.5 * float(flat[HIPS[0], 1] + flat[HIPS[1], 1])
        if self._hips_up is not None and t_ns - self._hips_up[1] < _LONGEST_RISE_NS:
            self._rise = up - self._hips_up[0]
        self._hips_up = up, t_ns
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

    def update_in_space(self, points: Array, t_ns: int, feet_seen: bool, dt: float) -> None:
        """Update the estimate from landmarks on the stage, whose place several cameras measured.

        Args:
            points: (33, 3) metres.
            t_ns: time of the observation.
            feet_seen: whether both feet are seen.
            dt: seconds since the last update.
        """
        hips = 0.5 * (points[HIPS[0]] + points[HIPS[1]])
        if not np.isfinite(hips).all():
            return
        across, up, nearer = hips.tolist()
        if self._hips_up is not None and t_ns - self._hips_up[1] < _LONGEST_RISE_NS:
            self._rise = up - self._hips_up[0]
        self._hips_up = up, t_ns
        jump = 0.0
        if feet_seen:
            jump = self._jump(points, dt)
            self.feet.update(points, dt)
        else:
            self.feet.release()
        nearer = min(max(nearer, -_DEPTH_LIMIT), _DEPTH_LIMIT)
        self._smooth(np.array([[across], [jump], [nearer]]), t_ns)

    def _jump(self, flat: Array, dt: float) -> float:
        """Return the height of a jump in metres; 0 without one.

        Args:
            flat: (33, 2 or 3) points, metres, y up, in the image or on the stage.
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
