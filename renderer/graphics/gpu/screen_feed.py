"""Hold the program's last picture, for screens in the hall that show it."""

from __future__ import annotations

import moderngl


class ScreenFeed:
    """What screens show of the program: the frame before the one that is being drawn.

    The program view's finished picture stays where it was drawn until the next one replaces it, at
    the end of a frame; so nothing is copied.

    Attributes:
        texture: display-ready RGB, the first row on top; black while there is no program view.
    """

    def __init__(self, context: moderngl.Context) -> None:
        self._black = context.texture((1, 1), 4, bytes(4))
        self.texture = self._black

    def show(self, picture: moderngl.Texture | None) -> None:
        """Take another picture from now on; None for black."""
        self.texture = self._black if picture is None else picture
