"""Convert a finished picture to output: anti-aliased edges, then the bytes that are read back."""

from __future__ import annotations

from typing import Final

import moderngl

from renderer.graphics.gpu.enlarge import Enlarger
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.smooth_edges import EdgeFilter
from renderer.graphics.gpu.targets import Target, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.transport.pixel_layout import PixelLayout

PLANES: Final = "planes"
"""Name of the target that is read back."""

DISPLAY: Final = TargetSpec("display", (4, "f1"), linear=True)
"""The finished picture; always of the view's size, whatever the render resolution."""

GRADED: Final = TargetSpec("graded", (4, "f1"), linear=True)
"""The graded picture, at the render resolution."""


class SmoothPass:
    """Fills "display" from "graded": with anti-aliased edges, or scaled up to the view's size.

    If neither is needed, the grade pass writes "display" directly.

    Args:
        smooths: whether edges are anti-aliased.
        is_keyed: whether the picture has premultiplied alpha.
        on_processor: whether compiled loops filter edges and scale up instead of shaders; they
            cannot filter a keyed picture.
    """

    name = "smooth"
    scope = Scope.VIEW
    reads = (GRADED.name,)
    writes = (DISPLAY.name,)
    targets = (DISPLAY,)

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        *,
        smooths: bool,
        is_keyed: bool,
        on_processor: bool,
    ) -> None:
        self._smooths = smooths
        self._on_processor = on_processor and not is_keyed
        self._filters: dict[tuple[int, int], EdgeFilter] = {}
        self._enlargers: dict[tuple[tuple[int, int], tuple[int, int]], Enlarger] = {}
        if self._on_processor:
            # Compiled now rather than in a show's first frame.
            Enlarger((2, 2), (2, 2)).run(EdgeFilter((2, 2)).run())
        defines = ("KEYED",) if is_keyed else ()

        def array(fragment: str) -> moderngl.VertexArray:
            return full_screen(context, programs, fragment, defines, samplers={"picture": 0})

        self._smooth, self._scale_up = array("smooth.frag.glsl"), array("scale_up.frag.glsl")

    def reads_graded(self, frame: Frame) -> bool:
        """Return whether the frame is graded into "graded" and needs this pass."""
        limits = frame.limits
        return limits.scale != 1.0 or (self._smooths and limits.smoothing)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target if the frame needs it."""
        if not self.reads_graded(frame):
            return
        frame.context.enable_only(moderngl.NOTHING)
        if self._on_processor:
            self._filter(targets[GRADED.name], targets[DISPLAY.name])
            return
        targets[DISPLAY.name].framebuffer.use()
        targets[GRADED.name].read_from(0)
        array = self._scale_up if frame.limits.scale != 1.0 else self._smooth
        array.render(moderngl.TRIANGLES, vertices=3)

    def _filter(self, graded: Target, display: Target) -> None:
        """Fill "display" by compiled loops.

        A picture at a reduced size is always filtered: scaled up, steps at its edges would be
        blocks, and at that size the filter costs little.
        """
        if display.texture is None:
            raise ValueError("the display has no colour")
        if graded.size not in self._filters:
            self._filters[graded.size] = EdgeFilter(graded.size)
        edges = self._filters[graded.size]
        graded.framebuffer.read_into(edges.pixels, components=4, alignment=1)
        pixels = edges.run()
        if graded.size != display.size:
            sizes = graded.size, display.size
            if sizes not in self._enlargers:
                self._enlargers[sizes] = Enlarger(*sizes)
            pixels = self._enlargers[sizes].run(pixels)
        display.texture.write(pixels)


class FilterPass:
    """Fills one target from another with a full-screen shader.

    Args:
        name: of the pass.
        fragment: file name of the shader.
        sampler: name of its only sampler.
        source: name of the target that it reads.
        target: the target that it fills.
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


class YuvPass:
    """Fills a single-channel target with a picture's YUV planes, in the memory order of the view.

    Args:
        source: the target of display-ready RGB.
    """

    name = "yuv"
    scope = Scope.VIEW
    writes = (PLANES,)
    targets = (TargetSpec(PLANES, (1, "f1"), scale=(1.0, 1.5)),)

    def __init__(self, context: moderngl.Context, programs: Programs, source: str) -> None:
        self.reads = (source,)

        def draw(*defines: str) -> moderngl.VertexArray:
            return full_screen(context, programs, "yuv.frag.glsl", defines, samplers={"picture": 0})

        self._luma = draw()
        self._chroma = {
            PixelLayout.I420: draw("CHROMA"),
            PixelLayout.NV12: draw("CHROMA", "INTERLEAVED"),
        }

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the luma plane, then the chroma planes, of a picture that is read back."""
        if frame.view.readback is None:
            return
        frame.context.enable_only(moderngl.NOTHING)
        target = targets[PLANES].framebuffer
        width, height = frame.view.size
        targets[self.reads[0]].read_from(0)
        target.use()
        target.viewport = (0, 0, width, height)
        self._luma.render(moderngl.TRIANGLES, vertices=3)
        target.viewport = (0, height, width, height // 2)
        self._chroma[frame.view.layout].render(moderngl.TRIANGLES, vertices=3)


class ReadbackPass:
    """Starts the readback of a view's bytes.

    Args:
        source: the target that is read back.
    """

    name = "readback"
    scope = Scope.VIEW
    writes = ("readback",)
    targets: tuple[TargetSpec, ...] = ()

    def __init__(self, source: str) -> None:
        self.reads = (source,)

    def run(self, frame: Frame, _targets: Targets) -> None:
        """Queue the copy."""
        if frame.view.readback is not None:
            frame.view.readback.push(frame.state)
