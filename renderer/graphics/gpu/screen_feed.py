"""Hold the last program picture, for the LED walls that show it."""

from __future__ import annotations

import moderngl


class ScreenFeed:
    """The texture of the previous program frame, for LED walls.

    The program view's finished target stays valid until the end of the next frame, so nothing is
    copied.

    Attributes:
        texture: display-ready RGB, top row first; black if there is no program view.
    """

    def __init__(self, context: moderngl.Context) -> None:
        self._black = context.texture((1, 1), 4, bytes(4))
        self.texture = self._black

    def show(self, picture: moderngl.Texture | None) -> None:
        """Set the picture to show; None for black."""
        self.texture = self._black if picture is None else picture
