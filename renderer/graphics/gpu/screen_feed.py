"""Keep the program's picture of the frame before, for screens in the hall that show it."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

SIZE: Final = (480, 270)
"""Pixels; as fine as the side screens' own."""


class ScreenFeed:
    """A small picture of the program; black until the first frame has been drawn.

    Attributes:
        texture: display-ready RGB, the first row on top.
        framebuffer: to draw the next picture into.
    """

    def __init__(self, context: moderngl.Context) -> None:
        black = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
        self.texture = context.texture(SIZE, 4, black)
        self.texture.repeat_x = self.texture.repeat_y = False
        self.framebuffer = context.framebuffer([self.texture])
