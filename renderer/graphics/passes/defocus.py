"""Blur the background behind the camera's focus and the foreground in front of it."""

from __future__ import annotations

from typing import Final

import moderngl

from renderer.graphics.gpu.filters import DualFilter
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.quality import Quality
from renderer.stage.records import Focus

_WIDE_PIXELS: Final = 6.0
"""Blur radius above which two levels of the dual filter are used: one level blurs by about 4
pixels, two by about 9."""
_COLOR: Final = (4, "f2")


def _spec(name: str, scale: float) -> TargetSpec:
    return TargetSpec(name, _COLOR, linear=True, scale=(scale, scale))


_HALF: Final = _spec("defocus", 0.5)
_QUARTER: Final = _spec("defocus quarter", 0.25)
_EIGHTH: Final = _spec("defocus eighth", 0.125)
_BACKGROUND: Final = "defocused background"
_FOREGROUND: Final = "defocused foreground"


class DefocusPass:
    """Fills two targets with background and foreground blur, premultiplied by the blur factor.

    At full quality, highlights become discs of the focus's radius. Otherwise a dual filter blurs at
    a third of the cost, with one or two levels, whichever radius is nearer to the focus's. The
    foreground's target is filled only if the focus has a foreground.

    Args:
        source: the target of linear light, with its depth.

    Attributes:
        blurred: name of the background's target.
        foreground: name of the foreground's target.
    """

    name = "defocus"
    scope = Scope.VIEW
    blurred = _BACKGROUND
    foreground = _FOREGROUND

    def __init__(
        self, context: moderngl.Context, programs: Programs, quality: Quality, *, source: str
    ) -> None:
        self._source = source
        self._has_discs = quality.disc_defocus
        scale = 0.5 if self._has_discs else 0.25
        results = (_spec(_BACKGROUND, scale), _spec(_FOREGROUND, scale))
        self.reads = (source,)
        own = () if self._has_discs else (_QUARTER, _EIGHTH)
        self.targets = (_HALF, *results, *own)
        self.writes = tuple(spec.name for spec in self.targets)
        self._layers, self._discs = (
            {
                layer: full_screen(context, programs, fragment, defines, samplers=samplers)
                for layer, defines in ((_BACKGROUND, ()), (_FOREGROUND, ("FOREGROUND",)))
            }
            for fragment, samplers in (
                ("defocus.frag.glsl", {"scene": 0, "depth": 1}),
                ("discs.frag.glsl", {"picture": 0}),
            )
        )
        self._soften = full_screen(context, programs, "soften.frag.glsl", samplers={"picture": 0})
        self._filter = DualFilter(context, programs)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the targets if the camera has a focus."""
        focus = frame.camera.focus
        if focus is None:
            return
        frame.context.enable_only(moderngl.NOTHING)
        self._blur(_BACKGROUND, focus, targets)
        if has_foreground(frame):
            self._blur(_FOREGROUND, focus, targets)

    def _blur(self, name: str, focus: Focus, targets: Targets) -> None:
        """Draw one layer at half size and blur it into its target."""
        layer, discs = self._layers[name], self._discs[name]
        half, result = targets["defocus"], targets[name]
        half.framebuffer.use()
        targets[self._source].read_from(0)
        targets[self._source].read_depth_from(1)
        layer.program["focus"] = focus.begin_m, focus.range_m, focus.front_m
        layer.render(moderngl.TRIANGLES, vertices=3)
        width, height = targets[self._source].size
        if self._has_discs:
            result.framebuffer.use()
            half.read_from(0)
            discs.program["radius"] = focus.radius * height / width, focus.radius
            discs.render(moderngl.TRIANGLES, vertices=3)
            return
        quarter = targets["defocus quarter"]
        self._filter.halve(half, quarter)
        if focus.radius * height > _WIDE_PIXELS:
            eighth = targets["defocus eighth"]
            self._filter.halve(quarter, eighth)
            self._filter.double(eighth, quarter)
        # At a sixteenth of the pixels that the grade pass has.
        result.framebuffer.use()
        quarter.read_from(0)
        self._soften.render(moderngl.TRIANGLES, vertices=3)


def has_foreground(frame: Frame) -> bool:
    """Return whether the view's camera blurs its foreground."""
    focus = frame.camera.focus
    return focus is not None and focus.front_m > 0.0
