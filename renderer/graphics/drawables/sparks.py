"""Draw sparks: fountains and light rain, in one instanced draw call each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.blending import blend_glowing, blend_over
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.air_effects import MOST_PLACES, LightRain, Sparks
from renderer.stage.records import StageState

GPU_SPARKS: Final = 2400
SOFTWARE_SPARKS: Final = 700
_CORNERS: Final = np.array([(0, -1), (1, -1), (0, 1), (1, 1)], np.float32)
_LIFE_S: Final = 3.0
"""Upper limit of a spark's life, seconds; see shaders/spark.vert.glsl."""
_CALM_S: Final = 1e6
"""Duration of rain, which ends only by its amount, seconds."""


class SparksModel:
    """The sparks of fountains or of light rain.

    Args:
        name: for messages to the crew.
        pick: returns a state's effect.
        software: whether a software rasteriser draws, which gets fewer sparks.
    """

    phases = frozenset({Phase.BLENDED})

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        name: str,
        pick: Callable[[StageState], Sparks | LightRain | None],
        *,
        software: bool,
    ) -> None:
        self.name = name
        self._context = context
        self._pick = pick
        self._most = SOFTWARE_SPARKS if software else GPU_SPARKS
        self._program = programs.get("spark.vert.glsl", "baked.frag.glsl")
        corners = context.buffer(_CORNERS)
        self._array = context.vertex_array(self._program, [(corners, "2f", "in_corner")])
        self._effect: Sparks | LightRain | None = None
        self._count = 0

    def update(self, state: StageState) -> bool:
        """Load a frame's effect; return whether there are any sparks."""
        effect = self._effect = self._pick(state)
        if isinstance(effect, Sparks):
            burns = bool(effect.places) and 0.0 <= effect.age_s < effect.burn_s + _LIFE_S
            self._count = self._most if burns else 0
        elif isinstance(effect, LightRain):
            self._count = round(min(max(effect.amount, 0.0), 1.0) * self._most)
        else:
            self._count = 0
        return self._count > 0

    def center(self) -> Point | None:
        """Return None: they surround the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: they glow and are not lit."""
        return None

    def draw(self, _phase: Phase, _drawing: Drawing) -> None:
        """Draw all sparks with additive blending."""
        effect, program = self._effect, self._program
        if effect is None:
            return
        program["age"] = effect.age_s
        program["color"] = effect.color
        if isinstance(effect, Sparks):
            places = [(*place, 0.0) for place in effect.places[:MOST_PLACES]]
            program["fountains"] = len(places)
            program["places"] = places + [(0.0,) * 4] * (MOST_PLACES - len(places))
            program["height"] = effect.height_m
            program["lasts"] = effect.burn_s
        else:
            program["fountains"] = 0
            program["lasts"] = _CALM_S
            program["curtain"] = effect.left, effect.right, effect.z, effect.top_m
        blend_glowing(self._context)
        self._array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._count)
        blend_over(self._context)
