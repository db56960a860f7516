"""Landmarks of one camera at any time near now, from its newest observations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from renderer.capture.records import Observation
from renderer.motion.cameras.model import Camera
from renderer.motion.core.frames import body_points
from renderer.motion.trust.visibility import point_visibility

LANDMARKS: Final = 33

_AHEAD_S: Final = 0.05
"""Seconds by which landmarks are extrapolated at most."""

_FRESH_S: Final = (0.12, 0.3)
"""Age in seconds of a camera's newest observation up to which it has full weight, and from which it
has none. A frame of a camera of ten frames per second is 0.1 s old before the next one comes."""

_RETURN_S: Final = 0.5
"""Seconds in which a camera that sees the performer again regains its weight."""

_VELOCITY_SHARE: Final = 0.5
"""Share of a new velocity in the low-pass of the landmarks' velocities."""


@dataclass(frozen=True, slots=True)
class CameraLandmarks:
    """Landmarks of one camera at one time.

    Attributes:
        slopes: (33, 2) undistorted slopes; 0 where not visible.
        relative: (33,) metres, depths behind the hips' midpoint along the line of sight, as the
            detector guesses.
        distance: metres from the camera to the hips, by the body's apparent size.
        visibility: (33,) 0 to 1.
        weight: of the camera, 0 to 1: falls while it is silent and rises when it returns.
    """

    slopes: Array
    relative: Array
    distance: float
    visibility: Array
    weight: float


_DEPTH_S: Final = 0.12
"""Time constant of the low-pass on the depths that a detector guesses, seconds: they are several
times noisier than the picture, and count only as far as no other camera sees the landmark."""

_LEAP: Final = 3.0
"""Metres per second in the median of a group of landmarks that no body part's own movement has:
sides that are exchanged leap by 0.3 m in a frame."""

_GROUPS: Final = (slice(0, 11), slice(11, 23), slice(23, 33))
"""Head, arms with shoulders, legs with hips."""


def without_infinities(seen: Observation) -> Observation:
    """Return an observation whose landmarks are numbers or NaN."""
    if seen.pose is None or seen.pose_world is None:
        return seen
    pose, world = seen.pose, seen.pose_world
    if np.isfinite(np.add.reduce(pose, axis=None) + np.add.reduce(world, axis=None)):
        return seen
    return replace(
        seen,
        pose=np.where(np.isfinite(pose), pose, np.float32(np.nan)),
        pose_world=np.where(np.isfinite(world), world, np.float32(np.nan)),
    )


def _smooth_depth(
    last: CameraLandmarks, newest: CameraLandmarks, passed_s: float
) -> CameraLandmarks:
    """Return the newest landmarks with their guessed depths low-passed."""
    both = (last.visibility > 0.0) & (newest.visibility > 0.0)
    share = passed_s / (passed_s + _DEPTH_S)
    relative = last.relative + share * (newest.relative - last.relative)
    distance = last.distance + share * (newest.distance - last.distance)
    return replace(newest, relative=np.where(both, relative, newest.relative), distance=distance)


class LandmarkTrack:
    """Remembers one camera's newest two observations with a body.

    Attributes:
        camera: the camera; may be replaced by a newer calibration.
        newest_ns: time of the newest observation on the first camera's clock; None before any.
    """

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.newest_ns: int | None = None
        self._times: list[int] = []
        self._seen: list[CameraLandmarks] = []
        self._velocity: Array = np.zeros((LANDMARKS, 2))
        self._rise = 0.0
        self._interval_s = np.inf

    @property
    def interval_s(self) -> float:
        """Return the shortest time between two of its observations so far; infinite before two."""
        return self._interval_s

    def push(self, seen: Observation, t_ns: int) -> None:
        """Add an observation; one that is not newer is ignored.

        Args:
            seen: of this camera.
            t_ns: its time on the first camera's clock.
        """
        if self.newest_ns is not None:
            if t_ns <= self.newest_ns:
                return
            self._interval_s = min(self._interval_s, (t_ns - self.newest_ns) * 1e-9)
        self.newest_ns = t_ns
        landmarks = self._measure(seen)
        if landmarks is None:
            return
        if self._times:
            passed_s = (t_ns - self._times[-1]) * 1e-9
            if passed_s > _FRESH_S[1]:
                self._forget()
            else:
                self._rise = min(self._rise + passed_s / _RETURN_S, 1.0)
                last = self._seen[-1]
                both = (last.visibility > 0.0) & (landmarks.visibility > 0.0)
                speed = np.where(both[:, None], (landmarks.slopes - last.slopes) / passed_s, 0.0)
                self._update_velocity(speed, landmarks.distance)
                landmarks = _smooth_depth(last, landmarks, passed_s)
        self._times = [*self._times[-1:], t_ns]
        self._seen = [*self._seen[-1:], landmarks]

    def trust_at_once(self) -> None:
        """Give the camera full weight without a rise, at the start of a performance."""
        self._rise = 1.0

    def distrust(self) -> None:
        """Take the camera's weight; it rises again with further observations."""
        self._rise = 0.0

    def at(self, t_ns: int) -> CameraLandmarks | None:
        """Return the landmarks at a time; None if the camera sees nobody then."""
        if not self._seen:
            return None
        newest = self._seen[-1]
        age_s = (t_ns - self._times[-1]) * 1e-9
        if age_s >= _FRESH_S[1]:
            return None
        weight = smoothstep(self._rise, 0.0, 1.0) * (1.0 - smoothstep(age_s, *_FRESH_S))
        slopes = newest.slopes
        if age_s > 0.0:
            slopes = slopes + self._velocity * min(age_s, _AHEAD_S)
        elif len(self._seen) > 1:
            back = (self._times[-1] - t_ns) / (self._times[-1] - self._times[0])
            share = min(max(back, 0.0), 1.0)
            before = self._seen[0]
            both = (before.visibility > 0.0) & (newest.visibility > 0.0)
            moved = slopes + share * (before.slopes - slopes)
            slopes = np.where(both[:, None], moved, slopes)
        return CameraLandmarks(
            slopes, newest.relative, newest.distance, newest.visibility, float(weight)
        )

    def _update_velocity(self, speed: Array, distance: float) -> None:
        """Low-pass the velocities (33, 2), slopes per second.

        A group of landmarks that leaps together has not moved: its sides were exchanged, or another
        person was detected.
        """
        velocity = self._velocity + _VELOCITY_SHARE * (speed - self._velocity)
        for group in _GROUPS:
            if float(np.median(np.linalg.norm(speed[group], axis=1))) * distance > _LEAP:
                velocity[group] = 0.0
        self._velocity = velocity

    def _forget(self) -> None:
        """Forget the observations before a gap."""
        self._times, self._seen = [], []
        self._velocity = np.zeros((LANDMARKS, 2))
        self._rise = 0.0

    def _measure(self, seen: Observation) -> CameraLandmarks | None:
        """Return the landmarks of an observation; None without a usable body."""
        if seen.pose is None or seen.pose_world is None:
            return None
        seen = without_infinities(seen)
        if seen.pose is None or seen.pose_world is None:
            return None
        visibility = np.nan_to_num(point_visibility(seen))
        points, scale = body_points(seen.pose, seen.pose_world, seen.size)
        visible = visibility > 0.0
        if not scale > 0.0 or not visible.any():
            return None
        slopes = np.where(visible[:, None], self.camera.slopes(seen.pose[:, :2]), 0.0)
        focal = float(self.camera.focal.mean()) * max(seen.size) / max(self.camera.size)
        relative = np.where(visible, -points[:, 2], 0.0)
        return CameraLandmarks(slopes, clamp(relative, -1.5, 1.5), focal / scale, visibility, 1.0)
