"""Describe and create render targets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import moderngl

ALL_CHANNELS: Final = (True, True, True, True)
NO_CHANNELS: Final = (False, False, False, False)
ALPHA_ALONE: Final = (False, False, False, True)
"""Colour masks: whether red, green, blue and alpha are written."""


@contextmanager
def masking_color(
    framebuffer: moderngl.Framebuffer, mask: tuple[bool, bool, bool, bool]
) -> Iterator[None]:
    """Bind a framebuffer and write only some of its colour channels; all of them afterwards.

    A framebuffer's colour mask, unlike its depth mask, is applied each time that it is bound: set
    on a bound framebuffer, it has no effect.
    """
    framebuffer.color_mask = mask
    framebuffer.use()
    try:
        yield
    finally:
        framebuffer.color_mask = ALL_CHANNELS
        framebuffer.use()


class Depth(Enum):
    """How a target stores depth."""

    NONE = auto()
    TESTED = auto()
    """A renderbuffer for the depth test."""
    SAMPLED = auto()
    """A texture that shaders sample, to get a pixel's distance."""
    COMPARED = auto()
    """A texture with a comparison sampler: a shadow map."""


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """The description of a render target that a pass needs.

    Attributes:
        name: by which passes read and write it.
        color: (components, moderngl dtype); None for depth only.
        samples: of multisampling; shaders read a multisampled target sample by sample.
        linear: whether it is sampled with linear filtering.
        scale: its size as a fraction of the view's.
        fixed_size: its size if it belongs to the frame rather than to a view.
    """

    name: str
    color: tuple[int, str] | None = None
    depth: Depth = Depth.NONE
    samples: int = 0
    linear: bool = False
    scale: tuple[float, float] = (1.0, 1.0)
    fixed_size: tuple[int, int] | None = None

    def size_in(self, view: tuple[int, int]) -> tuple[int, int]:
        """Return the size in texels, for a view of the given size."""
        if self.fixed_size is not None:
            return self.fixed_size
        return max(1, round(view[0] * self.scale[0])), max(1, round(view[1] * self.scale[1]))

    def storage(self, size: tuple[int, int]) -> tuple[object, ...]:
        """Return a key that is equal for targets that can share memory."""
        return size, self.color, self.depth, self.samples, self.linear


class Target:
    """A framebuffer and its textures.

    Attributes:
        texture: its colour attachment; None without colour.
        depth_texture: its depth attachment, if shaders read it.
        color_only: a framebuffer of the colour without the depth, for passes that sample the depth
            while they draw; None without either.
    """

    def __init__(self, context: moderngl.Context, spec: TargetSpec, size: tuple[int, int]) -> None:
        self.size = size
        self.texture: moderngl.Texture | None = None
        self.depth_texture: moderngl.Texture | None = None
        self._owned: list[moderngl.Texture | moderngl.Renderbuffer] = []
        colors: list[moderngl.Texture | moderngl.Renderbuffer] = []
        depth: moderngl.Texture | moderngl.Renderbuffer | None = None
        if spec.color is not None:
            components, dtype = spec.color
            self.texture = context.texture(size, components, samples=spec.samples, dtype=dtype)
            if not spec.samples:
                filtering = moderngl.LINEAR if spec.linear else moderngl.NEAREST
                self.texture.filter = filtering, filtering
                self.texture.repeat_x = self.texture.repeat_y = False
            colors = [self.texture]
        if spec.depth is Depth.TESTED:
            depth = context.depth_renderbuffer(size, samples=spec.samples)
        elif spec.depth is Depth.SAMPLED:
            self.depth_texture = depth = context.depth_texture(size, samples=spec.samples)
            if not spec.samples:
                self.depth_texture.compare_func = ""
                self.depth_texture.filter = moderngl.NEAREST, moderngl.NEAREST
                self.depth_texture.repeat_x = self.depth_texture.repeat_y = False
        elif spec.depth is Depth.COMPARED:
            self.depth_texture = depth = context.depth_texture(size)
            self.depth_texture.compare_func = "<="
            self.depth_texture.filter = moderngl.LINEAR, moderngl.LINEAR
            self.depth_texture.repeat_x = self.depth_texture.repeat_y = False
        self.framebuffer = context.framebuffer(colors, depth)
        self.color_only: moderngl.Framebuffer | None = None
        if colors and self.depth_texture is not None:
            self.color_only = context.framebuffer(colors)
        self._owned = [*colors, *([depth] if depth is not None else [])]

    def read_from(self, unit: int) -> None:
        """Bind the colour texture to a texture unit."""
        if self.texture is None:
            raise ValueError("a target without a colour texture cannot be read")
        self.texture.use(unit)

    def read_depth_from(self, unit: int) -> None:
        """Bind the depth texture to a texture unit."""
        if self.depth_texture is None:
            raise ValueError("a target without a depth texture has no depth to read")
        self.depth_texture.use(unit)

    def release(self) -> None:
        """Release the framebuffer and its textures."""
        self.framebuffer.release()
        if self.color_only is not None:
            self.color_only.release()
        for part in self._owned:
            part.release()
