"""Draw costly surfaces at a reduced size, for a software rasteriser."""

from __future__ import annotations

from typing import Final

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.shaders import UNITS
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality

REDUCED: Final = {Phase.FLOOR_LIGHT: "floor_light", Phase.SCREEN_LIGHT: "screen_light"}
"""Targets of surfaces that are drawn at a reduced size, by phase; their samplers have these names.
"""


class ReducedPass:
    """Fills a target with the surfaces of one phase as they look without anything before them.

    Args:
        phase: of the surfaces; one of REDUCED.
    """

    scope = Scope.VIEW
    reads = ("geometry", "shadow")

    def __init__(self, phase: Phase, quality: Quality) -> None:
        self.name = REDUCED[phase]
        self.writes = (self.name,)
        self._phase = phase
        scale = quality.reduced_scale
        self.targets = (
            TargetSpec(self.name, (4, "f2"), Depth.TESTED, linear=True, scale=(scale, scale)),
        )

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the surfaces, and bind their texture for the passes that follow."""
        target = targets[self.name]
        target.framebuffer.use()
        target.framebuffer.clear(depth=1.0)
        shadow = targets["shadow"].depth_texture
        if shadow is not None:
            shadow.use(UNITS["shadow_map"])
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.context.depth_func = "<="
        frame.draw(self._phase, target.framebuffer)
        target.read_from(UNITS[self.name])
