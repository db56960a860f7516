"""Draw the states of a stage: list of passes, views, and handling of objects that fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.model import Avatar
from renderer.closing import Closing
from renderer.errors import GraphicsError
from renderer.graphics.containment import Containment
from renderer.graphics.drawables.base import Drawable, Phase
from renderer.graphics.drawables.geometry import Geometry, merge
from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.frame_block import FrameBlock
from renderer.graphics.gpu.readback import GPU_LATENCY, Readback
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import Target, TargetSpec
from renderer.graphics.passes.base import DrawableError, Pass, View
from renderer.graphics.passes.beams import BeamPass
from renderer.graphics.passes.bloom import BloomPass
from renderer.graphics.passes.defocus import DefocusPass
from renderer.graphics.passes.depth import DepthPass
from renderer.graphics.passes.floor import FloorPass
from renderer.graphics.passes.geometry import GeometryPass
from renderer.graphics.passes.grade import GradePass
from renderer.graphics.passes.graph import FrameGraph
from renderer.graphics.passes.mirror import MirrorPass
from renderer.graphics.passes.picture import FilterPass, I420Pass, ReadbackPass
from renderer.graphics.passes.resolve import ResolvePass
from renderer.graphics.passes.shadow import ShadowPass
from renderer.graphics.passes.surfaces import OverlayPass, SurfacePass
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.records import DrawFault, ProgramFrame
from renderer.graphics.scene import Scene
from renderer.graphics.warm_up import effect_states, warm_up_states
from renderer.stage.records import Camera, StageState
from renderer.stage.set import StageSet

PROGRAM: Final = "program"
"""Name of the output view, which uses the state's own camera."""

GPU_SAMPLES: Final = 4
_DISPLAY: Final = (4, "f1")


@dataclass(frozen=True, slots=True)
class _Options:
    samples: int
    latency: int
    smooth: bool
    quality: Quality


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
        latency: number of frames in flight; by default 2 on a GPU and 0 on a software rasteriser.
        profile: wait for the GPU after each pass, so that `pass_times_ms` returns its full cost.

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
        profile: bool = False,
    ) -> None:
        _require_even(width, height)
        self._closed = False
        geometries = [merge(avatar) for avatar in avatars]
        self._context, self.adapter = open_context()
        try:
            software = self.adapter.is_software
            self._options = _Options(
                min((0 if software else GPU_SAMPLES) if samples is None else samples,
                    self._context.max_samples),
                (0 if software else GPU_LATENCY) if latency is None else latency,
                smooth=samples is None,
                quality=quality or (SOFTWARE if software else FULL),
            )  # fmt: skip
            self._build(stage, avatars, geometries, profile=profile)
            self.open_view(PROGRAM, width, height)
            self._warm_up(warm_up_states(avatars, self._scene.variant_sizes))
        except BaseException:
            self._context.release()
            raise

    def _build(
        self,
        stage: StageSet,
        avatars: Sequence[Avatar],
        geometries: Sequence[Geometry],
        *,
        profile: bool,
    ) -> None:
        context = self._context
        programs = Programs(context)
        self._backdrop = stage.backdrop
        self._scene = Scene(
            context, programs, stage, avatars, geometries, software=self.adapter.is_software
        )
        self._avatars = tuple(avatars)
        self._graph = FrameGraph(
            context, self._passes(programs), kept=("display", "i420"), finish_each=profile
        )
        self._containment = Containment()
        self._views: dict[str, View] = {}
        self._targets: dict[str, Mapping[str, Target]] = {}

    def _passes(self, programs: Programs) -> list[Pass]:
        """Return the passes of a frame. Add a new effect with one line here."""
        context, samples, quality = self._context, self._options.samples, self._options.quality
        smooth = self._options.smooth
        display = TargetSpec("display", _DISPLAY, linear=True)
        graded = TargetSpec("graded", _DISPLAY, linear=True) if smooth else display
        # With multisampling, effects work on the resolved picture.
        picture = "resolved" if samples else "scene"
        defocus = DefocusPass(context, programs, quality, source=picture)
        passes: list[Pass] = [
            GeometryPass(self._scene.pose),
            ShadowPass(programs, self._scene.shadow_texels),
            MirrorPass(context, programs, quality),
            DepthPass(samples),
            SurfacePass("toon", Phase.TOON),
            SurfacePass("set", Phase.SET),
            SurfacePass("backdrop", Phase.BACKDROP),
            # Outlines write depth; without it, later passes would treat them as background.
            OverlayPass("outline", Phase.OUTLINE, writes_depth=True),
            OverlayPass("blended", Phase.BLENDED),
        ]
        if samples:
            passes.append(ResolvePass(context, programs, samples))
        passes += [
            FloorPass(context, programs, source=picture),
            BeamPass(context, programs, quality, source=picture),
            BloomPass(context, programs, quality, source=picture),
            defocus,
            GradePass(
                context, programs, quality, source=picture, blurred=defocus.blurred, target=graded
            ),
        ]
        if smooth:
            passes.append(
                FilterPass(
                    context, programs, name="smooth", fragment="smooth.frag.glsl",
                    sampler="picture", source="graded", target=display,
                )
            )  # fmt: skip
        return [*passes, I420Pass(context, programs, "display"), ReadbackPass()]

    def _warm_up(self, states: Iterable[StageState]) -> None:
        with self._context:
            for state in states:
                self._draw(state, [self._views[PROGRAM]], [])
                self._views[PROGRAM].readback.drop_after(0)
            self._scene.forget_lights()

    def prepare_effects(self) -> None:
        """Compile the shader variants of effects, so that a show's first frame is not delayed.

        Frames in flight in the program view are lost.
        """
        self._warm_up(effect_states(self._avatars))

    def open_view(self, name: str, width: int, height: int) -> None:
        """Open or resize a view, which draws each state that has a camera of its name.

        Skinning and shadows are computed once for all views. Frames in flight in a view of this
        name
        are lost.

        Raises:
            GraphicsError: the size is odd.
        """
        _require_even(width, height)
        with self._context:
            if name in self._views:
                self._release_view(name)
            size = width, height
            targets = self._graph.open_view(name, size)
            self._targets[name] = targets
            if name == PROGRAM and self._scene.feed is not None:
                targets["display"].framebuffer.clear()
                self._scene.feed.show(targets["display"].texture)
            self._views[name] = View(
                name,
                size,
                FrameBlock(self._context, size, self._backdrop),
                Readback(self._context, targets["i420"].framebuffer, self._options.latency),
            )

    def close_view(self, name: str) -> None:
        """Close a view; its frames in flight are lost."""
        with self._context:
            self._release_view(name)

    def _release_view(self, name: str) -> None:
        view = self._views.pop(name)
        del self._targets[name]
        if name == PROGRAM and self._scene.feed is not None:
            self._scene.feed.show(None)
        view.readback.release()
        view.block.release()
        self._graph.close_view(name)

    def draw(self, state: StageState) -> tuple[DrawFault, ...]:
        """Draw a frame and start its readback.

        Returns:
            The faults of what was left out of the frame: objects that failed in it or are in
            back-off,
            and lights and poses that are unusable.

        Raises:
            GraphicsError: the camera is degenerate, or the previous frame has not been collected.
        """
        with self._context:
            views = [
                view
                for name, view in self._views.items()
                if name == PROGRAM or name in state.view_cameras
            ]
            for view in views:
                view.readback.require_room()
            left_out = self._containment.next_frame(self._scene.drawables)
            faults = self._draw(state, views, left_out)
            self._containment.frame_drawn(left_out)
            return faults

    def _draw(
        self, state: StageState, views: Sequence[View], left_out: list[Drawable]
    ) -> tuple[DrawFault, ...]:
        """Draw a frame, and again without each object that fails; add those to `left_out`."""
        cameras: Mapping[str, Camera] = {**state.view_cameras, PROGRAM: state.camera}
        for view in views:
            view.block.write(state, cameras[view.name])
        under_way = [view.readback.under_way for view in views]
        while True:
            try:
                frame, others = self._scene.build_frame(state, cameras, left_out)
                self._graph.run(frame, views)
            except DrawableError as error:
                left_out.append(error.drawable)
                self._containment.leave_out(error.drawable, error.error)
                for view, count in zip(views, under_way, strict=True):
                    view.readback.drop_after(count)
            else:
                missing = [
                    self._scene.fault_of(one, self._containment.error_of(one)) for one in left_out
                ]
                return (*missing, *others)

    def collect(self, view: str = PROGRAM) -> ProgramFrame | None:
        """Return a view's oldest finished frame if more than the latency are in flight."""
        with self._context:
            return self._views[view].readback.collect()

    def finish(self, view: str = PROGRAM) -> Iterator[ProgramFrame]:
        """Yield a view's remaining frames, oldest first; each is valid until the next."""
        while True:
            # Entered for each frame, because the caller may use another context in between.
            with self._context:
                frame = self._views[view].readback.drain_one()
            if frame is None:
                return
            yield frame

    def picture(self, view: str = PROGRAM) -> npt.NDArray[np.uint8]:
        """Return a view's last picture, (height, width, 3) uint8 sRGB; waits for the GPU."""
        with self._context:
            target = self._targets[view]["display"]
            width, height = target.size
            flat = np.frombuffer(target.framebuffer.read(components=3, alignment=1), np.uint8)
            return flat.reshape(height, width, 3)

    def pass_times_ms(self) -> dict[str, float]:
        """Return the time of each pass in the last frame, in milliseconds, in execution order."""
        return self._graph.times_ms()

    def skinned_points(
        self, avatar: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return an avatar's positions and normals (n, 3) in stage space, as last drawn."""
        with self._context:
            return self._scene.avatars[avatar].skinned_points()

    def close(self) -> None:
        """Release all GPU resources. Frames in flight are lost; may be called again."""
        if not self._closed:
            self._closed = True
            self._context.release()


def _require_even(width: int, height: int) -> None:
    if width < 2 or height < 2 or width % 2 or height % 2:
        raise GraphicsError(
            f"a picture of {width} x {height}",
            "its sides are not both even",
            "give even numbers, such as 1280 x 720",
        )
