"""Draw the matte of a keyed picture: the coverage of each pixel.

The scene's alpha is the bloom weight, so coverage has its own target, which shares the scene's
depth. Opaque surfaces have coverage 1, outlines and blended surfaces their alpha.
"""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import ALPHA_ALONE, Target, TargetSpec, masking_color
from renderer.graphics.passes.base import Frame, Scope, Targets

COVERAGE = "coverage"
"""Name of the target of coverage, in its alpha; multisampled like the scene."""
MATTE = "matte"
"""Name of the resolved coverage."""


class _Covered:
    """A framebuffer of the coverage with the scene's depth, for each view."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Target, Target, moderngl.Framebuffer]] = {}

    def get(self, frame: Frame, targets: Targets) -> moderngl.Framebuffer:
        """Return the framebuffer of the view that is being drawn."""
        name = frame.view.name
        scene, coverage = targets["scene"], targets[COVERAGE]
        known = self._made.get(name)
        if known is not None and known[0] is scene and known[1] is coverage:
            return known[2]
        if known is not None:
            known[2].release()
        if coverage.texture is None or scene.depth_texture is None:
            raise ValueError("coverage needs a colour target and a scene with a depth texture")
        made = frame.context.framebuffer([coverage.texture], scene.depth_texture)
        self._made[name] = scene, coverage, made
        return made


class CoverPass:
    """Clears the coverage, and marks where an opaque surface has been drawn.

    Args:
        samples: of multisampling; 0 for none.
    """

    name = "cover"
    scope = Scope.VIEW
    reads = ("scene",)
    writes = (COVERAGE,)

    def __init__(self, context: moderngl.Context, programs: Programs, samples: int) -> None:
        self.targets = (TargetSpec(COVERAGE, (4, "f1"), samples=samples),)
        self._array = full_screen(context, programs, "cover.frag.glsl")
        self.covered = _Covered()

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw on the far plane, where the depth test finds a surface in front of it."""
        # Clear through its own framebuffer, which has no depth.
        targets[COVERAGE].framebuffer.clear()
        target = self.covered.get(frame, targets)
        target.use()
        target.depth_mask = False
        frame.context.enable_only(moderngl.DEPTH_TEST)
        frame.context.depth_func = ">"
        try:
            self._array.render(moderngl.TRIANGLES, vertices=3)
        finally:
            frame.context.depth_func = "<="
            target.depth_mask = True


class CoverPhasePass:
    """Adds the alpha of a phase's objects, after the scene's pass has drawn their depth.

    Args:
        cover: the pass that clears the coverage.
        phase: of the objects to draw: outlines or blended surfaces.
    """

    scope = Scope.VIEW
    reads = ("geometry", "scene")
    writes = (COVERAGE,)
    targets: tuple[TargetSpec, ...] = ()

    def __init__(self, cover: CoverPass, phase: Phase) -> None:
        self.name = f"cover {phase.name.lower()}"
        self._covered = cover.covered
        self._phase = phase

    def run(self, frame: Frame, targets: Targets) -> None:
        """Blend the objects' alpha over the existing coverage."""
        target = self._covered.get(frame, targets)
        frame.context.enable_only(moderngl.DEPTH_TEST | moderngl.BLEND)
        frame.context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        with masking_color(target, ALPHA_ALONE):
            target.depth_mask = False
            try:
                frame.draw(self._phase, target, farthest_first=True)
            finally:
                target.depth_mask = True


class MattePass:
    """Fills "matte" with the mean of a pixel's samples.

    Args:
        samples: of the coverage.
    """

    name = "matte"
    scope = Scope.VIEW
    reads = (COVERAGE,)
    writes = (MATTE,)
    targets = (TargetSpec(MATTE, (4, "f1")),)

    def __init__(self, context: moderngl.Context, programs: Programs, samples: int) -> None:
        self._array = full_screen(
            context, programs, "matte.frag.glsl", (f"SAMPLES {samples}",),
            samplers={"coverage": 0},
        )  # fmt: skip

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target."""
        targets[MATTE].framebuffer.use()
        frame.context.enable_only(moderngl.NOTHING)
        targets[COVERAGE].read_from(0)
        self._array.render(moderngl.TRIANGLES, vertices=3)
