"""Keep each program frame for the hall's screens, which show it in the next frame."""

from __future__ import annotations

import moderngl

from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.screen_feed import ScreenFeed
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class ScreenFeedPass:
    """Copy the program view's picture, made smaller, into the screens' feed.

    Args:
        view: name of the program's view.
    """

    name = "screen feed"
    scope = Scope.VIEW
    reads = ("display",)
    writes = ("screen feed",)
    targets: tuple[TargetSpec, ...] = ()

    def __init__(
        self, context: moderngl.Context, programs: Programs, feed: ScreenFeed, view: str
    ) -> None:
        self._feed = feed
        self._view = view
        self._array = full_screen(context, programs, "copy.frag.glsl", samplers={"picture": 0})

    def run(self, frame: Frame, targets: Targets) -> None:
        """Copy, in the program's view alone."""
        if frame.view.name != self._view:
            return
        frame.context.enable_only(moderngl.NOTHING)
        self._feed.framebuffer.use()
        targets["display"].read_from(0)
        self._array.render(moderngl.TRIANGLES, vertices=3)
