"""Draw the shadow maps of all shadow-casting lights into one shadow atlas.

Only avatars cast shadows. A set is static and its shadows are hardly noticed, but drawing it
again would cost a software rasteriser as much as the avatars do.
"""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class ShadowPass:
    """Draws depth from each light's view, without the objects that the light does not reach.

    If the limits say so, maps are reused for some frames, so that shadows lag.

    Args:
        side: of one shadow map, texels; the atlas grows with the number of lights.
    """

    name = "shadow"
    scope = Scope.FRAME
    reads = ("geometry",)
    writes = ("shadow",)

    def __init__(self, context: moderngl.Context, programs: Programs, side: int) -> None:
        self._programs = programs
        # Reads the same texture without its comparison, for penumbras.
        self._depths = context.sampler(
            repeat_x=False, repeat_y=False, filter=(moderngl.NEAREST, moderngl.NEAREST)
        )
        self._side = side
        self._drawn: tuple[int, int] | None = None
        self._kept_for = 0
        self.targets = (TargetSpec("shadow", depth=Depth.COMPARED, fixed_size=(side, side)),)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw every shadow map of the frame."""
        if frame.casters:
            self._draw(frame, targets)
        depths = targets["shadow"].depth_texture
        if depths is not None:
            depths.use(UNITS["shadow_depth"])
            self._depths.use(UNITS["shadow_depth"])

    def _draw(self, frame: Frame, targets: Targets) -> None:
        layout = frame.shadow_side, len(frame.casters)
        self._kept_for += 1
        if self._drawn == layout and self._kept_for < frame.limits.shadow_every:
            return
        # Do not reuse maps that a failing object has left incomplete.
        self._drawn, self._kept_for = None, 0
        if frame.shadow_side > self._side:
            self._side = frame.shadow_side
            targets.resize("shadow", (self._side, self._side))
        target = targets["shadow"].framebuffer
        target.viewport = (0, 0, *target.size)
        target.use()
        target.clear(depth=1.0)
        frame.context.enable_only(moderngl.DEPTH_TEST)
        # Both faces are drawn, so lit faces are in the map: offset their depth away from the light.
        frame.context.polygon_offset = 1.5, 2.0
        try:
            self._draw_maps(frame, target)
        finally:
            frame.context.polygon_offset = 0.0, 0.0
        self._drawn = layout

    def _draw_maps(self, frame: Frame, target: moderngl.Framebuffer) -> None:
        projections = self._programs.uniforms("depth.vert.glsl", "light_projection")
        for number, caster in enumerate(frame.casters):
            target.viewport = caster.viewport
            for projection in projections:
                projection.write(caster.projection)
            for one in frame.each(Phase.SHADOW):
                if number in one.reached:
                    frame.draw_one(one, Phase.SHADOW, target)
