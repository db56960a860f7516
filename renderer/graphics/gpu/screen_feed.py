"""Hold the pictures that LED screens show."""

from __future__ import annotations

import moderngl


class ScreenFeed:
    """The textures of the previous program frame and of the side screens' own cameras.

    The program view's finished target stays valid until the end of the next frame, so nothing is
    copied. The side screens' pictures are drawn before the others of their frame.

    Attributes:
        texture: display-ready RGB, top row first; black if there is no program view.
        own: likewise, of each side screen with a camera of its own.
    """

    def __init__(self, context: moderngl.Context) -> None:
        self._black = context.texture((1, 1), 4, bytes(4))
        self.texture = self._black
        self.own: tuple[moderngl.Texture, ...] = ()

    def show(self, picture: moderngl.Texture | None) -> None:
        """Set the picture to show; None for black."""
        self.texture = self._black if picture is None else picture
