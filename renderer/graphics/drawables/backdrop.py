"""Draw the background gradient."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import StageState


class BackdropModel:
    """A full-screen draw on the far plane, which fills the pixels that nothing else covers."""

    name = "the backdrop"
    phases = frozenset({Phase.PROBE, Phase.BACKDROP})

    def __init__(self, context: moderngl.Context, programs: Programs) -> None:
        self._array = full_screen(context, programs, "backdrop.frag.glsl")

    def update(self, _state: StageState) -> bool:
        """Return True: the backdrop is in every frame."""
        return True

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: it is not lit."""
        return None

    def draw(self, _phase: Phase, _drawing: Drawing) -> None:
        """Fill the pixels whose depth is still at the far plane."""
        self._array.render(moderngl.TRIANGLES, vertices=3)
