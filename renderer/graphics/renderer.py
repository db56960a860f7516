"""Draw the states of a stage: views, warm-up, and handling of objects and effects that fail."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.model import Avatar
from renderer.closing import Closing
from renderer.errors import GraphicsError
from renderer.graphics.containment import Containment
from renderer.graphics.drawables.avatar.geometry import Geometry
from renderer.graphics.drawables.avatar.levels import MergedLevels
from renderer.graphics.drawables.base import Drawable
from renderer.graphics.drawables.screens.media import ScreenLibrary
from renderer.graphics.effects import Effect, turn_off
from renderer.graphics.gpu import gl
from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.context_loss import ContextLoss
from renderer.graphics.gpu.frame_block import FrameBlock
from renderer.graphics.gpu.readback import GPU_LATENCY, Readback
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import Target
from renderer.graphics.keyed import key_stage, key_state
from renderer.graphics.limits import NO_LIMITS, Limits, limit_state
from renderer.graphics.pass_list import PassOptions, build_passes
from renderer.graphics.passes.base import DrawableError, PassError, View
from renderer.graphics.passes.graph import FrameGraph
from renderer.graphics.passes.picture import DISPLAY, PLANES
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.records import DrawFault, ProgramFrame
from renderer.graphics.scene import Scene
from renderer.graphics.screen_views import ScreenViews
from renderer.graphics.warm_up import effect_states, warm_up_states
from renderer.protocol.pictures import PROGRAM
from renderer.stage.records import Camera, StageState
from renderer.stage.sets.stage_set import StageSet
from renderer.stage.text.titles import TitlePlan
from renderer.transport.pixel_layout import PixelLayout

GPU_SAMPLES: Final = 4


class StageRenderer(Closing):
    """Draws a stage and its avatars into one or more views. Must be used from one thread.

    Args:
        width: of the program picture, pixels; even, as I420 requires.
        height: likewise.
        stage: the stage's set.
        avatars: the avatars, in the order in which states pose them.
        samples: of multisampling; by default 4 on a GPU and none on a software rasteriser. Edges
            of the finished picture are also anti-aliased in both cases.
        quality: of effects; by default FULL on a GPU and SOFTWARE on a software rasteriser.
        scales: values that `limits.scale` may have besides 1; their targets are created at once.
        latency: number of frames in flight; by default 2 on a GPU and 0 on a software rasteriser.
        is_keyed: draw avatars and confetti alone, over transparency; frames are RGBA then.
        layout: of the program view's frames; a keyed renderer's are RGBA.
        library: the opened files that screens may show; the caller closes it after the renderer.
        levels: the avatars' meshes, as far as they are merged.

    Raises:
        GraphicsError: the size is odd, OpenGL 4.1 is missing, or an avatar cannot be drawn.
    """

    def __init__(
        self,
        width: int,
        height: int,
        stage: StageSet,
        avatars: Sequence[Avatar],
        samples: int | None = None,
        latency: int | None = None,
        *,
        quality: Quality | None = None,
        scales: Sequence[float] = (),
        is_keyed: bool = False,
        layout: PixelLayout = PixelLayout.I420,
        library: ScreenLibrary | None = None,
        levels: MergedLevels | None = None,
    ) -> None:
        _require_even(width, height)
        self._closed = False
        self._is_lost = False
        self._loss = ContextLoss()
        self._limits = NO_LIMITS
        self._scales = tuple(scales)
        self._stage = key_stage(stage) if is_keyed else stage
        self._avatars = tuple(avatars)
        self._library = library or ScreenLibrary()
        self._levels = levels or MergedLevels()
        self._is_profiling = False
        self._asked = samples, latency, quality
        self._is_keyed = is_keyed
        self._requested_views = {PROGRAM: (width, height, layout)}
        self._has_effects = False
        self._title_plan: TitlePlan | None = None
        self._open()

    def _open(self) -> None:
        """Open a context, and create everything and all views in it.

        Raises:
            GraphicsError: as the constructor's.
        """
        samples, latency, quality = self._asked
        geometries = [self._levels.get(avatar) for avatar in self._avatars]
        self._context, self.adapter = open_context()
        try:
            software = self.adapter.is_software
            self._latency = (0 if software else GPU_LATENCY) if latency is None else latency
            self._options = PassOptions(
                min((0 if software else GPU_SAMPLES) if samples is None else samples,
                    self._context.max_samples),
                smooth=samples is None,
                quality=quality or (SOFTWARE if software else FULL),
                is_keyed=self._is_keyed,
                converts_yuv=not software or self._latency > 0,
                on_processor=software,
            )  # fmt: skip
            self._build(geometries)
            for name, (width, height, layout) in tuple(self._requested_views.items()):
                self.open_view(name, width, height, layout)
            self._warm_up(warm_up_states(self._avatars, self._scene.variant_sizes))
        except BaseException:
            self._context.release()
            raise

    def _build(self, geometries: Sequence[Sequence[Geometry]]) -> None:
        context, stage = self._context, self._stage
        programs = Programs(context)
        self._backdrop = stage.backdrop
        self._scene = Scene(
            context, programs, stage, self._avatars, geometries, self._library,
            quality=self._options.quality, software=self.adapter.is_software,
            samples=self._options.samples, is_keyed=self._is_keyed,
        )  # fmt: skip
        passes, self._titles = build_passes(context, programs, self._scene, self._options)
        self._graph = FrameGraph(
            context,
            passes,
            kept=(DISPLAY.name, "clean", PLANES),
        )
        self._graph.finishes_each = self._is_profiling
        self._screen_views = ScreenViews(
            context, self._scene, self._graph, self._backdrop, self._options.quality
        )
        self._containment: Containment[Drawable] = Containment()
        self._failed_effects: Containment[Effect] = Containment()
        self._views: dict[str, View] = {}
        self._targets: dict[str, Mapping[str, Target]] = {}

    def _warm_up(self, states: Iterable[StageState]) -> None:
        with self._context:
            for state in states:
                failed: list[Effect] = []
                self._draw(state, [self._views[PROGRAM]], [], failed, culls=False)
                if failed:
                    raise self._failed_effects.error_of(failed[0])
                _readback(self._views[PROGRAM]).drop_after(0)
            gl.check_errors("the stage")
            self._scene.forget_lights()

    @property
    def limits(self) -> Limits:
        """Return what is left out of the following frames to hold the frame rate."""
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        if limits.scale not in (1.0, *self._scales):
            raise GraphicsError(
                f"a picture of {limits.scale:g} times its size",
                "the renderer has no targets of that size",
                "give it the size when it is opened",
            )
        self._limits = limits

    @property
    def is_profiling(self) -> bool:
        """Return whether each pass waits for the GPU, so that its time is its full cost."""
        return self._is_profiling

    @is_profiling.setter
    def is_profiling(self, is_on: bool) -> None:
        self._is_profiling = self._graph.finishes_each = is_on

    @property
    def draws_screen_cameras(self) -> bool:
        """Return whether side screens show the pictures of cameras of their own."""
        return self._screen_views.has_any

    def prepare_effects(self) -> None:
        """Compile the shader variants of effects, so that a show's first frame is not delayed.

        Frames in flight in the program view are lost.
        """
        self._has_effects = True
        limits = self._limits
        states = list(effect_states(self._avatars))
        self._warm_up(states)
        for scale in self._scales:
            self._limits = Limits(smoothing=False, scale=scale)
            self._warm_up(states[-1:])
        self._limits = limits

    def prepare_titles(self, plan: TitlePlan) -> None:
        """Rasterise a show's lyrics for the open views, so that a new line delays no frame."""
        self._title_plan = plan
        self._titles.prepare(plan, [view.size for view in self._views.values()])

    def open_view(
        self, name: str, width: int, height: int, layout: PixelLayout = PixelLayout.I420
    ) -> None:
        """Open or resize a view, which draws each state that has a camera of its name.

        Skinning and shadows are computed once for all views. Frames in flight in a view of this
        name are lost.

        Args:
            name: of the view.
            width, height: pixels, even.
            layout: of its frames; a keyed renderer's are RGBA.

        Raises:
            GraphicsError: the size is odd.
        """
        _require_even(width, height)
        if self._is_keyed:
            layout = PixelLayout.RGBA
        with self._context:
            if name in self._views:
                self._release_view(name)
            largest = int(self._context.info["GL_MAX_TEXTURE_SIZE"])
            if max(width, height) > largest:
                raise GraphicsError(
                    f"a picture of {width} x {height}",
                    f"the GPU draws no more than {largest} x {largest}",
                    "choose a smaller size",
                )
            size = width, height
            self._requested_views[name] = width, height, layout
            targets = self._graph.open_view(name, size, self._scales)
            self._targets[name] = targets
            if name == PROGRAM and self._scene.feed is not None:
                targets["display"].framebuffer.clear()
                self._scene.feed.show(targets["display"].texture)
            self._views[name] = View(
                name,
                size,
                FrameBlock(self._context, size, self._backdrop),
                Readback(
                    self._context,
                    targets[self._options.read_back].framebuffer,
                    self._latency,
                    layout,
                    converts=self._options.read_back == DISPLAY.name,
                ),
                layout,
            )
            gl.check_errors(f"a picture of {width} x {height}")

    def close_view(self, name: str) -> None:
        """Close a view; its frames in flight are lost."""
        with self._context:
            self._release_view(name)
            del self._requested_views[name]

    def _release_view(self, name: str) -> None:
        view = self._views.pop(name)
        del self._targets[name]
        if name == PROGRAM and self._scene.feed is not None:
            self._scene.feed.show(None)
        _readback(view).release()
        view.block.release()
        self._graph.close_view(name)

    def draw(self, state: StageState) -> tuple[DrawFault, ...]:
        """Draw a frame and start its readback.

        Returns:
            The faults of what was left out of the frame: objects and effects that failed in it or
            are in back-off, and lights and poses that are unusable.

        Raises:
            GraphicsError: the camera is degenerate, the previous frame has not been collected, or
                the GPU was reset; the next frame then opens a new context.
        """
        if self._is_lost:
            self._reopen()
        with self._context:
            views = [
                view
                for name, view in self._views.items()
                if name == PROGRAM or name in state.view_cameras
            ]
            for view in views:
                _readback(view).require_room()
            left_out = self._containment.next_frame(self._scene.drawables)
            off = self._failed_effects.next_frame(Effect)
            faults = self._draw(limit_state(state, self._limits), views, left_out, off)
            self._containment.frame_drawn(left_out)
            self._failed_effects.frame_drawn(off)
            memory_faults = self._memory_faults()
            self._loss.note_frame()
            return (*faults, *memory_faults)

    def _memory_faults(self) -> tuple[DrawFault, ...]:
        """Return a fault if the GPU ran out of memory in this frame.

        Raises:
            ContextLostError: the GPU was reset.
        """
        try:
            gl.check_errors("the frame")
        except gl.ContextLostError:
            self._is_lost = True
            self._loss.note_loss(time.monotonic())
            raise
        except GraphicsError as error:
            return (DrawFault("the GPU's memory", error),)
        return ()

    @property
    def is_given_up(self) -> bool:
        """Return whether the GPU was lost and does not come back, or is lost again and again."""
        return self._loss.is_final(time.monotonic())

    def open_again(self) -> None:
        """Create everything in a new context before the next frame; frames in flight are lost."""
        self._is_lost = True

    def _reopen(self) -> None:
        """Create everything again in a new context; frames in flight are lost.

        Raises:
            GraphicsError: the GPU does not accept it yet.
        """
        # A lost context may refuse even its own release.
        with suppress(Exception):
            self._context.release()
        self._open()
        self._is_lost = False
        if self._has_effects:
            self.prepare_effects()
        if self._title_plan is not None:
            self.prepare_titles(self._title_plan)

    def _draw(
        self,
        whole: StageState,
        views: Sequence[View],
        left_out: list[Drawable],
        off: list[Effect],
        *,
        culls: bool = True,
    ) -> tuple[DrawFault, ...]:
        """Draw a frame, and again without each object and effect that fails.

        Args:
            whole: the state with all objects and effects.
            views: to draw.
            left_out: objects to exclude; those that fail are added.
            off: effects to turn off; likewise.
            culls: whether objects that are not in a view are left out of it.
        """
        if self._is_keyed:
            whole = key_state(whole)
        all_cameras: Mapping[str, Camera] = {**whole.view_cameras, PROGRAM: whole.camera}
        state, cameras = turn_off(whole, all_cameras, off)
        for view in views:
            view.block.write(state, cameras[view.name], self._limits.scale)
        on_screens, more = self._screen_views.select(state, views, self._limits)
        drawn, all_cameras = [*on_screens, *views], {**all_cameras, **more}
        cameras = {**cameras, **more}
        under_way = [_readback(view).under_way for view in views]
        while True:
            try:
                frame, others = self._scene.build_frame(
                    state, cameras, drawn, left_out, self._limits, culls=culls
                )
                self._graph.run(frame, drawn)
            except DrawableError as error:
                left_out.append(error.drawable)
                self._containment.leave_out(error.drawable, error.error)
                for view, count in zip(views, under_way, strict=True):
                    _readback(view).drop_after(count)
            except PassError as error:
                failed = next((one for one in Effect if one.value == error.name), None)
                if failed is None or failed in off:
                    raise error.error from error
                off.append(failed)
                self._failed_effects.leave_out(failed, error.error)
                state, cameras = turn_off(whole, all_cameras, off)
                for view, count in zip(views, under_way, strict=True):
                    _readback(view).drop_after(count)
            else:
                missing = [
                    self._scene.fault_of(one, self._containment.error_of(one)) for one in left_out
                ]
                missing += [
                    DrawFault(f"the effect {one.value}", self._failed_effects.error_of(one))
                    for one in off
                ]
                return (*missing, *others)

    def collect(self, view: str = PROGRAM) -> ProgramFrame | None:
        """Return a view's oldest finished frame if more than the latency are in flight."""
        with self._context:
            return _readback(self._views[view]).collect()

    def finish(self, view: str = PROGRAM) -> Iterator[ProgramFrame]:
        """Yield a view's remaining frames, oldest first; each is valid until the next."""
        while True:
            # Entered for each frame, because the caller may use another context in between.
            with self._context:
                frame = _readback(self._views[view]).drain_one()
            if frame is None:
                return
            yield frame

    def picture(self, view: str = PROGRAM) -> npt.NDArray[np.uint8]:
        """Return a view's last picture, uint8 sRGB; waits for the GPU.

        Returns:
            (height, width, 3); of a keyed renderer (height, width, 4) with premultiplied alpha.
        """
        components = 4 if self._is_keyed else 3
        with self._context:
            target = self._targets[view]["display"]
            width, height = target.size
            data = target.framebuffer.read(components=components, alignment=1)
            return np.frombuffer(data, np.uint8).reshape(height, width, components)

    def pass_times_ms(self) -> dict[str, float]:
        """Return the time of each pass in the last frame, in milliseconds, in execution order."""
        return self._graph.times_ms()

    def read_skinned_points(
        self, avatar: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return an avatar's positions and normals (n, 3) in stage space, as last drawn."""
        with self._context:
            return self._scene.avatars[avatar].read_skinned_points()

    def close(self) -> None:
        """Release all GPU resources. Frames in flight are lost; may be called again."""
        if not self._closed:
            self._closed = True
            self._context.release()


def _readback(view: View) -> Readback:
    """Return the readback of a view that a caller opened, which always has one."""
    assert view.readback is not None
    return view.readback


def _require_even(width: int, height: int) -> None:
    if width < 2 or height < 2 or width % 2 or height % 2:
        raise GraphicsError(
            f"a picture of {width} x {height}",
            "its sides are not both even",
            "give even numbers, such as 1280 x 720",
        )
