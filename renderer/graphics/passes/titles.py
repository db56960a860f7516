"""Draw titles over the finished picture: lyrics, lower third, logo, disclosure label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.gpu.screen_feed import ScreenFeed
from renderer.graphics.gpu.shaders import Programs, uniform_of
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.titles.atlas import Atlas
from renderer.graphics.titles.label_clock import LabelClock
from renderer.graphics.titles.layout import TitleLayout
from renderer.stage.text.titles import TitlePlan

_CORNERS: Final = np.array([(0, 0), (1, 0), (0, 1), (1, 1)], np.float32)


class TitlePass:
    """Blends a frame's titles over a picture, in display values, after the grade.

    LED walls show the program without titles. "clean" is a copy of it for them, at full size,
    as side screens enlarge small parts of it; it is filled if there are titles.

    Args:
        picture: the target of display-ready RGB that it draws on.
        feed: the program picture for LED walls; None without LED walls.
        feeding_view: name of the view that the feed shows.
    """

    name = "titles"
    scope = Scope.VIEW
    targets = (TargetSpec("clean", (4, "f1"), linear=True),)

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        *,
        picture: str,
        feed: ScreenFeed | None,
        feeding_view: str,
    ) -> None:
        self.reads = (picture,)
        self.writes = (picture, "clean")
        self._feed, self._feeding_view = feed, feeding_view
        self._atlas = Atlas(context)
        self._layout = TitleLayout(self._atlas)
        self._label = LabelClock()
        program = programs.get("titles.vert.glsl", "titles.frag.glsl", textures={"atlas": 0})
        uniform_of(program, "atlas_size").value = self._atlas.texture.size
        self._size = uniform_of(program, "size")
        self._quads = context.buffer(reserve=self._layout.quads.nbytes, dynamic=True)
        corners = context.buffer(_CORNERS)
        fields = "in_box", "in_texels", "in_color", "in_other", "in_style"
        self._array = context.vertex_array(
            program, [(corners, "2f", "in_corner"), (self._quads, "4f 4f 4f 4f 4f/i", *fields)]
        )

    def prepare(self, plan: TitlePlan, sizes: Iterable[tuple[int, int]]) -> None:
        """Rasterise a plan's lyrics for views of these sizes, before they are sung."""
        self._layout.prepare(plan, sizes)

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw the titles if the frame has any; pictures for screens have none."""
        if frame.view.readback is None:
            return
        target = targets[self.writes[0]]
        has_titles = bool(frame.state.titles)
        if self._feed is not None and frame.view.name == self._feeding_view:
            self._feed.show(self._clean(frame, targets) if has_titles else target.texture)
        if not has_titles:
            return
        has_label = self._label.is_due(frame.state)
        self._layout.arrange(frame.state.titles, frame.view.size, has_label=has_label)
        if not self._layout.count:
            return
        self._quads.write(self._layout.quads)
        target.framebuffer.use()
        frame.context.enable_only(moderngl.BLEND)
        frame.context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        self._atlas.texture.use(0)
        self._size.value = frame.view.size
        self._array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._layout.count)

    def _clean(self, frame: Frame, targets: Targets) -> moderngl.Texture | None:
        """Copy the picture before titles are drawn on it; return the copy."""
        clean, picture = targets["clean"], targets[self.writes[0]]
        frame.context.copy_framebuffer(clean.framebuffer, picture.framebuffer)
        return targets["clean"].texture
