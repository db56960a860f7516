"""Draw a depth prepass of all opaque surfaces, so that each pixel is lit only once."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.targets import NO_CHANNELS, Depth, TargetSpec, masking_color
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.stage.records import Color


class DepthPass:
    """Clears the scene and draws its depth.

    Args:
        samples: of multisampling; 0 for none.
        background: colour of what nothing covers, linear RGB.
    """

    name = "depth"
    scope = Scope.VIEW
    reads = ("geometry",)
    writes = ("scene",)

    def __init__(self, samples: int, background: Color) -> None:
        self._background = background
        self.targets = (TargetSpec("scene", (4, "f2"), Depth.SAMPLED, samples, linear=True),)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the depth of the view's objects."""
        target = targets["scene"].framebuffer
        target.use()
        target.clear(*self._background, depth=1.0)
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.context.depth_func = "<="
        with masking_color(target, NO_CHANNELS):
            frame.draw(Phase.DEPTH, target)
