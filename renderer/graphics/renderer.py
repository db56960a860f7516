"""Draws a stage's states: the passes in their order, and nothing about how each is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.model import Avatar
from renderer.closing import Closing
from renderer.errors import GraphicsError
from renderer.graphics.drawables.avatar_model import AvatarModel
from renderer.graphics.drawables.geometry import Geometry, merge
from renderer.graphics.drawables.pose import PoseTexture
from renderer.graphics.drawables.set_model import SetModel
from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.frame_block import FrameBlock
from renderer.graphics.gpu.readback import GPU_LATENCY, Readback
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import Picture
from renderer.graphics.passes.shadow import ShadowMap
from renderer.graphics.records import ProgramFrame
from renderer.stage.records import StageState
from renderer.stage.set import StageSet

GPU_SAMPLES: Final = 4
GPU_SHADOW: Final = 2048
SOFTWARE_SHADOW: Final = 1024
GPU_ANISOTROPY: Final = 8.0


class StageRenderer(Closing):
    """A stage, its avatars, and the pictures of its states. Owned by one thread.

    Args:
        width, height: of the picture; both even, as I420 wants.
        stage: what stands on the stage.
        avatars: whom a state may pose, by their place here.
        samples: of multisampling; by default 4 on a GPU, and on a processor none, with edges
            softened in the finished picture instead.
        latency: how many frames may be under way; by default 2 on a GPU and 0 on a processor.

    Raises:
        GraphicsError: for an odd size, without OpenGL 4.1, or for an avatar that cannot be drawn.
    """

    def __init__(
        self,
        width: int,
        height: int,
        stage: StageSet,
        avatars: Sequence[Avatar],
        samples: int | None = None,
        latency: int | None = None,
    ) -> None:
        if width < 2 or height < 2 or width % 2 or height % 2:
            raise GraphicsError(
                f"a picture of {width} x {height}",
                "its sides are not both even",
                "give even numbers, such as 1280 x 720",
            )
        self._closed = False
        geometries = [merge(avatar) for avatar in avatars]
        self._context, self.adapter = open_context()
        try:
            self._build((width, height), stage, avatars, geometries, samples, latency)
        except BaseException:
            self._context.release()
            raise

    def _build(
        self,
        size: tuple[int, int],
        stage: StageSet,
        avatars: Sequence[Avatar],
        geometries: list[Geometry],
        samples: int | None,
        latency: int | None,
    ) -> None:
        context, software = self._context, self.adapter.is_software
        smooth = samples is None and software
        if samples is None:
            samples = 0 if software else GPU_SAMPLES
        programs = Programs(context)
        surface_defines = () if software else ("SOFT_SHADOW",)
        self._frame = FrameBlock(context, size, stage.backdrop)
        self._shadow = ShadowMap(context, programs, SOFTWARE_SHADOW if software else GPU_SHADOW)
        self._picture = Picture(
            context, programs, size, min(samples, context.max_samples), smooth=smooth
        )
        self._set = SetModel(context, programs, stage, surface_defines)
        self._pose = PoseTexture(
            context,
            [
                (avatar.meta.name or avatar.path.name, geometry, len(avatar.nodes.parents),
                 avatar.channel_count)
                for avatar, geometry in zip(avatars, geometries, strict=True)
            ],
        )  # fmt: skip
        self._models = [
            AvatarModel(
                context,
                programs,
                avatar,
                geometry,
                row=row,
                first_weight=self._pose.first_weight(row),
                surface_defines=surface_defines,
                anisotropy=1.0 if software else GPU_ANISOTROPY,
            )
            for row, (avatar, geometry) in enumerate(zip(avatars, geometries, strict=True))
        ]
        backdrop = programs.get("full.vert.glsl", "backdrop.frag.glsl")
        self._backdrop = context.vertex_array(backdrop, [])
        default = 0 if software else GPU_LATENCY
        self._readback = Readback(
            context, self._picture.bytes, default if latency is None else latency
        )

    def draw(self, state: StageState) -> None:
        """Draw a frame and start it on its way out.

        Raises:
            GraphicsError: for a state that cannot be drawn (too many lights, a pose that does not
                fit), or when the frame before has not been collected.
        """
        with self._context:
            self._readback.require_room()
            shadow = self._frame.write(state, self._shadow.texel)
            self._pose.write(state.avatars)
            for posed in state.avatars:
                self._models[posed.avatar].change_materials(posed)
            shown = self._nearest_first(state)
            self._skin(shown)
            if shadow is not None:
                self._shadow.draw(shadow, shown)
            self._shadow.use()
            self._draw_scene(shown)
            self._picture.finish()
            self._readback.push(state)

    def _nearest_first(self, state: StageState) -> list[AvatarModel]:
        """The models in a state, nearest first: what hides is drawn before what is hidden."""
        eye = np.array(state.camera.position)
        distances = [
            (float(np.sum((posed.world[:, :3, 3].mean(axis=0) - eye) ** 2)), posed.avatar)
            for posed in state.avatars
        ]
        return [self._models[index] for _, index in sorted(distances)]

    def _skin(self, models: list[AvatarModel]) -> None:
        # Feedback draws no pixels, but GL asks for a whole framebuffer all the same.
        self._picture.scene.use()
        self._pose.use()
        for model in models:
            model.skin()

    def _draw_scene(self, models: list[AvatarModel]) -> None:
        context, target = self._context, self._picture.scene
        target.use()
        target.clear(depth=1.0)
        context.enable_only(moderngl.DEPTH_TEST)
        context.depth_func = "<="
        target.color_mask = False, False, False, False
        for model in models:
            model.draw_ahead()
        self._set.draw_ahead()
        target.color_mask = True, True, True, True
        for model in models:
            model.draw_solid()
        context.disable(moderngl.CULL_FACE)
        self._set.draw()
        self._backdrop.render(moderngl.TRIANGLES, vertices=3)
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        target.depth_mask = False
        for model in reversed(models):
            model.draw_outlines()
        for model in reversed(models):
            model.draw_blended(target)
        context.disable(moderngl.BLEND)

    def collect(self) -> ProgramFrame | None:
        """The oldest finished frame, once more than the latency are under way."""
        with self._context:
            return self._readback.collect()

    def finish(self) -> Iterator[ProgramFrame]:
        """Every frame that is still under way, oldest first. Each is valid until the next."""
        while True:
            # Entered for each frame: whoever takes it may draw elsewhere before the next.
            with self._context:
                frame = self._readback.drain_one()
            if frame is None:
                return
            yield frame

    def picture(self) -> npt.NDArray[np.uint8]:
        """The last drawn picture, (height, width, 3) uint8 sRGB; waits for the GPU."""
        with self._context:
            return self._picture.read()

    def skinned_points(
        self, avatar: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """An avatar's positions and normals (n, 3) in stage space, as last drawn."""
        with self._context:
            return self._models[avatar].skinned_points()

    def close(self) -> None:
        """Give everything back to the driver. Frames under way are lost; calling again is fine."""
        if not self._closed:
            self._closed = True
            self._context.release()
