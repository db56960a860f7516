"""Blur the set by the camera's movement during the exposure; avatars stay sharp."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.matrices import Matrix, camera_matrix
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.stage.records import Camera

_LEAST_PIXELS: Final = 0.75
"""Minimum movement of the picture that is drawn: below, all taps are within one pixel."""
_FAR_M: Final = 12.0
"""Depth of the points by which the movement is estimated, metres."""
_FIGURES: Final = "figures"
_MOVED: Final = "moved"


class MotionBlurPass:
    """Blurs a picture along the screen-space path of each pixel of the set.

    The set is static, so a pixel's path is a function of its depth and the camera's movement.
    Avatars move themselves and are followed by the camera: they stay sharp, and are excluded from
    the blur around them.

    Args:
        source: the target of linear light to blur, with its depth.
    """

    name = "motion blur"
    scope = Scope.VIEW

    def __init__(self, context: moderngl.Context, programs: Programs, *, source: str) -> None:
        self._source = source
        self.reads = (source, "geometry")
        self.writes = (source, _FIGURES, _MOVED)
        self.targets = (
            TargetSpec(_FIGURES, depth=Depth.SAMPLED),
            TargetSpec(_MOVED, (4, "f2"), linear=True),
        )
        self._blur = full_screen(
            context, programs, "motion_blur.frag.glsl",
            samplers={"scene": 0, "depth": 1, "figures": 2},
        )  # fmt: skip
        opened = self._blur.program["opened"]
        if not isinstance(opened, moderngl.Uniform):
            raise TypeError("opened is no uniform of motion_blur.frag.glsl")
        self._opened = opened
        self._copy = full_screen(context, programs, "copy.frag.glsl", samplers={"picture": 0})

    def run(self, frame: Frame, targets: Targets) -> None:
        """Blur the picture if the camera's movement is visible."""
        camera = frame.camera
        if camera.shutter is None:
            return
        width, height = targets[self._source].size
        opened = Camera(
            camera.shutter.position, camera.shutter.target, camera.shutter.fov_y,
            camera.near, camera.far,
        )  # fmt: skip
        before = camera_matrix(opened, width / height)
        if _pixels_moved(camera_matrix(camera, width / height), before, height) < _LEAST_PIXELS:
            return
        self._draw_figures(frame, targets)
        picture, moved = targets[self._source], targets[_MOVED]
        frame.context.enable_only(moderngl.NOTHING)
        moved.framebuffer.use()
        picture.read_from(0)
        picture.read_depth_from(1)
        targets[_FIGURES].read_depth_from(2)
        self._opened.write(before.T.astype(np.float32).tobytes())
        self._blur.render(moderngl.TRIANGLES, vertices=3)
        if picture.color_only is None:
            raise ValueError("motion blur needs a picture whose depth shaders sample")
        picture.color_only.use()
        moved.read_from(0)
        self._copy.render(moderngl.TRIANGLES, vertices=3)

    def _draw_figures(self, frame: Frame, targets: Targets) -> None:
        """Draw the depth of avatars and their outlines alone."""
        target = targets[_FIGURES].framebuffer
        target.use()
        target.clear(depth=1.0)
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.context.depth_func = "<="
        for one in frame.each(Phase.TOON):
            for phase in (Phase.DEPTH, Phase.OUTLINE):
                if phase in one.drawable.phases:
                    frame.draw_one(one, phase, target)


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
