"""Render performers in a studio offline with pyrender.

pyrender draws only the performers, composited over a precomputed picture of the room. In software
rendering this is four times as fast as drawing the room, and looks the same.
"""

from __future__ import annotations

import os
from types import TracebackType

# Render headless: otherwise pyrender opens a window. Must be set before pyrender is imported.
os.environ.setdefault("PYOPENGL_PLATFORM", "egl")

import numpy as np
import numpy.typing as npt
import pyrender

from avatars.authoring.clips.studio_camera import Camera, looking
from avatars.authoring.clips.studio_room import DAY, Light, Room
from avatars.authoring.figure.source import Floats
from avatars.authoring.performer.performer import Performer, smooth_normals

Pose = tuple[Floats, Floats, Floats]
"""Rotations (55, 4) xyzw, root displacement (3,), metres, and ARKit weights (52,)."""

CAMERA = Camera((0.0, 1.07, 4.4), (0.0, 1.05, 0.0), float(np.radians(30.0)), (960, 720))
"""The demo's camera, in front of the performer."""


class Studio:
    """An offscreen renderer with the room set up. Only one may be open per process."""

    def __init__(self, cast: list[Performer], camera: Camera, light: Light = DAY) -> None:
        self._cast = cast
        self._room = Room(camera, light)
        self._renderer = pyrender.OffscreenRenderer(*camera.size)
        self._scene = pyrender.Scene(ambient_light=light.ambient, bg_color=(0, 0, 0, 0))
        lens = pyrender.PerspectiveCamera(yfov=camera.fov_y)
        self._scene.add(lens, pose=looking(camera.place, camera.target))
        for lamp in light.lamps:
            shine = pyrender.DirectionalLight(color=np.array(lamp.colour), intensity=lamp.strength)
            self._scene.add(shine, pose=looking(lamp.place, (0.0, 1.0, 0.0)))
        self._material = pyrender.MetallicRoughnessMaterial(
            metallicFactor=0.0, roughnessFactor=0.85, doubleSided=True
        )
        self._colours = [
            np.concatenate((p.colours, np.ones((len(p.colours), 1))), axis=1).astype(np.float32)
            for p in cast
        ]

    def __enter__(self) -> Studio:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._renderer.delete()

    def picture(self, poses: list[Pose]) -> npt.NDArray[np.uint8]:
        """Render the cast in poses, one per performer, to a frame (height, width, 3) sRGB."""
        positions = [who.pose(*pose) for who, pose in zip(self._cast, poses, strict=True)]
        primitives = [
            pyrender.Primitive(
                positions=position.astype(np.float32),
                normals=smooth_normals(position, who.triangles).astype(np.float32),
                color_0=colours,
                indices=who.triangles.astype(np.uint32),
                material=self._material,
            )
            for who, position, colours in zip(self._cast, positions, self._colours, strict=True)
        ]
        node = self._scene.add(pyrender.Mesh(primitives))
        drawn, _ = self._renderer.render(self._scene, pyrender.RenderFlags.RGBA)
        self._scene.remove_node(node)
        return _compose(drawn, self._room.behind(positions))


def _compose(drawn: npt.NDArray[np.uint8], behind: Floats) -> npt.NDArray[np.uint8]:
    """Composite a rendering (h, w, 4), 0 to 255, over a picture (h, w, 3), 0 to 1.

    On a transparent background, antialiased edges are rendered with premultiplied alpha.
    """
    share = 1.0 - drawn[..., 3:].astype(np.float32) / 255.0
    return np.clip(drawn[..., :3] + behind * share * 255.0 + 0.5, 0, 255).astype(np.uint8)
