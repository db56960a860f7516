"""Draw the light scattered by CO2 jets, into the target of the beams."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.smoke import smoke_texture
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.stage.air_effects import MOST_PLACES
from renderer.stage.lights.illumination import light_at

PUFFS: Final = 56
"""Number of particles in a jet; also a define of shaders/jet.vert.glsl."""
_LIT_AT: Final = 0.45
"""Height at which a column's incident light is sampled, as a fraction of its height."""
_CORNERS: Final = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)], np.float32)


class JetPass:
    """Adds jets to "beams", which the grade pass adds to the picture.

    Args:
        source: the target whose depth occludes them.
    """

    name = "jets"
    scope = Scope.VIEW
    writes = ("beams",)
    targets: tuple[TargetSpec, ...] = ()

    def __init__(self, context: moderngl.Context, programs: Programs, *, source: str) -> None:
        self._source = source
        self.reads = (source,)
        self._program = programs.get(
            "jet.vert.glsl", "jet.frag.glsl", (f"PUFFS {PUFFS}",), textures={"depth": 0, "smoke": 1}
        )
        self._array = context.vertex_array(
            self._program, [(context.buffer(_CORNERS), "2f", "in_corner")]
        )
        self._smoke = smoke_texture(context)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the state's jets, if it has any."""
        jets = frame.state.jets
        if jets is None or not jets.places:
            return
        target, context, program = targets["beams"], frame.context, self._program
        target.framebuffer.use()
        if not len(frame.beams):
            target.framebuffer.clear()
        places = np.array(jets.places[:MOST_PLACES], np.float64)
        lit = jets.level * light_at(
            frame.state.lights, places + np.array((0.0, _LIT_AT * jets.height_m, 0.0))
        )
        lit += np.array(frame.state.ambient)
        rows = np.zeros((MOST_PLACES, 4), np.float32)
        rows[: len(places), :3] = places
        program["places"].write(rows.tobytes())  # type: ignore[union-attr]
        rows[: len(places), :3] = lit
        program["lit"].write(rows.tobytes())  # type: ignore[union-attr]
        program["jets"] = len(places)
        program["age"], program["blow"] = jets.age_s, jets.blow_s
        program["height"], program["size"] = jets.height_m, target.size
        context.enable_only(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        targets[self._source].read_depth_from(0)
        self._smoke.use(1)
        self._array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=PUFFS * len(places))
