"""Draw the gradient that stands behind everything."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import StageState


class BackdropModel:
    """A full-screen draw on the far plane, so that it fills what nothing else covers."""

    name = "the backdrop"
    phases = frozenset({Phase.BACKDROP})

    def __init__(self, context: moderngl.Context, programs: Programs) -> None:
        self._array = full_screen(context, programs, "backdrop.frag.glsl")

    def update(self, _state: StageState) -> bool:
        """Return that it is always there."""
        return True

    def center(self) -> Point | None:
        """Return that it stands all around."""
        return None

    def bounds(self) -> Bounds | None:
        """Return that no light falls on it."""
        return None

    def draw(self, _phase: Phase, _drawing: Drawing) -> None:
        """Fill the pixels that are still at the far plane."""
        self._array.render(moderngl.TRIANGLES, vertices=3)
