"""Draw light beams in haze, and the lens glare of their fixtures."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.gpu.beams import BEAM_FLOATS, MOST_BEAMS
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality

_SMOKE_SIDE: Final = 256
_OCTAVES: Final = ((4, 1.0), (8, 0.6), (16, 0.35), (32, 0.2), (64, 0.1))
"""Cells along a side of the smoke texture, and the amplitude of each octave."""


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
                f"{name}.vert.glsl", f"{name}.frag.glsl", textures={"depth": 0, "smoke": 1}
            )
            rows = (self._rows, "4f 4f 4f/i", "in_apex", "in_axis", "in_tint")
            return context.vertex_array(program, [(corners, "2f", "in_corner"), rows])

        self._beam, self._lens = array("beam"), array("lens")
        noise = np.round(255.0 * _tiling_noise()).astype(np.uint8)
        self._smoke = context.texture((_SMOKE_SIDE, _SMOKE_SIDE), 1, noise.tobytes())

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target if the frame has beams."""
        count = len(frame.beams)
        if not count:
            return
        context, target = frame.context, targets["beams"]
        # Write the whole buffer: Mesa's null driver crashes on a partial write.
        self._packed[:count] = frame.beams
        self._rows.write(self._packed)
        target.framebuffer.use()
        target.framebuffer.clear()
        context.enable_only(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        targets[self._source].read_depth_from(0)
        self._smoke.use(1)
        if frame.state.air.haze > 0.0:
            program = self._beam.program
            program["size"] = target.size
            program["haze"] = frame.state.air.haze
            self._beam.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count)
        self._lens.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count)


def _tiling_noise() -> npt.NDArray[np.float64]:
    """Return tileable smooth noise (256, 256) in 0 to 1, deterministic."""
    random = np.random.default_rng(1)
    noise = np.zeros((_SMOKE_SIDE, _SMOKE_SIDE))
    for cells, strength in _OCTAVES:
        grid = np.pad(random.random((cells, cells)), ((0, 1), (0, 1)), mode="wrap")
        place = np.linspace(0.0, cells, _SMOKE_SIDE, endpoint=False)
        cell = place.astype(np.intp)
        share = place - cell
        share = share * share * (3.0 - 2.0 * share)
        rows = grid[cell] * (1.0 - share)[:, None] + grid[cell + 1] * share[:, None]
        noise += strength * (rows[:, cell] * (1.0 - share) + rows[:, cell + 1] * share)
    noise -= noise.min()
    return np.asarray(noise / noise.max())
