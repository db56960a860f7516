"""Define stage sets as plain data, and load them with trimesh from the formats that it reads.

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

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import trimesh

from renderer.errors import RendererError, StageError
from renderer.stage.lights.gobos import GoboLibrary
from renderer.stage.lights.lamps import LampPlace
from renderer.stage.sets.checks import (
    LARGEST_BINARY,
    check_set,
    require_few_vertices,
    unreadable,
)
from renderer.stage.sets.lamp_nodes import read_lamps, read_lights
from renderer.stage.sets.lights import LightPlace
from renderer.stage.sets.materials import FileReader, Surface, SurfaceReader
from renderer.stage.sets.surfaces import SurfaceMaterial

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]
Color = tuple[float, float, float]
Point = tuple[float, float, float]

SPAWN_PREFIX: Final = "spawn"
FIXTURE_PREFIX: Final = "fixture."
SCREEN_PREFIX: Final = "screen."
STRIP_PREFIX: Final = "strip."
SEATS: Final = "seats"
LIGHT_ATTRIBUTE: Final = "_LIGHT"
"""Names in a set's file, as listed above."""

EMISSIVE_STRENGTH: Final = "emissive_strength"
"""Key of the factor on emissive colours in the scene's extras."""

_FARTHEST: Final = 1e5
"""Maximum coordinate of a set, metres: up to it, float32 resolves a centimetre."""
_LARGEST: Final = 2000.0
"""Size above which a set's unit is probably not the metre, metres."""


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
    header = check_set(path)
    found: dict[str, None] = {}  # In order, and each once.

    def warn(text: str) -> None:
        found[f"{path.name}: {text}"] = None

    files = FileReader(path, LARGEST_BINARY, warn)
    try:
        scene = trimesh.load_scene(path, process=False, resolver=files)
        require_few_vertices(path, _count_vertices(scene))
        strength = float(scene.metadata.get(EMISSIVE_STRENGTH, 1.0))
        surfaces = SurfaceReader(header, strength, files, warn)
        stage_set = StageSet(
            path.stem,
            tuple(_read_meshes(scene, surfaces)),
            _read_backdrop(scene.metadata),
            _read_spawns(scene),
            tuple(_read_screens(scene)),
            _read_fixtures(scene),
            _read_seats(scene),
            lamps=read_lamps(scene),
            lights=read_lights(scene),
        )
    except RendererError:
        raise
    # trimesh has one parser per format and no common error class.
    except Exception as error:
        raise unreadable(path, error) from error
    _check_content(path, stage_set)
    points = np.concatenate([mesh.position for mesh in stage_set.meshes])
    size = float(np.ptp(points, axis=0).max())
    if size > _LARGEST:
        warn(f"it is {size:.0f} m large; export it in metres")
    return replace(stage_set, warnings=tuple(found))


def _count_vertices(scene: Any) -> int:
    """Return the number of vertices of all instances."""
    return sum(
        len(getattr(scene.geometry[scene.graph[node][1]], "vertices", ()))
        for node in scene.graph.nodes_geometry
    )


def _check_content(path: Path, stage_set: StageSet) -> None:
    if not stage_set.meshes:
        raise StageError(str(path), "the stage set has no triangles", "export it with its meshes")
    parts: tuple[SetMesh | Screen, ...] = (*stage_set.meshes, *stage_set.screens)
    places = [*stage_set.spawns, *(fixture.position for fixture in stage_set.fixtures)]
    named = [(f"mesh {part.name!r}", part.position) for part in parts]
    named += [
        ("its seats", stage_set.seats),
        ("its spawns or fixtures", np.array(places, np.float32)),
    ]
    for name, points in named:
        if not np.isfinite(points).all():
            raise StageError(str(path), f"{name} has points that are not finite", "export it again")
        if np.abs(points).max(initial=0.0) > _FARTHEST:
            raise StageError(
                str(path), f"{name} has points more than 100 km away", "export it in metres"
            )


def _read_meshes(scene: Any, surfaces: SurfaceReader) -> list[SetMesh]:
    meshes = []
    read: dict[str, tuple[Any, Surface]] = {}
    for node in sorted(scene.graph.nodes_geometry, key=str):
        matrix, name = scene.graph[node]
        geometry = scene.geometry[name]
        if str(node).startswith(SCREEN_PREFIX):
            continue
        if isinstance(geometry, trimesh.Trimesh) and len(geometry.faces):
            if name not in read:
                geometry = _split_faces(geometry)
                read[name] = geometry, surfaces.read(geometry)
            meshes.append(_build_mesh(str(node), *read[name], np.asarray(matrix, np.float64)))
    return meshes


def _split_faces(source: Any) -> Any:
    """Return a mesh with colours by face as one with colours by vertex."""
    if source.visual.kind != "face":
        return source
    colors = np.repeat(source.visual.face_colors, 3, axis=0)
    corners = source.vertices[source.faces].reshape(-1, 3)
    faces = np.arange(len(corners)).reshape(-1, 3)
    return trimesh.Trimesh(corners, faces, vertex_colors=colors, process=False)


def _build_mesh(name: str, source: Any, surface: Surface, matrix: F64) -> SetMesh:
    if source.faces.min() < 0 or source.faces.max() >= len(source.vertices):
        raise ValueError(f"mesh {name!r} has triangles of vertices that it lacks")
    linear = matrix[:3, :3]
    mirrored = float(np.linalg.det(linear)) < 0.0
    # Normals transform by the cofactor matrix, which needs no inverse.
    cofactor = np.stack([np.cross(linear[i - 2], linear[i - 1]) for i in range(3)])
    normal = source.vertex_normals @ (-cofactor if mirrored else cofactor).T
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = np.where(length > 0.0, normal / np.where(length > 0.0, length, 1.0), (0.0, 1.0, 0.0))
    has_material = surface.material is not None
    return SetMesh(
        name,
        _freeze(source.vertices @ linear.T + matrix[:3, 3], np.float32),
        _freeze(normal, np.float32),
        _freeze(surface.color, np.float32),
        _freeze(source.faces[:, ::-1] if mirrored else source.faces, np.uint32),
        surface.emissive,
        surface.roughness,
        surface.metallic,
        None if has_material else _read_baked_light(source),
        None if surface.uv is None else _freeze(surface.uv, np.float32),
        None if surface.opacity is None else _freeze(surface.opacity, np.float32),
        surface.material,
    )


def _read_baked_light(source: Any) -> U8 | None:
    light = source.vertex_attributes.get(LIGHT_ATTRIBUTE)
    if light is None or np.shape(light) != (len(source.vertices), 4):
        return None
    return _freeze(light, np.uint8)


def _read_screens(scene: Any) -> Iterator[Screen]:
    for node in sorted(scene.graph.nodes_geometry, key=str):
        matrix, name = scene.graph[node]
        geometry = scene.geometry[name]
        is_screen = str(node).startswith(SCREEN_PREFIX) and isinstance(geometry, trimesh.Trimesh)
        uv = getattr(geometry.visual, "uv", None) if is_screen else None
        if uv is not None and len(geometry.faces):
            matrix = np.asarray(matrix, np.float64)
            yield Screen(
                str(node)[len(SCREEN_PREFIX) :],
                _freeze(geometry.vertices @ matrix[:3, :3].T + matrix[:3, 3], np.float32),
                _freeze(uv, np.float32),
                _freeze(geometry.faces, np.uint32),
            )


def _read_seats(scene: Any) -> F32:
    if SEATS not in scene.graph.nodes_geometry:
        return _no_points()
    matrix, name = scene.graph[SEATS]
    matrix = np.asarray(matrix, np.float64)
    points = np.asarray(scene.geometry[name].vertices, np.float64)
    return _freeze(points @ matrix[:3, :3].T + matrix[:3, 3], np.float32)


def _read_backdrop(extras: dict[str, Any]) -> Backdrop:
    plain = Backdrop()

    def read_color(key: str, default: Color) -> Color:
        red, green, blue = (float(channel) for channel in extras.get(f"backdrop_{key}", default))
        return red, green, blue

    return Backdrop(
        read_color("top", plain.top),
        read_color("horizon", plain.horizon),
        read_color("bottom", plain.bottom),
    )


def _read_fixtures(scene: Any) -> tuple[FixturePlace, ...]:
    return tuple(
        FixturePlace(name[len(FIXTURE_PREFIX) :].rpartition(".")[0], place)
        for name, place in _find_places(scene, FIXTURE_PREFIX)
    )


def _read_spawns(scene: Any) -> tuple[Point, ...]:
    return tuple(place for _, place in _find_places(scene, SPAWN_PREFIX)) or ((0.0, 0.0, 0.0),)


def _find_places(scene: Any, prefix: str) -> list[tuple[str, Point]]:
    """Return names and positions of the nodes with a prefix, sorted by name."""
    names = sorted(str(node) for node in scene.graph.nodes if str(node).startswith(prefix))
    places = [np.asarray(scene.graph[name][0])[:3, 3] for name in names]
    return [(n, (float(x), float(y), float(z))) for n, (x, y, z) in zip(names, places, strict=True)]


def _freeze(values: Any, kind: type[np.generic]) -> npt.NDArray[Any]:
    array = np.array(values, kind, order="C")
    array.flags.writeable = False
    return array
