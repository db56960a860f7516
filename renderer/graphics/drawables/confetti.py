"""Draw confetti: each piece's path is a function of its index and the time since firing."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.shaders import Programs, uniform_of
from renderer.stage.records import StageState

GPU_PIECES: Final = 3_000
SOFTWARE_PIECES: Final = 1_200
_COLORS: Final = 5
_FACES: Final = 8
_CORNERS: Final = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)], np.float32)


class ConfettiModel:
    """All confetti pieces, in one instanced draw call.

    Args:
        software: whether a software rasteriser draws, which gets fewer pieces.
    """

    name = "the confetti"
    phases = frozenset({Phase.SET})

    def __init__(self, context: moderngl.Context, programs: Programs, *, software: bool) -> None:
        program = programs.get("confetti.vert.glsl", "confetti.frag.glsl")
        self._most = SOFTWARE_PIECES if software else GPU_PIECES
        self._count = 0
        self._age = uniform_of(program, "age")
        self._papers = uniform_of(program, "papers")
        self._key = uniform_of(program, "key")
        self._faces = uniform_of(program, "faces")
        corners = context.buffer(_CORNERS)
        self._array = context.vertex_array(program, [(corners, "2f", "in_corner")])

    def update(self, state: StageState) -> bool:
        """Load a frame's confetti state; return whether any pieces are falling."""
        confetti = state.confetti
        if confetti is None or not confetti.amount > 0.0:
            return False
        self._count = min(round(confetti.amount * self._most), self._most)
        self._age.value = confetti.age_s
        colors = [(*color, 0.0) for color in confetti.colors]
        self._papers.value = [colors[number % len(colors)] for number in range(_COLORS)]
        faces = [(*face, 1.0) for face in confetti.faces[:_FACES]]
        self._faces.value = faces + [(0.0, 0.0, 0.0, 0.0)] * (_FACES - len(faces))
        self._key.value = state.lights[0].color if state.lights else (0.0, 0.0, 0.0)
        return True

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: it is lit by the key light's colour alone and needs no light list."""
        return None

    def draw(self, _phase: Phase, _drawing: Drawing) -> None:
        """Draw all pieces."""
        self._array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._count)
