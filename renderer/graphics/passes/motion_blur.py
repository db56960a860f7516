"""Blur what moves during the exposure: the set by the camera's movement, avatars by their own."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.avatar.motion import SHADERS
from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.matrices import Matrix, camera_matrix
from renderer.graphics.gpu.shaders import Programs, uniform_of
from renderer.graphics.gpu.targets import NO_CHANNELS, Depth, TargetSpec, masking_color
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.stage.records import Camera

_LEAST_PIXELS: Final = 0.75
"""Minimum movement of the picture that is drawn: below, all taps are within one pixel."""
_FAR_M: Final = 12.0
"""Depth of the points by which the movement is estimated, metres."""
_STILL_M: Final = 0.002
"""Maximum travel of a joint in a frame that counts as standing still, metres."""
_TILE: Final = 1.0 / 24.0
"""Side of a tile, as a fraction of the picture: more than half of the longest path."""
_FIGURES: Final = "figures"
_TILES: Final = "motion tiles"
_MOVED: Final = "moved"


class MotionBlurPass:
    """Blurs a picture along the screen-space paths of the set and of avatars.

    The set is static, so a pixel's path is a function of its depth and the camera's movement.
    Avatars are blurred along the paths of their skinned vertices since the previous frame, as seen
    by the moving camera: one that it follows stays sharp. Avatars are excluded from the set's blur
    around them.

    Args:
        source: the target of linear light to blur, with its depth.
    """

    name = "motion blur"
    scope = Scope.VIEW

    def __init__(self, context: moderngl.Context, programs: Programs, *, source: str) -> None:
        self._source = source
        self.reads = (source, "geometry")
        self.writes = (source, _FIGURES, _TILES, _MOVED)
        self.targets = (
            TargetSpec(_FIGURES, (4, "f2"), Depth.SAMPLED),
            TargetSpec(_TILES, (4, "f2"), scale=(_TILE, _TILE)),
            TargetSpec(_MOVED, (4, "f2"), linear=True),
        )
        self._blur = full_screen(
            context, programs, "motion_blur.frag.glsl",
            samplers={"scene": 0, "depth": 1, "figures": 2, "paths": 3, "tiles": 4},
        )  # fmt: skip
        self._longest = full_screen(
            context, programs, "motion_tiles.frag.glsl", samplers={"paths": 0}
        )
        self._tile_count = programs.values(self._longest.program)
        self._opened = [
            uniform_of(program, "opened")
            for program in (self._blur.program, programs.get(*SHADERS))
        ]
        self._copy = full_screen(context, programs, "copy.frag.glsl", samplers={"picture": 0})

    def run(self, frame: Frame, targets: Targets) -> None:
        """Blur the picture if the movement of the camera or of an avatar is visible."""
        camera = frame.camera
        if camera.shutter is None:
            return
        width, height = targets[self._source].size
        opened = Camera(
            camera.shutter.position, camera.shutter.target, camera.shutter.fov_y,
            camera.near, camera.far,
        )  # fmt: skip
        before = camera_matrix(opened, width / height)
        pixels = _pixels_moved(camera_matrix(camera, width / height), before, height)
        if pixels < _LEAST_PIXELS and frame.travel_m < _STILL_M:
            return
        for uniform in self._opened:
            uniform.write(before.T.astype(np.float32).tobytes())
        self._draw_figures(frame, targets)
        picture, moved, figures = targets[self._source], targets[_MOVED], targets[_FIGURES]
        tiles = targets[_TILES]
        frame.context.enable_only(moderngl.NOTHING)
        tiles.framebuffer.use()
        figures.read_from(0)
        self._tile_count.set("tiles", tuple(float(side) for side in tiles.size))
        self._longest.render(moderngl.TRIANGLES, vertices=3)
        moved.framebuffer.use()
        picture.read_from(0)
        picture.read_depth_from(1)
        figures.read_depth_from(2)
        figures.read_from(3)
        tiles.read_from(4)
        self._blur.render(moderngl.TRIANGLES, vertices=3)
        if picture.color_only is None:
            raise ValueError("motion blur needs a picture whose depth shaders sample")
        picture.color_only.use()
        moved.read_from(0)
        self._copy.render(moderngl.TRIANGLES, vertices=3)

    def _draw_figures(self, frame: Frame, targets: Targets) -> None:
        """Draw the paths of avatars' surfaces, and their depth with that of their outlines."""
        target = targets[_FIGURES].framebuffer
        target.use()
        target.clear(depth=1.0)
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.context.depth_func = "<="
        moving = frame.each(Phase.MOTION)
        for one in moving:
            frame.draw_one(one, Phase.MOTION, target)
        with masking_color(target, NO_CHANNELS):
            for one in moving:
                if Phase.OUTLINE in one.drawable.phases:
                    frame.draw_one(one, Phase.OUTLINE, target)


def _pixels_moved(now: Matrix, before: Matrix, height: int) -> float:
    """Return the largest movement of the picture's corners and centre, pixels.

    Args:
        now, before: stage to clip space (4, 4), at the closing and opening of the shutter.
        height: of the picture, pixels.
    """
    ends = np.array([(x, y, 0.0, 1.0) for x in (-1, 0, 1) for y in (-1, 0, 1)], np.float64)
    # Points at some distance before the camera that closes the shutter.
    near, far = 0.1, _FAR_M
    ends[:, 2] = (far + near) / far - 2.0 * near / far
    points = ends @ np.linalg.inv(now).T
    points /= points[:, 3:]
    seen = points @ before.T
    if (seen[:, 3] <= 0.0).any():
        return float("inf")
    moved = seen[:, :2] / seen[:, 3:] - ends[:, :2]
    return float(np.abs(moved).max()) * 0.5 * height
