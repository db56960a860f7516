"""Draw light beams in haze, and the lens glare of their fixtures."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.gpu.beams import BEAM_FLOATS, MOST_BEAMS
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.gpu.smoke import smoke_texture
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality

F32 = npt.NDArray[np.float32]

_HAZE: Final = 11
_LAYER: Final = 12
"""Columns of a beam's row: its factor in haze, and the layer of its gobo."""


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

        def rows(name: str, *defines: str) -> _Rows:
            program = programs.get(
                f"{name}.vert.glsl",
                f"{name}.frag.glsl",
                defines,
                textures={"depth": 0, "smoke": 1, "gobo_map": UNITS["gobo_map"]},
            )
            return _Rows(context, program, corners)

        self._plain, self._shaped, self._lens = rows("beam"), rows("beam", "GOBO"), rows("lens")
        self._uniforms = [programs.values(one.program) for one in (self._plain, self._shaped)]
        self._smoke = smoke_texture(context)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target if the frame has beams."""
        if not len(frame.beams):
            return
        context, target = frame.context, targets["beams"]
        target.framebuffer.use()
        target.framebuffer.clear()
        context.enable_only(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        targets[self._source].read_depth_from(0)
        self._smoke.use(1)
        if frame.state.air.haze > 0.0:
            for uniforms in self._uniforms:
                uniforms.set("size", target.size)
                uniforms.set("haze", frame.state.air.haze)
            # Lens flares of lamps are beams that no haze shows.
            is_seen, has_gobo = frame.beams[:, _HAZE] > 0.0, frame.beams[:, _LAYER] >= 0.0
            self._plain.draw(frame.beams[is_seen & ~has_gobo])
            self._shaped.draw(frame.beams[is_seen & has_gobo])
        self._lens.draw(frame.beams)


class _Rows:
    """Instances of one program, in a buffer of their own.

    Args:
        corners: of the quad that is drawn for each, as a triangle strip.
    """

    def __init__(
        self, context: moderngl.Context, program: moderngl.Program, corners: moderngl.Buffer
    ) -> None:
        self.program = program
        self._packed = np.zeros((MOST_BEAMS, BEAM_FLOATS), np.float32)
        self._buffer = context.buffer(reserve=self._packed.nbytes, dynamic=True)
        fields = "in_apex", "in_axis", "in_tint", "in_gobo"
        layout = " ".join("4f" if name in program else "16x" for name in fields)
        used = [name for name in fields if name in program]
        self._array = context.vertex_array(
            program, [(corners, "2f", "in_corner"), (self._buffer, f"{layout}/i", *used)]
        )

    def draw(self, rows: F32) -> None:
        """Draw rows (n, 16), if there are any."""
        if len(rows):
            # Write the whole buffer: Mesa's noop driver, which a benchmark uses, crashes otherwise.
            self._packed[: len(rows)] = rows
            self._buffer.write(self._packed)
            self._array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=len(rows))
