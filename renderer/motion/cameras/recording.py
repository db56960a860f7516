"""Landmarks of one camera over time, as a calibration uses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.cameras.landmark_track import without_infinities
from renderer.motion.cameras.model import Camera
from renderer.motion.core.frames import body_points
from renderer.motion.core.skeleton import HIPS
from renderer.motion.trust.visibility import point_visibility

_VISIBLE: Final = 0.5
"""Visibility from which a landmark is used."""

_LONGEST_GAP_S: Final = 0.15
"""Longest gap in seconds over which landmarks are interpolated."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """Landmarks of one camera at given times.

    Attributes:
        slopes: (n, 33, 2) undistorted; NaN where not seen.
        velocity: (n, 33, 2) slopes per second.
        world: (n, 33, 3) metres about the hips in the camera's axes, as the detector guesses.
        distance: (n,) metres from the camera to the hips, by the body's apparent size.
    """

    slopes: Array
    velocity: Array
    world: Array
    distance: Array


@dataclass(frozen=True, slots=True)
class Recording:
    """What one camera saw.

    Attributes:
        camera: the camera; where it stands is not known yet.
        times: (n,) seconds on its own clock, rising; only frames with a body.
        slopes: (n, 33, 2) undistorted; NaN where not seen.
        world: (n, 33, 3) metres about the hips in the camera's axes, as the detector guesses.
        distance: (n,) metres from the camera to the hips.
    """

    camera: Camera
    times: Array
    slopes: Array
    world: Array
    distance: Array

    @classmethod
    def of(cls, camera: Camera, seen: Sequence[Observation]) -> Recording:
        """Collect the frames of a camera in which a body is seen."""
        times: list[float] = []
        slopes, worlds, distances = [], [], []
        focal = float(camera.focal.mean())
        for each in seen:
            one = without_infinities(each)
            if one.pose is None or one.pose_world is None:
                continue
            visible = point_visibility(one) >= _VISIBLE
            _, scale = body_points(one.pose, one.pose_world, one.size)
            if (
                not scale > 0.0
                or visible.sum() < 8
                or (times and one.t_seen_ns * 1e-9 <= times[-1])
            ):
                continue
            times.append(one.t_seen_ns * 1e-9)
            slopes.append(np.where(visible[:, None], camera.slopes(one.pose[:, :2]), np.nan))
            world = np.where(visible[:, None], one.pose_world, np.nan)
            worlds.append(world - 0.5 * (world[HIPS[0]] + world[HIPS[1]]))
            distances.append(focal / scale)
        return cls(
            camera,
            np.array(times),
            np.array(slopes).reshape(-1, 33, 2),
            np.array(worlds, np.float64).reshape(-1, 33, 3),
            np.array(distances),
        )

    @property
    def widths(self) -> Array:
        """Return (n,) the body's extent in slopes: half a metre at its distance."""
        return 0.5 / np.maximum(self.distance, 0.1)

    def sample(self, times: Array) -> Sampled:
        """Return the landmarks at times on this camera's clock; NaN in gaps and beyond the ends."""
        n = len(times)
        empty = Sampled(
            np.full((n, 33, 2), np.nan),
            np.zeros((n, 33, 2)),
            np.full((n, 33, 3), np.nan),
            np.full(n, np.nan),
        )
        if len(self.times) < 2:
            return empty
        after = np.clip(np.searchsorted(self.times, times), 1, len(self.times) - 1)
        before = after - 1
        gap = self.times[after] - self.times[before]
        share = (times - self.times[before]) / gap
        inside = (share >= -0.5) & (share <= 1.5) & (gap <= _LONGEST_GAP_S)
        step = self.slopes[after] - self.slopes[before]
        slopes = self.slopes[before] + share[:, None, None] * step
        nearer = np.where(share < 0.5, before, after)
        keep = inside[:, None, None]
        return Sampled(
            np.where(keep, slopes, np.nan),
            np.where(keep, step / gap[:, None, None], 0.0),
            np.where(keep, self.world[nearer], np.nan),
            np.where(inside, self.distance[nearer], np.nan),
        )
