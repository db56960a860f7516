"""Draw the floor's reflection."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.filters import DualFilter
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality


class MirrorPass:
    """Fills "mirrored" and its half-size copy with the mirrored objects of the mirror phase.

    Alpha is the height above the floor.
    """

    name = "mirror"
    scope = Scope.VIEW
    reads = ("geometry", "shadow")
    writes = ("mirrored", "mirrored small")

    def __init__(self, context: moderngl.Context, programs: Programs, quality: Quality) -> None:
        scale = quality.mirror_scale
        self.targets = (
            TargetSpec("mirrored", (4, "f2"), Depth.TESTED, linear=True, scale=(scale, scale)),
            TargetSpec("mirrored small", (4, "f2"), linear=True, scale=(scale / 2.0, scale / 2.0)),
        )
        self._filter = DualFilter(context, programs)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the targets if the floor is reflective."""
        if not is_mirroring(frame):
            return
        context, target = frame.context, targets["mirrored"]
        block = frame.view.block
        block.write_mirrored()
        block.bind_mirrored()
        target.framebuffer.use()
        target.framebuffer.clear(depth=1.0)
        shadow = targets["shadow"].depth_texture
        if shadow is not None:
            shadow.use(UNITS["shadow_map"])
        context.enable_only(moderngl.DEPTH_TEST)
        context.depth_func = "<="
        # Mirroring flips the winding of triangles.
        context.front_face = "cw"
        seen = frame.culling
        if seen is not None:
            frame.culling = block.mirrored_matrix
        try:
            frame.draw(Phase.MIRROR, target.framebuffer)
        finally:
            frame.culling = seen
            context.front_face = "ccw"
            block.bind()
        context.enable_only(moderngl.NOTHING)
        self._filter.halve(target, targets["mirrored small"])


def is_mirroring(frame: Frame) -> bool:
    """Return whether the floor reflects in this view; it does not if the camera is below it."""
    floor = frame.state.floor
    return floor.mirror > 0.0 and frame.camera.position[1] > floor.height_m
