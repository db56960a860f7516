"""From linear light to what leaves the house: samples joined, tone-mapped, as RGB and as I420."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.gpu.shaders import Programs


class Picture:
    """The targets behind the scene and the two passes that fill them.

    Attributes:
        scene: the framebuffer that surfaces are drawn into, linear, with depth.
        bytes: the framebuffer of I420 bytes, (width, height * 3 // 2).

    Args:
        samples: of multisampling; 0 for none.
        smooth: soften edges in the finished picture, where there are no samples.
    """

    def __init__(
        self,
        context: Any,
        programs: Programs,
        size: tuple[int, int],
        samples: int,
        *,
        smooth: bool,
    ) -> None:
        width, height = size
        self._context = context
        self._linear = context.texture(size, 4, dtype="f2")
        self._linear.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._display = context.texture(size, 4)
        self._display.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._resolved = None
        if samples:
            self._resolved = context.framebuffer([self._linear])
            color = context.renderbuffer(size, 4, samples=samples, dtype="f2")
            self.scene = context.framebuffer(
                [color], context.depth_renderbuffer(size, samples=samples)
            )
        else:
            self.scene = context.framebuffer([self._linear], context.depth_renderbuffer(size))
        self._shown = self._mapped = context.framebuffer([self._display])
        self._smooth = None
        if smooth:
            self._jagged = context.texture(size, 4)
            self._jagged.repeat_x = self._jagged.repeat_y = False
            self._mapped = context.framebuffer([self._jagged])
            self._smooth = _full(context, programs, "smooth.frag.glsl", (), "picture")
        self.bytes = context.framebuffer([context.texture((width, height * 3 // 2), 1)])
        self._tonemap = _full(context, programs, "tonemap.frag.glsl", (), "scene")
        self._luma = _full(context, programs, "i420.frag.glsl", (), "picture")
        self._chroma = _full(context, programs, "i420.frag.glsl", ("CHROMA",), "picture")

    def finish(self) -> None:
        """Turn the drawn scene into RGB and I420."""
        if self._resolved is not None:
            self._context.copy_framebuffer(self._resolved, self.scene)
        self._context.enable_only(moderngl.NOTHING)
        width, height = self._shown.size
        self._mapped.use()
        self._linear.use(0)
        self._tonemap.render(moderngl.TRIANGLES, vertices=3)
        if self._smooth is not None:
            self._shown.use()
            self._jagged.use(0)
            self._smooth.render(moderngl.TRIANGLES, vertices=3)
        self._display.use(0)
        self.bytes.use()
        self.bytes.viewport = (0, 0, width, height)
        self._luma.render(moderngl.TRIANGLES, vertices=3)
        self.bytes.viewport = (0, height, width, height // 2)
        self._chroma.render(moderngl.TRIANGLES, vertices=3)

    def read(self) -> npt.NDArray[np.uint8]:
        """The RGB picture (h, w, 3), its first row on top."""
        width, height = self._shown.size
        flat = np.frombuffer(self._shown.read(components=3, alignment=1), np.uint8)
        return flat.reshape(height, width, 3)


def _full(
    context: Any, programs: Programs, fragment: str, defines: tuple[str, ...], sampler: str
) -> Any:
    program = programs.get("full.vert.glsl", fragment, defines, textures={sampler: 0})
    return context.vertex_array(program, [])
