"""Draw lit surfaces into the scene, in linear light."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.blending import blend_over
from renderer.graphics.gpu.shaders import UNITS
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class SurfacePass:
    """The objects of one phase, over the depth that is there.

    Args:
        name: of the pass.
        phase: which objects it draws.
    """

    scope = Scope.VIEW
    reads = ("geometry", "shadow")
    writes = ("scene",)
    targets: tuple[TargetSpec, ...] = ()

    def __init__(self, name: str, phase: Phase) -> None:
        self.name = name
        self._phase = phase

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the phase; faces are drawn from both sides unless an object culls them."""
        target = targets["scene"].framebuffer
        target.use()
        shadow = targets["shadow"].depth_texture
        if shadow is not None:
            shadow.use(UNITS["shadow_map"])
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.draw(self._phase, target)


class OverlayPass(SurfacePass):
    """The objects of one phase blended over what is there, farthest first.

    Args:
        name: of the pass.
        phase: which objects it draws.
        writes_depth: whether what it draws hides what comes after, and is as near to later passes
            as it is; what it draws may say otherwise.
    """

    def __init__(self, name: str, phase: Phase, *, writes_depth: bool = False) -> None:
        super().__init__(name, phase)
        self._writes_depth = writes_depth

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the phase; depth is tested, and written by the objects that ask for it."""
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
