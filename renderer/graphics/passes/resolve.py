"""Resolve the multisampled scene to one colour and one depth for each pixel."""

from __future__ import annotations

import moderngl

from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class ResolvePass:
    """Fills a target that shaders can sample, with smooth edges after tone mapping.

    Args:
        samples: of the scene.
    """

    name = "resolve"
    scope = Scope.VIEW
    reads = ("scene",)
    writes = ("resolved",)
    targets = (TargetSpec("resolved", (4, "f2"), Depth.SAMPLED, linear=True),)

    def __init__(self, context: moderngl.Context, programs: Programs, samples: int) -> None:
        self._array = full_screen(
            context, programs, "resolve.frag.glsl", (f"SAMPLES {samples}",),
            samplers={"scene": 0, "depth": 1},
        )  # fmt: skip

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill colour and depth."""
        scene = targets["scene"]
        targets["resolved"].framebuffer.use()
        # Depth is written only if the depth test is enabled.
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.context.depth_func = "1"
        scene.read_from(0)
        scene.read_depth_from(1)
        self._array.render(moderngl.TRIANGLES, vertices=3)
        frame.context.depth_func = "<="
