"""Define the interface of a drawable.

To add a kind of object, add a file with a class that satisfies Drawable, and a line in the
renderer that adds it to the scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.gpu.light_lists import LightList
from renderer.graphics.gpu.matrices import Matrix
from renderer.graphics.limits import NO_LIMITS, Limits
from renderer.stage.records import Camera, StageState

Point = tuple[float, float, float]


class Phase(Enum):
    """The points of a frame at which objects are drawn. Each pass draws one phase."""

    GEOMETRY = auto()
    """Once a frame: vertices are skinned, and nothing is rasterised."""
    SHADOW = auto()
    """Once for each shadow-casting light: depth from the light's view."""
    MIRROR = auto()
    """Opaque surfaces as the floor reflects them; the winding for face culling is already flipped.
    """
    PROBE = auto()
    """Surfaces of the set in the cubemap that glossy surfaces reflect; once a frame."""
    FLOOR_LIGHT = auto()
    """The flat floor of the set, lit at a reduced size."""
    SCREEN_LIGHT = auto()
    """Screens that are out of focus, at a reduced size."""
    DEPTH = auto()
    """Depth prepass of the opaque surfaces, so that each pixel is lit only once."""
    TOON = auto()
    SET = auto()
    BACKDROP = auto()
    OUTLINE = auto()
    MOTION = auto()
    """Screen-space paths during the exposure, and depth, for motion blur."""
    BLENDED = auto()
    """Transparent surfaces, farthest first; blending is enabled."""

    # Members are single objects. Enum's own hash is of the name, in Python, and costs a frame with
    # five avatars 0.05 ms.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Bounds:
    """An object's bounding spheres, grouped by part; each part gets its own light list.

    Attributes:
        spheres: (s, 4) float32, centre and radius in stage space, metres.
        starts: (p,) intp, ascending from 0: the first sphere of each part.
    """

    spheres: npt.NDArray[np.float32]
    starts: npt.NDArray[np.intp]


@dataclass(slots=True)
class Drawing:
    """The inputs of a draw call; the objects of a phase get the same with their own lights.

    Attributes:
        lights: one list for each part of the object's bounds.
        target: the bound framebuffer.
        camera: of the view; None in passes that run once a frame.
        view: name of the view; empty in passes that run once a frame.
        matrix: stage to clip space (4, 4), by which objects are culled; None draws all of them.
        limits: what is left out to hold the frame rate.
    """

    lights: Sequence[LightList]
    target: moderngl.Framebuffer
    camera: Camera | None = None
    view: str = ""
    matrix: Matrix | None = None
    limits: Limits = NO_LIMITS


class Drawable(Protocol):
    """An object, or a kind of objects that are drawn together.

    An exception in any method excludes the object from that frame and is reported as a fault; see
    renderer.py.

    Attributes:
        name: for messages to the crew.
        phases: in which it is drawn.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def phases(self) -> frozenset[Phase]: ...  # noqa: D102

    def update(self, state: StageState) -> bool:
        """Load a frame's state; return whether the object is in the frame."""

    def center(self) -> Point | None:
        """Return the position for depth sorting; None where the object surrounds the scene."""

    def bounds(self) -> Bounds | None:
        """Return the bounding spheres of its parts; None where it is not lit."""

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw the object in one of its phases. The pass has set the target and the GL state."""
