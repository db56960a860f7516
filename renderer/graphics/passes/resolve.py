"""Join the samples of a multisampled scene into one colour a pixel."""

from __future__ import annotations

from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class ResolvePass:
    """Copy the scene into a target that shaders can read."""

    name = "resolve"
    scope = Scope.VIEW
    reads = ("scene",)
    writes = ("resolved",)
    targets = (TargetSpec("resolved", (4, "f2")),)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Let the driver average the samples."""
        frame.context.copy_framebuffer(
            targets["resolved"].framebuffer, targets["scene"].framebuffer
        )
