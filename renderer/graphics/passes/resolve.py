"""Resolve the multisampled scene to one colour and one depth for each pixel."""

from __future__ import annotations

import moderngl

from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.passes.matte import COVERAGE


class ResolvePass:
    """Fills a target that shaders can sample, with smooth edges after tone mapping.

    Args:
        samples: of the scene.
        is_keyed: whether uncovered samples are excluded from the mean.
    """

    name = "resolve"
    scope = Scope.VIEW
    writes = ("resolved",)
    targets = (TargetSpec("resolved", (4, "f2"), Depth.SAMPLED, linear=True),)

    def __init__(
        self, context: moderngl.Context, programs: Programs, samples: int, *, is_keyed: bool
    ) -> None:
        self.reads = ("scene", COVERAGE) if is_keyed else ("scene",)
        self._is_keyed = is_keyed
        self._array = full_screen(
            context, programs, "resolve.frag.glsl",
            (f"SAMPLES {samples}", *(("KEYED",) if is_keyed else ())),
            samplers={"scene": 0, "depth": 1, "coverage": 2},
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
        if self._is_keyed:
            targets[COVERAGE].read_from(2)
        self._array.render(moderngl.TRIANGLES, vertices=3)
        frame.context.depth_func = "<="
