"""Define what a kind of object must offer to be drawn.

A new kind is a new file with a class that satisfies Drawable, and a line in the renderer that adds
it to the scene.
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
from renderer.stage.records import Camera, StageState

Point = tuple[float, float, float]


class Phase(Enum):
    """The occasions of a frame at which objects are drawn. A pass draws one of them."""

    GEOMETRY = auto()
    """Once a frame: vertices are moved, and nothing is drawn."""
    SHADOW = auto()
    """Once for each light that casts a shadow: depth, as the light sees it."""
    MIRROR = auto()
    """Solid surfaces as the floor mirrors them; culled faces are turned round already."""
    DEPTH = auto()
    """Depth of opaque surfaces as the camera sees them, so that each pixel is lit once."""
    TOON = auto()
    SET = auto()
    BACKDROP = auto()
    OUTLINE = auto()
    BLENDED = auto()
    """What one can see through, farthest first; blending is on."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where an object can be, part by part; each part gets a list of the lights that reach it.

    Attributes:
        spheres: (s, 4) float32, centre and radius in stage space, metres.
        starts: (p,) intp, rising from 0: the first sphere of each part.
    """

    spheres: npt.NDArray[np.float32]
    starts: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What an object is drawn with.

    Attributes:
        lights: a list for each part of its bounds.
        target: the bound framebuffer.
        camera: of the view; None in passes of the whole frame.
        aspect: the view's width over its height.
    """

    lights: Sequence[LightList]
    target: moderngl.Framebuffer
    camera: Camera | None = None
    aspect: float = 1.0


class Drawable(Protocol):
    """An object, or a kind of objects that are drawn together.

    What any method raises costs the object its place in one frame and is told; see renderer.py.

    Attributes:
        name: by which a person knows it.
        phases: at which it is drawn.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def phases(self) -> frozenset[Phase]: ...  # noqa: D102

    def update(self, state: StageState) -> bool:
        """Take over a frame's state; return whether the object is in it."""

    def center(self) -> Point | None:
        """Return where it stands, by which objects are sorted; None for what stands all around."""

    def bounds(self) -> Bounds | None:
        """Return where its parts can be, or None for what no light falls on."""

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw it in one of its phases. The pass has bound target and state."""
