"""Read stage sets with trimesh; what a file contains is described in stage_set.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import trimesh

from renderer.errors import RendererError, StageError
from renderer.stage.sets.checks import (
    LARGEST_BINARY,
    check_set,
    require_few_vertices,
    unreadable,
)
from renderer.stage.sets.lamp_nodes import read_lamps, read_lights
from renderer.stage.sets.materials import FileReader, Surface, SurfaceReader
from renderer.stage.sets.stage_set import (
    EMISSIVE_STRENGTH,
    FIXTURE_PREFIX,
    LIGHT_ATTRIBUTE,
    SCREEN_PREFIX,
    SEATS,
    SPAWN_PREFIX,
    Backdrop,
    Color,
    FixturePlace,
    Screen,
    SetMesh,
    StageSet,
)

F32 = npt.NDArray[np.float32]
U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]
Point = tuple[float, float, float]

_FARTHEST: Final = 1e5
"""Maximum coordinate of a set, metres: up to it, float32 resolves a centimetre."""
_LARGEST: Final = 2000.0
"""Size above which a set's unit is probably not the metre, metres."""


def read_set(path: Path) -> StageSet:
    """Read a set; see `load_set`.

    Raises:
        StageError: as there.
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
        return np.zeros((0, 3), np.float32)
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
