"""Draw light beams in haze, and the lens glare of their fixtures."""

from __future__ import annotations

import moderngl
import numpy as np

from renderer.graphics.gpu.beams import BEAM_FLOATS, MOST_BEAMS
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.gpu.smoke import smoke_texture
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality


class BeamPass:
    """Fills "beams" at reduced resolution with light that the grade pass adds.

    Beams are soft, so the lower resolution is not visible; occlusion by the scene is soft too.

    Args:
        source: the target whose depth occludes beams.
    """

    name = "beams"
    scope = Scope.VIEW
    writes = ("beams",)

    def __init__(
        self, context: moderngl.Context, programs: Programs, quality: Quality, *, source: str
    ) -> None:
        self._source = source
        self.reads = (source,)
        self.targets = (
            TargetSpec("beams", (4, "f2"), linear=True, scale=(quality.beam_scale,) * 2),
        )
        corners = context.buffer(np.array([(0, -1), (1, -1), (0, 1), (1, 1)], np.float32))
        self._packed = np.zeros((MOST_BEAMS, BEAM_FLOATS), np.float32)
        self._rows = context.buffer(reserve=self._packed.nbytes, dynamic=True)

        def array(name: str) -> moderngl.VertexArray:
            program = programs.get(
                f"{name}.vert.glsl",
                f"{name}.frag.glsl",
                textures={"depth": 0, "smoke": 1, "gobo_map": UNITS["gobo_map"]},
            )
            rows = (self._rows, "4f 4f 4f 4f/i", "in_apex", "in_axis", "in_tint", "in_gobo")
            return context.vertex_array(program, [(corners, "2f", "in_corner"), rows])

        self._beam, self._lens = array("beam"), array("lens")
        self._uniforms = programs.values(self._beam.program)
        self._smoke = smoke_texture(context)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target if the frame has beams."""
        count = len(frame.beams)
        if not count:
            return
        context, target = frame.context, targets["beams"]
        # Write the whole buffer: Mesa's noop driver, which a benchmark uses, crashes otherwise.
        self._packed[:count] = frame.beams
        self._rows.write(self._packed)
        target.framebuffer.use()
        target.framebuffer.clear()
        context.enable_only(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        targets[self._source].read_depth_from(0)
        self._smoke.use(1)
        if frame.state.air.haze > 0.0:
            self._uniforms.set("size", target.size)
            self._uniforms.set("haze", frame.state.air.haze)
            self._beam.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count)
        self._lens.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count)
