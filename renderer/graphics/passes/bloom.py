"""Compute the bloom of emissive surfaces."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import moderngl

from renderer.graphics.gpu.filters import DualFilter
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs, uniform_of
from renderer.graphics.gpu.targets import Target, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality

SPREAD: Final = 0.85
"""Share of each coarser level that is mixed into the next finer one."""


class BloomPass:
    """Adds bloom to "beams", which the grade pass adds; the picture's alpha is the bloom weight.

    The picture is downsampled level by level and upsampled again, each level added to the finer
    one. "bloom 0" holds the result.

    Args:
        source: the target of linear light.
    """

    name = "bloom"
    scope = Scope.VIEW

    def __init__(
        self, context: moderngl.Context, programs: Programs, quality: Quality, *, source: str
    ) -> None:
        self._source = source
        self.reads = (source,)
        self.targets = tuple(
            TargetSpec(
                f"bloom {level}",
                (4, "f2"),
                linear=True,
                scale=(quality.bloom_scale / 2**level,) * 2,
            )
            for level in range(quality.bloom_levels + 1)
        )
        self._levels = tuple(spec.name for spec in self.targets)
        self.writes = (*self._levels, "beams")
        self._bright = full_screen(
            context, programs, "bloom_bright.frag.glsl", samplers={"scene": 0}
        )
        self._filter = DualFilter(context, programs)
        self._add = full_screen(context, programs, "bloom_add.frag.glsl", samplers={"picture": 0})
        self._gain = uniform_of(self._add.program, "gain")

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the levels if the state uses bloom."""
        if frame.state.grade.bloom <= 0.0:
            return
        context = frame.context
        context.enable_only(moderngl.NOTHING)
        levels: list[Target] = [targets[name] for name in self._levels]
        levels[0].framebuffer.use()
        targets[self._source].read_from(0)
        self._bright.render(moderngl.TRIANGLES, vertices=3)
        for finer, coarser in pairwise(levels):
            self._filter.halve(finer, coarser)
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        for coarser, finer in zip(levels[:0:-1], levels[-2::-1], strict=True):
            self._filter.double(coarser, finer, SPREAD)
        if not frame.has_lit_air:
            context.disable(moderngl.BLEND)
        targets["beams"].framebuffer.use()
        levels[0].read_from(0)
        self._gain.value = frame.state.grade.bloom
        self._add.render(moderngl.TRIANGLES, vertices=3)
