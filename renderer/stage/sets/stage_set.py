"""Define stage sets as plain data, and load them from the formats that trimesh reads.

In addition to triangles and materials, a glTF file can contain:

- extras of the scene: the backdrop's colours and a factor on emissive colours;
- nodes "spawn…": positions where an avatar may stand;
- nodes "fixture.ROLE.NUMBER": pivots of moving heads;
- nodes "lamp.KIND.ROLE.NUMBER": static lights, strobes, blinders and pixelbars, which
  shine along their +Z, see set_lights.py;
- meshes "screen.NAME": screens, with texture coordinates, v up; names that begin with "wall" or
  "floor" show generated content, others the program;
- the points of the node "seats": positions of the audience;
- meshes "strip.…": strips of light that a show tints and pulses;
- the vertex attribute "_LIGHT": baked light, see bake.py.

A file without these has the default backdrop and one spawn point at the origin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.lights.gobos import GoboLibrary
from renderer.stage.lights.lamps import LampPlace
from renderer.stage.sets.lights import LightPlace
from renderer.stage.sets.surfaces import SurfaceMaterial

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
Color = tuple[float, float, float]

SPAWN_PREFIX: Final = "spawn"
FIXTURE_PREFIX: Final = "fixture."
SCREEN_PREFIX: Final = "screen."
STRIP_PREFIX: Final = "strip."
SEATS: Final = "seats"
LIGHT_ATTRIBUTE: Final = "_LIGHT"
"""Names in a set's file, as listed above."""

EMISSIVE_STRENGTH: Final = "emissive_strength"
"""Key of the factor on emissive colours in the scene's extras."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """Background: a gradient over the view's elevation, linear RGB."""

    top: Color = (0.004, 0.004, 0.016)
    horizon: Color = (0.035, 0.016, 0.07)
    bottom: Color = (0.003, 0.003, 0.008)

    @property
    def flat_color(self) -> Color | None:
        """Return the colour of a backdrop that is the same everywhere; None for a gradient."""
        return self.top if self.top == self.horizon == self.bottom else None


@dataclass(frozen=True, slots=True)
class SetMesh:
    """Triangles of one surface, in stage space.

    Attributes:
        name: of its node.
        position: (n, 3) metres.
        normal: (n, 3) unit.
        color: (n, 3) linear reflectance: product of material factor, texture and vertex colour.
        triangles: (m, 3) uint32, counter-clockwise in front.
        emissive: linear RGB emission; may exceed 1.
        roughness: glTF's, 0 to 1.
        metallic: glTF's, 0 to 1.
        light: (n, 4) uint8, baked irradiance as encoded by bake.py; None for dynamic lighting.
        uv: (n, 2) texture coordinates, v down; None without maps.
        opacity: (n,) 0 to 1; None if opaque.
        material: maps and transparency; None if the vertex attributes are sufficient. Surfaces with
            a material have no baked light.
    """

    name: str
    position: F32
    normal: F32
    color: F32
    triangles: U32
    emissive: Color = (0.0, 0.0, 0.0)
    roughness: float = 0.8
    metallic: float = 0.0
    light: U8 | None = None
    uv: F32 | None = None
    opacity: F32 | None = None
    material: SurfaceMaterial | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen surface.

    Attributes:
        name: without the prefix.
        position: (n, 3) metres.
        uv: (n, 2) from 0 to 1, v up.
        triangles: (m, 3) uint32.
    """

    name: str
    position: F32
    uv: F32
    triangles: U32

    @property
    def is_generated(self) -> bool:
        """Return whether it shows generated content by default; otherwise it shows the program."""
        return self.name.startswith(("wall", "floor"))


@dataclass(frozen=True, slots=True)
class FixturePlace:
    """The position of a moving head.

    Attributes:
        role: name of its group, such as "back" for the truss above the back of the deck.
        position: of its pivot, metres.
    """

    role: str
    position: tuple[float, float, float]


def _no_points() -> F32:
    return np.zeros((0, 3), np.float32)


@dataclass(frozen=True, slots=True)
class StageSet:
    """The static parts of a stage.

    Attributes:
        name: of the set.
        meshes: its surfaces.
        backdrop: the background.
        spawns: positions where avatars may stand, metres; at least one.
        screens: of the set.
        fixtures: positions of the moving heads, by group, sorted by number.
        seats: (p, 3) tops of the audience's heads, metres.
        warnings: a sentence for each part of the file that was left out or changed.
        lamps: strobes, blinders and pixel bars.
        lights: static directional lights, spots, washes and beams.
        gobos: that its fixtures can project.
    """

    name: str
    meshes: tuple[SetMesh, ...]
    backdrop: Backdrop = Backdrop()
    spawns: tuple[tuple[float, float, float], ...] = ((0.0, 0.0, 0.0),)
    screens: tuple[Screen, ...] = ()
    fixtures: tuple[FixturePlace, ...] = ()
    seats: F32 = field(default_factory=_no_points)
    warnings: tuple[str, ...] = ()
    lamps: tuple[LampPlace, ...] = ()
    lights: tuple[LightPlace, ...] = ()
    gobos: GoboLibrary = field(default_factory=GoboLibrary)


def load_set(path: Path) -> StageSet:
    """Load a set. Damaged optional parts are left out and named in its warnings.

    Raises:
        StageError: the file is absent, of an unsupported kind, too large, damaged, or has no
            triangles.
    """
    # trimesh and the packages that it loads take half a second, which a show saves that has the
    # set in its cache.
    from renderer.stage.sets.read_set import read_set

    return read_set(path)
