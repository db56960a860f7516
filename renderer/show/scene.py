"""Build the default stage's state: set, lights, posed avatars, and a camera that follows them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.paths import STAGE
from renderer.stage.performers import standing_height
from renderer.stage.records import Camera, PosedAvatar, StageState
from renderer.stage.rig import AMBIENT, ARM_SPAN, default_lights, frame_avatar
from renderer.stage.set import load_set

_FOLLOW_S: Final = 0.8
"""Time constant of the camera in seconds: slow enough to be calm, fast enough to follow a step."""

_SPREAD_MOST: Final = 5.0
"""Largest distance in metres between the outermost avatars that the camera keeps in the picture."""


class Scene:
    """The default stage with its avatars."""

    def __init__(self, avatars: Sequence[Avatar], aspect: float) -> None:
        """Read the set and measure the avatars.

        Raises:
            StageError: the set cannot be read.
        """
        self.set = load_set(STAGE)
        self._aspect = aspect
        self._height = max(map(standing_height, avatars))
        self._hips = [avatar.bones["hips"] for avatar in avatars]
        self._follow = _Follower()
        self._spread = _Follower()

    def state(
        self,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        t_ns: int,
        instances: Sequence[AvatarInstance],
    ) -> StageState:
        """Return one frame's state. Lights and camera use clock time `t_ns`, in preview as on air.

        Args:
            instances: the live avatars, in the same order.
        """
        seconds = t_ns / 1e9
        across = [
            float(instance.world[hips, 0, 3])
            for instance, hips in zip(instances, self._hips, strict=True)
        ]
        aside = self._follow.at((min(across) + max(across)) / 2, seconds)
        spread = self._spread.at(min(max(across) - min(across), _SPREAD_MOST), seconds)
        camera = frame_avatar(self._height, self._aspect, seconds)
        return StageState(
            number=number,
            t_show_ns=t_show_ns,
            t_seen_ns=t_seen_ns,
            avatars=tuple(
                PosedAvatar.of(number, instance) for number, instance in enumerate(instances)
            ),
            lights=default_lights(seconds),
            ambient=AMBIENT,
            camera=_move_camera(self._back(camera, spread), aside),
        )

    def _back(self, camera: Camera, spread: float) -> Camera:
        """Return the camera moved back until avatars `spread` metres apart fit in the picture."""
        width = ARM_SPAN * self._height + spread
        needed = width / (2.0 * math.tan(camera.fov_y / 2.0) * self._aspect)
        from_target = np.subtract(camera.position, camera.target)
        share = max(1.0, needed / float(np.hypot(from_target[0], from_target[2])))
        x, y, z = (np.array(camera.target) + share * from_target).tolist()
        return replace(camera, position=(x, y, z))


class _Follower:
    """First-order low-pass filter of the avatars' sideways positions."""

    def __init__(self) -> None:
        self._value: float | None = None
        self._seconds = 0.0

    def at(self, target: float, seconds: float) -> float:
        if self._value is None:
            self._value = target
        share = 1.0 - math.exp(-(seconds - self._seconds) / _FOLLOW_S)
        self._value += max(0.0, share) * (target - self._value)
        self._seconds = seconds
        return self._value


def _move_camera(camera: Camera, aside: float) -> Camera:
    """Return the camera and its target, moved sideways together."""
    (x, y, z), (tx, ty, tz) = camera.position, camera.target
    return replace(camera, position=(x + aside, y, z), target=(tx + aside, ty, tz))
