"""Draw LED walls: beat-synchronised content, a line of text, and the program on side screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.screen_feed import ScreenFeed
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.text import LINE_SIZE, TextLine
from renderer.stage.records import LedContent, StageState
from renderer.stage.set import Screen

GENERATED: Final = "wall"
"""Name of the screens that show generated content; the others show the program."""
_WIDTHS: Final = 0.65
"""Repetitions of the text texture along the wall: 13.4 m, and the line is 32 × 0.64 m."""
_CROPS: Final = 4
"""Maximum number of side screens with a crop of their own."""
_WORDS, _PROGRAM = 0, 1
_CONTENT: Final = {LedContent.BARS: 0, LedContent.SUNBURST: 1, LedContent.VEIL: 2}


class ScreensModel:
    """All screens of a set, in one draw call.

    Args:
        screens: at least one.
        feed: the program picture of the previous frame.
    """

    name = "the LED screens"
    phases = frozenset({Phase.MIRROR, Phase.SET})

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        screens: Sequence[Screen],
        feed: ScreenFeed,
    ) -> None:
        rows, triangles, first, programs_shown = [], [], 0, 0
        for screen in screens:
            programs_shown += screen.name != GENERATED
            number = 0 if screen.name == GENERATED else min(programs_shown, _CROPS)
            kind = np.full((len(screen.uv), 1), number, np.float32)
            rows.append(np.hstack((screen.position, screen.uv, kind)))
            triangles.append(screen.triangles + np.uint32(first))
            first += len(kind)
        fields = "in_position", "in_uv", "in_kind"
        corners = context.buffer(np.concatenate(rows).astype(np.float32))
        indices = context.buffer(np.concatenate(triangles).astype(np.uint32))
        self._programs = {
            content: programs.get(
                "led.vert.glsl",
                "led.frag.glsl",
                (f"CONTENT {number}",),
                textures={"words": _WORDS, "program": _PROGRAM},
            )
            for content, number in _CONTENT.items()
        }
        self._arrays = {
            content: context.vertex_array(
                program, [(corners, "3f 2f 1f", *fields)], index_buffer=indices
            )
            for content, program in self._programs.items()
        }
        self._content = LedContent.BARS
        self._feed = feed
        self._line = TextLine()
        self._words = context.texture(LINE_SIZE, 1)
        self._words.repeat_y = False

    def update(self, state: StageState) -> bool:
        """Load the screens' content; return True: they are in every frame."""
        screens = state.screens
        if self._line.set_text(screens.text):
            self._words.write(self._line.pixels)
        self._content = screens.content
        program = self._programs[self._content]
        program["beat"] = state.beat
        program["level"] = screens.level
        program["cool"] = screens.cool
        program["warm"] = screens.warm
        crops = screens.crops[:_CROPS]
        program["crops"] = [*crops, *([crops[-1]] * (_CROPS - len(crops)))]
        program["word_span"] = _WIDTHS if screens.text else 0.0
        return True

    def center(self) -> Point | None:
        """Return None: they surround the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: they are not lit."""
        return None

    def draw(self, _phase: Phase, drawing: Drawing) -> None:
        """Draw all screens."""
        is_blurred = drawing.camera is not None and drawing.camera.focus is not None
        self._programs[self._content]["dots"] = 0.0 if is_blurred else 1.0
        self._words.use(_WORDS)
        self._feed.texture.use(_PROGRAM)
        self._arrays[self._content].render(moderngl.TRIANGLES)
