"""Draw a picture in place of the stage: a video file or a performer's own camera."""

from __future__ import annotations

from typing import Final

import moderngl

from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs, uniform_of
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.stage.records import FullPicture

MOST: Final = 16
"""Textures kept, one a source; the oldest is released beyond it."""


class FullPicturePass:
    """Covers a view's finished picture, beneath its titles, in display values.

    Args:
        picture: the target of display-ready RGB that it draws on.
    """

    name = "full picture"
    scope = Scope.VIEW
    targets: tuple[TargetSpec, ...] = ()

    def __init__(self, context: moderngl.Context, programs: Programs, *, picture: str) -> None:
        self.reads = (picture,)
        self.writes = (picture,)
        self._context = context
        self._array = full_screen(
            context, programs, "full_picture.frag.glsl", samplers={"picture": 0}
        )
        self._extent = uniform_of(self._array.program, "extent")
        self._textures: dict[str, moderngl.Texture] = {}
        self._stamps: dict[str, int] = {}

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the view's picture, if it has one."""
        picture = frame.state.pictures.get(frame.view.name)
        if picture is None:
            return
        texture = self._upload(picture)
        width, height = frame.view.size
        frame.context.enable_only(moderngl.NOTHING)
        targets[self.writes[0]].framebuffer.use()
        texture.use(0)
        self._extent.value = find_extent((width, height), texture.size, picture.fit)
        self._array.render(moderngl.TRIANGLES, vertices=3)

    def _upload(self, picture: FullPicture) -> moderngl.Texture:
        """Return the texture of a source with its newest pixels."""
        height, width = picture.pixels.shape[:2]
        texture = self._textures.get(picture.source)
        if texture is None or texture.size != (width, height):
            self._release(picture.source)
            while len(self._textures) >= MOST:
                self._release(next(iter(self._textures)))
            texture = self._context.texture((width, height), 3, alignment=1)
            texture.filter = moderngl.LINEAR, moderngl.LINEAR
            texture.repeat_x = texture.repeat_y = False
            self._textures[picture.source] = texture
        if self._stamps.get(picture.source) != picture.stamp:
            texture.write(picture.pixels, alignment=1)
            self._stamps[picture.source] = picture.stamp
        return texture

    def _release(self, source: str) -> None:
        self._stamps.pop(source, None)
        if (texture := self._textures.pop(source, None)) is not None:
            texture.release()


def find_extent(view: tuple[int, int], picture: tuple[int, int], fit: str) -> tuple[float, float]:
    """Return the view's sides in sides of the picture, as it lies in the view.

    Args:
        view, picture: width and height, pixels.
        fit: fit leaves bars, fill crops, stretch does neither.
    """
    if fit == "stretch":
        return 1.0, 1.0
    wider = (view[0] / view[1]) / (picture[0] / picture[1])
    if (wider > 1.0) == (fit == "fit"):
        return wider, 1.0
    return 1.0, 1.0 / wider
