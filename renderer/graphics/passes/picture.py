"""Convert linear light to output: tone-mapped RGB, anti-aliased edges, I420 bytes."""

from __future__ import annotations

import moderngl

from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class FilterPass:
    """Fills one target from another with a full-screen shader.

    Args:
        name: of the pass.
        fragment: file name of the shader.
        sampler: name of its only sampler.
        source: name of the target that it reads.
        target: name of the target that it fills.
    """

    scope = Scope.VIEW

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        *,
        name: str,
        fragment: str,
        sampler: str,
        source: str,
        target: TargetSpec,
    ) -> None:
        self.name = name
        self.reads = (source,)
        self.writes = (target.name,)
        self.targets = (target,)
        self._array = full_screen(context, programs, fragment, samplers={sampler: 0})

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target."""
        frame.context.enable_only(moderngl.NOTHING)
        targets[self.writes[0]].framebuffer.use()
        targets[self.reads[0]].read_from(0)
        self._array.render(moderngl.TRIANGLES, vertices=3)


class I420Pass:
    """Fills a single-channel target with a picture's I420 planes, in memory order.

    Args:
        source: the target of display-ready RGB.
    """

    name = "i420"
    scope = Scope.VIEW
    writes = ("i420",)
    targets = (TargetSpec("i420", (1, "f1"), scale=(1.0, 1.5)),)

    def __init__(self, context: moderngl.Context, programs: Programs, source: str) -> None:
        self.reads = (source,)
        self._luma = full_screen(context, programs, "i420.frag.glsl", samplers={"picture": 0})
        self._chroma = full_screen(
            context, programs, "i420.frag.glsl", ("CHROMA",), samplers={"picture": 0}
        )

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the Y plane, then both chroma planes."""
        frame.context.enable_only(moderngl.NOTHING)
        target = targets["i420"].framebuffer
        width, height = frame.view.size
        targets[self.reads[0]].read_from(0)
        target.use()
        target.viewport = (0, 0, width, height)
        self._luma.render(moderngl.TRIANGLES, vertices=3)
        target.viewport = (0, height, width, height // 2)
        self._chroma.render(moderngl.TRIANGLES, vertices=3)


class ReadbackPass:
    """Starts the readback of a view's bytes."""

    name = "readback"
    scope = Scope.VIEW
    reads = ("i420",)
    writes = ("readback",)
    targets: tuple[TargetSpec, ...] = ()

    def run(self, frame: Frame, _targets: Targets) -> None:
        """Queue the copy."""
        frame.view.readback.push(frame.state)
