"""The room that the performer is filmed in, rendered offline with pyrender.

pyrender draws the performer alone; the room is one painted picture behind, with a soft shadow
under the feet. That is four times as fast in software as drawing the room, and looks the same.
"""

from __future__ import annotations

import os
from types import TracebackType

# Headless: without this pyrender looks for a window. It must stand before pyrender's import.
os.environ.setdefault("PYOPENGL_PLATFORM", "egl")

import numpy as np
import numpy.typing as npt
import pyrender

from avatars.build.geometry import smoothstep
from avatars.build.performer import Performer, smooth_normals
from avatars.build.source import Floats

WIDTH, HEIGHT = 960, 720
FOV_Y = float(np.radians(30.0))
CAMERA = (0.0, 1.07, 4.3)
"""Metres from the mark; the camera looks level, straight at the performer."""

_WALL = (0.60, 0.63, 0.66)
_FLOOR = (0.47, 0.41, 0.36)
_WALL_DISTANCE = 1.8
"""Metres behind the mark."""


class Studio:
    """A renderer with the room set up. Only one may be open in a process."""

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._room = _room()
        self._renderer = pyrender.OffscreenRenderer(WIDTH, HEIGHT)
        self._scene = pyrender.Scene(ambient_light=(0.30, 0.30, 0.32), bg_color=(0, 0, 0, 0))
        self._scene.add(pyrender.PerspectiveCamera(yfov=FOV_Y), pose=_pose(CAMERA))
        for place, strength in (((2.2, 3.2, 4.0), 2.4), ((-2.8, 2.0, 3.2), 1.3)):
            light = pyrender.DirectionalLight(color=np.ones(3), intensity=strength)
            self._scene.add(light, pose=_pose(place, (0.0, 1.0, 0.0)))
        self._material = pyrender.MetallicRoughnessMaterial(
            metallicFactor=0.0, roughnessFactor=0.85, doubleSided=True
        )
        self._colours = np.ones((len(performer.colours), 4), np.float32)
        self._colours[:, :3] = performer.colours

    def __enter__(self) -> Studio:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._renderer.delete()

    def picture(self, rotations: Floats, root: Floats, face: Floats) -> npt.NDArray[np.uint8]:
        """One frame, (HEIGHT, WIDTH, 3) sRGB, of the performer in a pose; see Performer.posed."""
        position = self._performer.posed(rotations, root, face)
        primitive = pyrender.Primitive(
            positions=position.astype(np.float32),
            normals=smooth_normals(position, self._performer.triangles).astype(np.float32),
            color_0=self._colours,
            indices=self._performer.triangles.astype(np.uint32),
            material=self._material,
        )
        node = self._scene.add(pyrender.Mesh([primitive]))
        drawn, _ = self._renderer.render(self._scene, pyrender.RenderFlags.RGBA)
        self._scene.remove_node(node)
        return _composed(drawn, self._room * _shadow(position)[..., None])


def _composed(drawn: npt.NDArray[np.uint8], behind: Floats) -> npt.NDArray[np.uint8]:
    """A drawing (h, w, 4) over a picture (h, w, 3) in 0 to 1.

    Over a clear background the antialiased edges come out already multiplied by their alpha.
    """
    share = 1.0 - drawn[..., 3:].astype(np.float32) / 255.0
    return np.clip(drawn[..., :3] + behind * share * 255.0 + 0.5, 0, 255).astype(np.uint8)


def _rays() -> tuple[Floats, Floats]:
    """Slopes (w,) to the right and (h,) up of the line of sight through each column and row."""
    half = np.tan(FOV_Y / 2.0)
    across = ((np.arange(WIDTH) + 0.5) / WIDTH * 2.0 - 1.0) * half * WIDTH / HEIGHT
    up = (1.0 - (np.arange(HEIGHT) + 0.5) / HEIGHT * 2.0) * half
    return across, up


def _room() -> Floats:
    """The empty room (h, w, 3), sRGB 0 to 1: a wall with soft light on it, and a wooden floor."""
    across, up = _rays()
    depth = CAMERA[2] + _WALL_DISTANCE
    height = CAMERA[1] + up * depth
    light = np.exp(-((across[None, :] * depth / 2.6) ** 2 + ((height[:, None] - 1.5) / 2.2) ** 2))
    room = np.array(_WALL) * (0.80 + 0.25 * light)[..., None]
    skirting = smoothstep(0.115, 0.105, height)[:, None, None]
    room = room * (1.0 - skirting) + np.array((0.78, 0.78, 0.77)) * skirting
    # Below the wall's foot, sight meets the floor at this distance.
    on_floor = height < 0.0
    distance = CAMERA[1] / np.maximum(-up[on_floor], 1e-6)
    x = across[None, :] * distance[:, None]
    plank = np.floor(x / 0.14)
    tone = 1.0 + 0.05 * np.sin(plank * 12.9898) + 0.012 * np.sin(distance[:, None] * 9.0 + plank)
    gap = smoothstep(0.004, 0.008, np.abs(x / 0.14 - np.round(x / 0.14)) * 0.14)
    room[on_floor] = np.array(_FLOOR) * (tone * (0.8 + 0.2 * gap))[..., None]
    return room.astype(np.float32)


def _shadow(position: Floats) -> Floats:
    """How much light (h, w) is left on the floor under the performer's lowest parts."""
    across, up = _rays()
    left = np.ones((HEIGHT, WIDTH), np.float32)
    rows = np.flatnonzero(up < -0.02)
    distance = CAMERA[1] / -up[rows]
    z = CAMERA[2] - distance
    low = position[position[:, 1] < 0.12]
    for part in (low[low[:, 0] > np.median(low[:, 0])], low[low[:, 0] <= np.median(low[:, 0])]):
        if len(part) == 0:
            continue
        centre, height = part.mean(axis=0), float(part[:, 1].min())
        x = across[None, :] * distance[:, None] - centre[0]
        away = (x / 0.15) ** 2 + ((z[:, None] - centre[2]) / 0.20) ** 2
        left[rows] *= 1.0 - 0.5 * np.exp(-away) / (1.0 + 10.0 * max(0.0, height))
    return left


def _pose(
    place: tuple[float, float, float], target: tuple[float, float, float] | None = None
) -> Floats:
    """The pose (4, 4) of something at `place` that looks along −Z, or at `target` if given."""
    pose = np.eye(4)
    pose[:3, 3] = place
    if target is not None:
        back = np.array(place) - np.array(target)
        back = back / np.linalg.norm(back)
        right = np.cross([0.0, 1.0, 0.0], back)
        right = right / np.linalg.norm(right)
        pose[:3, :3] = np.stack((right, np.cross(back, right), back), axis=1)
    return pose
