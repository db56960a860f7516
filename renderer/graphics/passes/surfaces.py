"""Draw lit surfaces into the scene, in linear light."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.blending import blend_over
from renderer.graphics.gpu.shaders import UNITS
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class SurfacePass:
    """Draws the objects of one phase against the existing depth.

    Args:
        name: of the pass.
        phase: of the objects to draw.
        more_reads: names of the targets that its objects sample, besides shadows.
    """

    scope = Scope.VIEW
    writes = ("scene",)
    targets: tuple[TargetSpec, ...] = ()

    def __init__(self, name: str, phase: Phase, *more_reads: str) -> None:
        self.name = name
        self.reads = ("geometry", "shadow", *more_reads)
        self._phase = phase

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the phase; faces are double-sided unless an object enables culling."""
        target = targets["scene"].framebuffer
        target.use()
        shadow = targets["shadow"].depth_texture
        if shadow is not None:
            shadow.use(UNITS["shadow_map"])
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.draw(self._phase, target)


class OverlayPass(SurfacePass):
    """Blends the objects of one phase over the picture, farthest first.

    Args:
        name: of the pass.
        phase: of the objects to draw.
        writes_depth: whether its objects write depth, so that they occlude later ones and later
            passes see their depth; each object may override it.
    """

    def __init__(self, name: str, phase: Phase, *, writes_depth: bool = False) -> None:
        super().__init__(name, phase)
        self._writes_depth = writes_depth

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the phase with the depth test on; the objects that need it write depth."""
        target = targets["scene"].framebuffer
        target.use()
        shadow = targets["shadow"].depth_texture
        if shadow is not None:
            shadow.use(UNITS["shadow_map"])
        frame.context.enable_only(moderngl.DEPTH_TEST | moderngl.BLEND)
        blend_over(frame.context)
        target.depth_mask = self._writes_depth
        try:
            frame.draw(self._phase, target, farthest_first=True)
        finally:
            target.depth_mask = True
