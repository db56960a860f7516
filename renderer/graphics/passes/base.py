"""Define what a pass must offer to stand in the frame graph.

A new pass is a new file with a class that satisfies Pass, and a line in the renderer's list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from renderer.graphics.gpu.readback import Readback
from renderer.graphics.gpu.targets import Target, TargetSpec
from renderer.stage.records import Camera, StageState

F32 = npt.NDArray[np.float32]
_NO_BEAMS: Final = np.zeros((0, 12), np.float32)
_NO_FEET: Final = np.zeros((0, 5), np.float32)


class Scope(Enum):
    """How often a pass runs."""

    FRAME = auto()
    """Once a frame, whatever the number of views."""
    VIEW = auto()
    """Once for each view."""


class Targets(Protocol):
    """What a pass finds its targets in."""

    def __getitem__(self, name: str) -> Target:
        """Return a target by name."""

    def resize(self, name: str, size: tuple[int, int]) -> None:
        """Create a target of the frame in another size."""


class Pass(Protocol):
    """One step of a frame.

    Attributes:
        name: of the pass, by which its time is told.
        scope: how often it runs.
        reads, writes: names of targets and other results. A pass that reads runs after those
            that write; passes that write the same target run in the order of the list.
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
        """Do its work in the current context."""


class DrawableError(Exception):
    """An object that could not be drawn, and why."""

    def __init__(self, drawable: Drawable, error: Exception) -> None:
        super().__init__(f"{drawable.name}: {error}")
        self.drawable = drawable
        self.error = error


@dataclass(frozen=True, slots=True)
class View:
    """A picture that is made of each frame: the program, a preview.

    Attributes:
        block: what its passes know of it.
        readback: by which its frames leave.
    """

    name: str
    size: tuple[int, int]
    block: FrameBlock
    readback: Readback


@dataclass(frozen=True, slots=True)
class Shown:
    """An object in a frame.

    Attributes:
        center: where it stands; None for what stands all around.
        lights: a list for each of its parts.
        reached: the casters that reach it, by their place among the frame's casters.
    """

    drawable: Drawable
    center: Point | None
    lights: Sequence[LightList]
    reached: frozenset[int]


class Frame:
    """A frame on its way through the passes.

    Attributes:
        context: which they draw in.
        state: what it shows.
        shown: the objects in it; in a view's passes nearest first, then those all around.
        casters: the lights that cast shadows.
        shadow_side: texels, side of the texture that holds all shadow maps.
        cameras: of the views that are drawn, by their names.
        beams: (n, 12) float32, packed as gpu/beams.py does.
        feet: (f, 5) float32, of those on stage: x and z of the ankle, x and z of the toes, height
            above the floor, metres.
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
    ) -> None:
        self.context = context
        self.state = state
        self.shown = list(shown)
        self.casters = casters
        self.shadow_side = shadow_side
        self.cameras = cameras
        self.beams = beams
        self.feet = feet
        self._view: View | None = None

    @property
    def view(self) -> View:
        """The view that is being drawn.

        Raises:
            ValueError: in a pass that runs once a frame.
        """
        if self._view is None:
            raise ValueError("a pass of the frame has no view")
        return self._view

    @property
    def camera(self) -> Camera:
        """The camera of the view that is being drawn."""
        return self.cameras[self.view.name]

    def enter(self, view: View) -> None:
        """Let the next passes draw a view: what hides is drawn before what is hidden."""
        self._view = view
        view.block.bind()
        eye = self.cameras[view.name].position
        self.shown.sort(key=lambda one: _squared_distance(one.center, eye))

    def each(self, phase: Phase, *, farthest_first: bool = False) -> Iterator[Shown]:
        """Return the objects that take part in a phase, nearest first or the other way round."""
        ordered = reversed(self.shown) if farthest_first else iter(self.shown)
        return (one for one in ordered if phase in one.drawable.phases)

    def draw(
        self, phase: Phase, target: moderngl.Framebuffer, *, farthest_first: bool = False
    ) -> None:
        """Draw all objects of a phase.

        Raises:
            DrawableError: when one of them fails.
        """
        for one in self.each(phase, farthest_first=farthest_first):
            self.draw_one(one, phase, target)

    def draw_one(self, one: Shown, phase: Phase, target: moderngl.Framebuffer) -> None:
        """Draw one object.

        Raises:
            DrawableError: when it fails.
        """
        view = self._view
        camera = None if view is None else self.cameras[view.name]
        aspect = 1.0 if view is None else view.size[0] / view.size[1]
        try:
            one.drawable.draw(phase, Drawing(one.lights, target, camera, aspect))
        except Exception as error:
            # Whatever a kind of object raises costs that object one frame, never the show.
            raise DrawableError(one.drawable, error) from error


def _squared_distance(center: Point | None, eye: Point) -> float:
    if center is None:
        return float("inf")
    return sum((a - b) ** 2 for a, b in zip(center, eye, strict=True))
