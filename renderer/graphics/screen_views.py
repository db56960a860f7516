"""Draw the pictures of a set's side screens with cameras of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import moderngl

from renderer.graphics.drawables.screens.model import OWN_CAMERAS
from renderer.graphics.gpu.frame_block import FrameBlock
from renderer.graphics.gpu.matrices import is_any_visible
from renderer.graphics.limits import Limits
from renderer.graphics.passes.base import View
from renderer.graphics.passes.graph import FrameGraph
from renderer.graphics.passes.picture import DISPLAY
from renderer.graphics.quality import Quality
from renderer.graphics.scene import Scene
from renderer.stage.records import Camera, StageState
from renderer.stage.sets.stage_set import Backdrop


class ScreenViews:
    """The views of the side screens' cameras; they are drawn before those that see the screens.

    Args:
        scene: whose screens show them.
        graph: of the passes.
        quality: size of the pictures, and whether they are drawn in turn. The hall's screens have
            144 × 217 emitters.
    """

    def __init__(
        self,
        context: moderngl.Context,
        scene: Scene,
        graph: FrameGraph,
        backdrop: Backdrop,
        quality: Quality,
    ) -> None:
        self._screens = scene.screens
        self._views: list[View] = []
        self._in_turn = quality.screens_in_turn
        self._next: int | None = None
        if scene.screens is None or scene.feed is None:
            return
        size = quality.screen_size
        textures = []
        for number in range(min(len(scene.screens.side_spheres), OWN_CAMERAS)):
            name = f"side screen {number + 1}"
            display = graph.open_view(name, size)[DISPLAY.name]
            display.framebuffer.clear()
            if display.texture is not None:
                textures.append(display.texture)
            self._views.append(View(name, size, FrameBlock(context, size, backdrop), None))
        scene.feed.own = tuple(textures)

    @property
    def has_any(self) -> bool:
        """Return whether the set has side screens."""
        return bool(self._views)

    def select(
        self, state: StageState, views: Sequence[View], limits: Limits
    ) -> tuple[list[View], Mapping[str, Camera]]:
        """Return the views to draw in a frame and their cameras: none if no view sees a screen.

        Args:
            views: the others of the frame, whose uniforms are written.
        """
        count = min(len(state.screens.cameras), len(self._views))
        if not count or self._screens is None or limits.scale != 1.0:
            return [], {}
        spheres = self._screens.side_spheres
        if not any(is_any_visible(view.block.matrix, spheres) for view in views):
            self._next = None
            return [], {}
        chosen = self._views[:count]
        cameras = {
            view.name: camera for view, camera in zip(chosen, state.screens.cameras, strict=False)
        }
        if self._in_turn:
            # All of them after a cut, when their pictures are old.
            if self._next is not None:
                chosen = [chosen[self._next % count]]
            self._next = 0 if self._next is None else self._next + 1
        for view in chosen:
            view.block.write(state, cameras[view.name])
        return chosen, cameras
