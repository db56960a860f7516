"""Define the interface of a pass in the frame graph.

To add a pass, add a file with a class that satisfies Pass, and a line in the renderer's list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.base import Drawable, Drawing, Phase, Point
from renderer.graphics.gpu.frame_block import FrameBlock
from renderer.graphics.gpu.light_lists import LightList
from renderer.graphics.gpu.lights import Caster
from renderer.graphics.gpu.matrices import Matrix
from renderer.graphics.gpu.readback import Readback
from renderer.graphics.gpu.targets import Target, TargetSpec
from renderer.graphics.limits import NO_LIMITS, Limits
from renderer.stage.records import Camera, StageState
from renderer.transport.pixel_layout import PixelLayout

F32 = npt.NDArray[np.float32]
_NO_BEAMS: Final = np.zeros((0, 16), np.float32)
_NO_FEET: Final = np.zeros((0, 5), np.float32)


class Scope(Enum):
    """How often a pass runs."""

    FRAME = auto()
    """Once a frame, regardless of the number of views."""
    VIEW = auto()
    """Once for each view."""


class Targets(Protocol):
    """The mapping from which a pass gets its targets."""

    def __getitem__(self, name: str) -> Target:
        """Return the target of this name."""

    def resize(self, name: str, size: tuple[int, int]) -> None:
        """Recreate a target of the frame in another size."""


class Pass(Protocol):
    """One step of a frame.

    Attributes:
        name: of the pass, for its timing.
        scope: how often it runs.
        reads: names of the targets and other results that it reads. It runs after the passes that
            write them.
        writes: names of those that it writes; passes that write the same target run in the order
            of the list.
        targets: those that this pass adds to the graph.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def scope(self) -> Scope: ...  # noqa: D102

    @property
    def reads(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def writes(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def targets(self) -> tuple[TargetSpec, ...]: ...  # noqa: D102

    def run(self, frame: Frame, targets: Targets) -> None:
        """Run the pass in the current context."""


class DrawableError(Exception):
    """Raised when a drawable fails, with the cause."""

    def __init__(self, drawable: Drawable, error: Exception) -> None:
        super().__init__(f"{drawable.name}: {error}")
        self.drawable = drawable
        self.error = error


class PassError(Exception):
    """Raised when a pass fails, with the cause; an object that fails in it raises DrawableError."""

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(f"{name}: {error}")
        self.name = name
        self.error = error


@dataclass(frozen=True, slots=True)
class View:
    """A picture that is drawn each frame, such as the program or a preview.

    Attributes:
        block: its per-view uniforms.
        readback: the queue through which its frames are read back; None for a picture that only
            screens of the set show.
        layout: of its frames' bytes.
    """

    name: str
    size: tuple[int, int]
    block: FrameBlock
    readback: Readback | None
    layout: PixelLayout = PixelLayout.I420


@dataclass(frozen=True, slots=True)
class Shown:
    """An object in a frame.

    Attributes:
        center: position for depth sorting; None where the object surrounds the scene.
        lights: a list for each of its parts.
        reached: indices of the casters whose light reaches it, among the frame's casters.
    """

    drawable: Drawable
    center: Point | None
    lights: Sequence[LightList]
    reached: frozenset[int]


class Frame:
    """The data of a frame that its passes share.

    Attributes:
        context: in which they draw.
        state: to draw.
        shown: its objects; in a view's passes nearest first, then those that surround the scene.
        casters: the shadow-casting lights.
        shadow_side: side of the shadow atlas, texels.
        cameras: of the views that are drawn, by view name.
        beams: (n, 16) float32, packed as in gpu/beams.py.
        feet: (f, 5) float32, of the avatars on stage: x and z of the ankle, x and z of the toes,
            height above the floor, metres.
        limits: what is left out to hold the frame rate.
        travel_m: distance that the fastest joint of an avatar covered since the previous frame.
        culls: whether objects that are not in a view are left out of it.
        culling: matrix by which objects are culled in the current pass; None for none.
    """

    def __init__(
        self,
        context: moderngl.Context,
        state: StageState,
        shown: Sequence[Shown],
        casters: Sequence[Caster],
        shadow_side: int,
        cameras: Mapping[str, Camera],
        beams: F32 = _NO_BEAMS,
        feet: F32 = _NO_FEET,
        limits: Limits = NO_LIMITS,
        *,
        travel_m: float = 0.0,
        culls: bool = True,
    ) -> None:
        self.context = context
        self.state = state
        self.shown = list(shown)
        self.casters = casters
        self.shadow_side = shadow_side
        self.cameras = cameras
        self.beams = beams
        self.feet = feet
        self.limits = limits
        self.travel_m = travel_m
        self.culls = culls
        self.culling: Matrix | None = None
        self._view: View | None = None
        self._by_phase: dict[Phase, list[Shown]] = {}

    @property
    def view(self) -> View:
        """Return the view that is being drawn.

        Raises:
            ValueError: called in a pass that runs once a frame.
        """
        if self._view is None:
            raise ValueError("a pass of the frame has no view")
        return self._view

    @property
    def has_lit_air(self) -> bool:
        """Return whether the frame draws into the target of beams and jets."""
        return len(self.beams) > 0 or self.state.jets is not None

    @property
    def camera(self) -> Camera:
        """Return the camera of the view that is being drawn."""
        return self.cameras[self.view.name]

    def enter(self, view: View) -> None:
        """Make a view current and sort objects nearest first, to reject hidden pixels early."""
        self._view = view
        view.block.bind()
        self.culling = view.block.matrix if self.culls else None
        eye = self.cameras[view.name].position
        self.shown.sort(key=lambda one: _squared_distance(one.center, eye))
        self._by_phase.clear()

    def each(self, phase: Phase, *, farthest_first: bool = False) -> Sequence[Shown]:
        """Return the objects that take part in a phase, nearest first or farthest first."""
        found = self._by_phase.get(phase)
        if found is None:
            found = [one for one in self.shown if phase in one.drawable.phases]
            self._by_phase[phase] = found
        return found[::-1] if farthest_first else found

    def draw(
        self, phase: Phase, target: moderngl.Framebuffer, *, farthest_first: bool = False
    ) -> None:
        """Draw all objects of a phase.

        Raises:
            DrawableError: an object fails.
        """
        shown = self.each(phase, farthest_first=farthest_first)
        if not shown:
            return
        drawing = self._drawing(target)
        for one in shown:
            _draw(one, phase, drawing)

    def draw_one(self, one: Shown, phase: Phase, target: moderngl.Framebuffer) -> None:
        """Draw one object.

        Raises:
            DrawableError: it fails.
        """
        _draw(one, phase, self._drawing(target))

    def _drawing(self, target: moderngl.Framebuffer) -> Drawing:
        """Return the inputs of draw calls in the current pass, without lights."""
        view = self._view
        if view is None:
            return Drawing((), target, matrix=self.culling, limits=self.limits)
        camera = self.cameras[view.name]
        return Drawing((), target, camera, view.name, self.culling, self.limits)


def _draw(one: Shown, phase: Phase, drawing: Drawing) -> None:
    drawing.lights = one.lights
    try:
        one.drawable.draw(phase, drawing)
    except Exception as error:
        # An exception in any kind of object excludes it from one frame and must not end the show.
        raise DrawableError(one.drawable, error) from error


def _squared_distance(center: Point | None, eye: Point) -> float:
    if center is None:
        return math.inf
    x, y, z = center[0] - eye[0], center[1] - eye[1], center[2] - eye[2]
    return x * x + y * y + z * z
