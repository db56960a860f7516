"""Build the default stage's state: set, lights, posed avatars, and a camera that follows them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.paths import STAGE
from renderer.stage.cameras.framing import Framing
from renderer.stage.cameras.operator import CameraOperator, Shot
from renderer.stage.cameras.performers import PerformerMeasure, standing_height
from renderer.stage.lights.rig import AMBIENT, ARM_SPAN, default_lights, frame_avatar
from renderer.stage.records import Camera, PosedAvatar, Screens, ScreenSource, StageState
from renderer.stage.sets.screen_sources import check_screen_sources
from renderer.stage.sets.set_cache import load_cached_set
from renderer.stage.text.titles import TitlePlan

_FOLLOW_S: Final = 0.8
"""Time constant of the camera in seconds: slow enough to be calm, fast enough to follow a step."""

_SCREEN_LEVEL: Final = 0.75
_FLOOR_LEVEL: Final = 0.4
"""Brightness of a set's screens and of those in its floor, as in a concert's looks."""
_BEATS_A_SECOND: Final = 2.0
"""Tempo of generated content without a staged song."""

_SPREAD_MOST: Final = 5.0
"""Largest distance in metres between the outermost avatars that the camera keeps in the picture."""


class Scene:
    """The default stage, or another set, with its avatars."""

    def __init__(
        self,
        avatars: Sequence[Avatar],
        aspect: float,
        titles: TitlePlan,
        views: Mapping[str, float],
        stage: Path | None = None,
        sources: tuple[ScreenSource, ...] = (),
    ) -> None:
        """Read the set and measure the avatars.

        Args:
            avatars: on stage.
            aspect: the picture's width over its height.
            titles: over the picture; those with a time are shown while show time runs.
            views: aspects of further views by name, which show the first avatar from head to foot.
            stage: file of another set; None for the default stage.
            sources: of the set's screens, where they differ from the set's own.

        Raises:
            StageError: the set cannot be read, or lacks a screen of the sources.
        """
        self.set = load_cached_set(stage or STAGE)
        check_screen_sources(sources, self.set.screens)
        self._screens = Screens(sources=sources)
        if self.set.screens:
            self._screens = replace(self._screens, level=_SCREEN_LEVEL, floor_level=_FLOOR_LEVEL)
        self._aspect = aspect
        self._titles = titles
        self._views = {
            name: (CameraOperator([Shot(0.0, Framing.FULL, (0,))]), other)
            for name, other in views.items()
        }
        first = avatars[0]
        self._measure = PerformerMeasure(first, AvatarInstance(first).bone_positions())
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
            beat=seconds * _BEATS_A_SECOND,
            screens=replace(self._screens, seconds=(t_show_ns if t_show_ns >= 0 else t_ns) / 1e9),
            view_cameras=self._view_cameras(seconds, instances[0]),
            titles=self._titles.at(t_show_ns / 1e9 if t_show_ns >= 0 else None),
        )

    def _view_cameras(self, seconds: float, first: AvatarInstance) -> dict[str, Camera]:
        if not self._views:
            return {}
        performers = [self._measure.locate(first.bone_positions())]
        return {
            name: operator.camera_at(0.0, seconds, performers, aspect)
            for name, (operator, aspect) in self._views.items()
        }

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
