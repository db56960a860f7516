"""What stands on the stage: the set, the light, the posed avatar, and a camera that follows it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from avatars.model import Avatar
from avatars.pose import AvatarPose
from renderer.show.house import STAGE
from renderer.stage.records import Camera, PosedAvatar, StageState
from renderer.stage.rig import AMBIENT, default_lights, frame_avatar
from renderer.stage.set import load_set

_FOLLOW_S: Final = 0.8
"""Time constant of the camera operator: slow enough to be calm, quick enough to keep a step in."""


class Scene:
    """The default stage with one avatar."""

    def __init__(self, avatar: Avatar, aspect: float) -> None:
        """Read the set and measure the avatar.

        Raises:
            StageError: if the set cannot be read.
        """
        self.set = load_set(STAGE)
        self._aspect = aspect
        self._height = standing_height(avatar)
        self._hips = avatar.bones["hips"]
        self._follow = _Follower()

    def state(
        self, number: int, t_show_ns: int, t_seen_ns: int, t_ns: int, pose: AvatarPose
    ) -> StageState:
        """One frame. Lights and camera move by clock time `t_ns`, in preview as on air."""
        seconds = t_ns / 1e9
        aside = self._follow.at(float(pose.world[self._hips, 0, 3]), seconds)
        return StageState(
            number=number,
            t_show_ns=t_show_ns,
            t_seen_ns=t_seen_ns,
            avatars=(
                PosedAvatar(
                    0,
                    pose.world,
                    pose.morphs,
                    pose.material_values.colors,
                    pose.material_values.uvs,
                ),
            ),
            lights=default_lights(seconds),
            ambient=AMBIENT,
            camera=_moved(frame_avatar(self._height, self._aspect, seconds), aside),
        )


class _Follower:
    """A low-pass filter of first order, of the avatar's way across the stage."""

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


def _moved(camera: Camera, aside: float) -> Camera:
    """The camera and what it looks at, moved sideways together."""
    (x, y, z), (tx, ty, tz) = camera.position, camera.target
    return replace(camera, position=(x + aside, y, z), target=(tx + aside, ty, tz))


def standing_height(avatar: Avatar) -> float:
    """The highest point of the avatar at rest, metres above the floor."""
    heights = [
        float(np.max(primitive.position[:, 1]))
        for instance in avatar.instances
        if instance.skin is not None
        for primitive in avatar.meshes[instance.mesh].primitives
        if len(primitive.position)
    ]
    return max(heights, default=1.6)
