"""Blur the background behind the camera's focus distance; the foreground stays sharp."""

from __future__ import annotations

from typing import Final

import moderngl

from renderer.graphics.gpu.filters import DualFilter
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality

_WIDE_PIXELS: Final = 6.0
"""Radius from which two levels of the dual filter match better than one: they blur by about 4 and 9
pixels."""
_HALF: Final = TargetSpec("defocus", (4, "f2"), linear=True, scale=(0.5, 0.5))
_DISCS: Final = TargetSpec("defocus discs", (4, "f2"), linear=True, scale=(0.5, 0.5))
_QUARTER: Final = TargetSpec("defocus quarter", (4, "f2"), linear=True, scale=(0.25, 0.25))
_EIGHTH: Final = TargetSpec("defocus eighth", (4, "f2"), linear=True, scale=(0.125, 0.125))


class DefocusPass:
    """Fills a target with the blurred background, premultiplied by its defocus amount.

    At full quality, highlights become discs with the focus's radius. Otherwise a dual filter blurs
    at
    a third of the cost, with one or two levels, whichever radius is nearer to the focus's.

    Args:
        source: the target of linear light, with its depth.

    Attributes:
        blurred: name of the target that it fills.
    """

    name = "defocus"
    scope = Scope.VIEW

    def __init__(
        self, context: moderngl.Context, programs: Programs, quality: Quality, *, source: str
    ) -> None:
        self._source = source
        self._has_discs = quality.disc_defocus
        self.reads = (source,)
        self.targets = (_HALF, _DISCS) if self._has_discs else (_HALF, _QUARTER, _EIGHTH)
        self.writes = tuple(spec.name for spec in self.targets)
        self.blurred = self.writes[1]
        self._background = full_screen(
            context, programs, "defocus.frag.glsl", samplers={"scene": 0, "depth": 1}
        )
        self._discs = full_screen(context, programs, "discs.frag.glsl", samplers={"picture": 0})
        self._filter = DualFilter(context, programs)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target if the camera has a focus."""
        focus = frame.camera.focus
        if focus is None:
            return
        frame.context.enable_only(moderngl.NOTHING)
        half = targets["defocus"]
        half.framebuffer.use()
        targets[self._source].read_from(0)
        targets[self._source].read_depth_from(1)
        self._background.program["focus"] = focus.begin_m, focus.range_m
        self._background.render(moderngl.TRIANGLES, vertices=3)
        width, height = frame.view.size
        if not self._has_discs:
            quarter, eighth = targets["defocus quarter"], targets["defocus eighth"]
            self._filter.halve(half, quarter)
            if focus.radius * height > _WIDE_PIXELS:
                self._filter.halve(quarter, eighth)
                self._filter.double(eighth, quarter)
            return
        targets[self.blurred].framebuffer.use()
        half.read_from(0)
        self._discs.program["radius"] = focus.radius * height / width, focus.radius
        self._discs.render(moderngl.TRIANGLES, vertices=3)
