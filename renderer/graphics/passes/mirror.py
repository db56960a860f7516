"""Draw the floor's reflection."""

from __future__ import annotations

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.filters import DualFilter
from renderer.graphics.gpu.matrices import Matrix
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality
from renderer.stage.records import Floor


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
    """Return whether the view shows the floor's reflection; from below there is none."""
    floor = frame.state.floor
    return (
        floor.mirror > 0.0
        and frame.camera.position[1] > floor.height_m
        and (frame.culling is None or is_floor_seen(floor, frame.culling))
    )


def is_floor_seen(floor: Floor, matrix: Matrix) -> bool:
    """Return whether a view may show a floor: its corners are not all beyond one of its sides.

    Args:
        matrix: stage to clip space (4, 4).
    """
    (x, z), (width, depth) = floor.center, floor.size
    corners = [
        (x + side * width / 2.0, floor.height_m, z + end * depth / 2.0, 1.0)
        for side in (-1.0, 1.0)
        for end in (-1.0, 1.0)
    ]
    clip = np.array(corners) @ matrix.T
    across, w = clip[:, :2], clip[:, 3:]
    beyond = np.hstack((across > w, across < -w, w <= 0.0))
    return not bool(beyond.all(axis=0).any())
