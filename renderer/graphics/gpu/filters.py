"""Downsample and upsample pictures with the dual filter, for effects that blur."""

from __future__ import annotations

import moderngl

from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import Target


class DualFilter:
    """The two draw calls of the filter; sources are sampled with linear filtering."""

    def __init__(self, context: moderngl.Context, programs: Programs) -> None:
        self._down = full_screen(
            context, programs, "filter_down.frag.glsl", samplers={"picture": 0}
        )
        self._up = full_screen(context, programs, "filter_up.frag.glsl", samplers={"picture": 0})
        gain = self._up.program["gain"]
        if not isinstance(gain, moderngl.Uniform):
            raise TypeError("gain is no uniform of filter_up.frag.glsl")
        self._gain = gain

    def halve(self, source: Target, into: Target) -> None:
        """Downsample a source into a target of half its size."""
        into.framebuffer.use()
        source.read_from(0)
        self._down.render(moderngl.TRIANGLES, vertices=3)

    def double(self, source: Target, into: Target, gain: float = 1.0) -> None:
        """Upsample a source into a target of twice its size; add to it if blending is on."""
        into.framebuffer.use()
        source.read_from(0)
        self._gain.value = gain
        self._up.render(moderngl.TRIANGLES, vertices=3)
