"""Where the hips are: across from the picture, height from the feet, depth from apparent size."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.names import BONE_INDEX
from renderer.capture.records import F32
from renderer.motion.filters import OneEuro
from renderer.motion.frames import FOCAL, image_plane
from renderer.motion.linear import Array
from renderer.motion.quaternions import product
from renderer.motion.skeleton import ANKLES, HEELS, HIPS, TOES

HIP_DROP: Final = 0.05
ANKLE_HEIGHT: Final = 0.08
"""Metres from the hips bone down to the hip joints, and from ankle to sole."""

# Sole points from the ankle, in the foot's frame: the ball of the foot, and the heel.
_SOLE: Final[Array] = np.array([[0.0, -ANKLE_HEIGHT, 0.12], [0.0, -ANKLE_HEIGHT, -0.05]])

_DEPTH_GAIN: Final = 0.7
_DEPTH_MOST: Final = 1.5
_SETTLE_S: Final = 20.0
"""Time in which the usual distance follows the performer's."""

_JUMP_FREE: Final = 0.05
_JUMP_MOST: Final = 0.8
_FLOOR_S: Final = 2.0
"""Metres that feet may seem to rise before it is a jump, the most of a jump, and the time in which
the floor follows feet that stay higher in the picture."""

_UPPER: Final = [BONE_INDEX["leftUpperLeg"], BONE_INDEX["rightUpperLeg"]]
_LOWER: Final = [BONE_INDEX["leftLowerLeg"], BONE_INDEX["rightLowerLeg"]]
_FEET: Final = [BONE_INDEX["leftFoot"], BONE_INDEX["rightFoot"]]


def _height(q: Array, v: Array) -> Array:
    """The y of vectors (..., 3) turned by quaternions (..., 4)."""
    x, y, z, w = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    out: Array = (
        2.0 * (x * y + z * w) * v[..., 0]
        + (1.0 - 2.0 * (x * x + z * z)) * v[..., 1]
        + 2.0 * (y * z - x * w) * v[..., 2]
    )
    return out


def standing_height(leg: tuple[float, float]) -> float:
    """Metres from floor to hips of a standing performer with this thigh and shin."""
    return HIP_DROP + sum(leg) + ANKLE_HEIGHT


def height_over_sole(rotations: Array, leg: tuple[float, float]) -> float:
    """Metres from the lowest sole up to the hips, for local rotations (55, 4)."""
    hips = rotations[0]
    upper = product(hips, rotations[_UPPER])
    lower = product(upper, rotations[_LOWER])
    foot = product(lower, rotations[_FEET])
    ankle = _height(upper, np.array([0.0, -leg[0], 0.0]))
    ankle = ankle + _height(lower, np.array([0.0, -leg[1], 0.0]))
    lowest = float((ankle[:, None] + _height(foot[:, None], _SOLE)).min())
    return float(-_height(hips, np.array([0.0, -HIP_DROP, 0.0]))) - lowest


class Root:
    """The hips' displacement, smoothed."""

    def __init__(self) -> None:
        # Across and jumps follow within frames; depth is guessed from size, and slow.
        self._smooth = OneEuro(
            np.zeros((3, 1)), [[1.5], [3.0], [0.3]], [[2.0], [4.0], [0.3]], reset_after_s=0.8
        )
        self._scale = OneEuro(np.zeros((1, 1)), 0.6, 0.2, reset_after_s=0.8)
        self._usual_distance: float | None = None
        self._floor: float | None = None

    def update(
        self, pose: F32, size: tuple[int, int], scale: float, feet_seen: bool, t_ns: int, dt: float
    ) -> Array:
        """Take in the pose (33, 3) in the picture.

        Args:
            scale: pixels a metre.
            feet_seen: whether both feet are in the picture.

        Returns:
            (3,) metres: across, jump, and towards the camera.
        """
        scale = float(self._scale(np.array([[np.log(scale)]]), t_ns)[0, 0])
        scale = float(np.exp(scale))
        flat = image_plane(pose, size) / scale
        across = 0.5 * float(flat[HIPS[0], 0] + flat[HIPS[1], 0])

        distance = FOCAL * max(size) / scale
        if self._usual_distance is None:
            self._usual_distance = distance
        self._usual_distance += (1.0 - np.exp(-dt / _SETTLE_S)) * (distance - self._usual_distance)
        nearer = _DEPTH_GAIN * (self._usual_distance - distance)

        jump = self._jump(flat, dt) if feet_seen else 0.0
        seen = np.array([[across], [jump], [np.clip(nearer, -_DEPTH_MOST, _DEPTH_MOST)]])
        return self._smooth(seen, t_ns)[:, 0]

    def _jump(self, flat: Array, dt: float) -> float:
        lowest = float(flat[[*ANKLES, *HEELS, *TOES], 1].min())
        if not np.isfinite(lowest):
            return 0.0
        if self._floor is None or lowest < self._floor:
            self._floor = lowest
        self._floor += (1.0 - float(np.exp(-dt / _FLOOR_S))) * (lowest - self._floor)
        return float(np.clip(lowest - self._floor - _JUMP_FREE, 0.0, _JUMP_MOST))

    @property
    def value(self) -> Array:
        """(3,) what stands now."""
        return self._smooth.value[:, 0]
