"""Stage sets as plain data, loaded through trimesh from any format that it reads.

A set's file says more than triangles where glTF leaves room:

- the scene's extras hold the backdrop's colours and how strong its emissive surfaces are;
- a node whose name begins with "spawn" marks where an avatar may stand;
- a node "fixture.ROLE.NUMBER" is the pivot of a moving head;
- a mesh whose node's name begins with "screen." is a screen, with texture coordinates, v up;
- the points of the node "seats" are the places of the audience;
- a mesh whose node's name begins with "strip." is a strip of light that a show tints and pulses;
- the vertex attribute "_LIGHT" is baked light, see bake.py.

A file with none of them has the default backdrop and one spawn point at the origin.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import trimesh

from renderer.errors import StageError

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
"""Names of what a set's file holds beside meshes; see above."""

EMISSIVE_STRENGTH: Final = "emissive_strength"
"""Key of the factor on emissive colours in the scene's extras."""

# trimesh has a parser per format and no error class of its own: damaged files raise any of these.
_PARSER_FAULTS: Final = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError,
    NotImplementedError, ImportError, EOFError, OSError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Backdrop:
    """Background: a gradient over the view's elevation, linear RGB."""

    top: Color = (0.004, 0.004, 0.016)
    horizon: Color = (0.035, 0.016, 0.07)
    bottom: Color = (0.003, 0.003, 0.008)


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
        light: (n, 4) bytes, baked irradiance as bake.py encodes it; None where lights are to be
            computed.
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


@dataclass(frozen=True, slots=True)
class Screen:
    """A surface that shows a picture.

    Attributes:
        name: "wall" for the one that shows generated content; others show the program.
        position: (n, 3) metres.
        uv: (n, 2) from 0 to 1, v up.
        triangles: (m, 3) uint32.
    """

    name: str
    position: F32
    uv: F32
    triangles: U32


@dataclass(frozen=True, slots=True)
class FixturePlace:
    """Where a moving head hangs.

    Attributes:
        role: the group that it belongs to, such as "back" for the truss over the back of the deck.
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
        spawns: where avatars may stand, metres; at least one.
        screens: what shows pictures.
        fixtures: the moving heads' places, group by group, each in the order of its numbers.
        seats: (p, 3) tops of the audience's heads, metres.
    """

    name: str
    meshes: tuple[SetMesh, ...]
    backdrop: Backdrop = Backdrop()
    spawns: tuple[tuple[float, float, float], ...] = ((0.0, 0.0, 0.0),)
    screens: tuple[Screen, ...] = ()
    fixtures: tuple[FixturePlace, ...] = ()
    seats: F32 = field(default_factory=_no_points)


def load_set(path: Path) -> StageSet:
    """Load a set.

    Raises:
        StageError: the file is absent, of an unsupported kind, damaged, or has no triangles.
    """
    if not path.is_file():
        raise StageError(
            str(path), "the stage set does not exist", "give the path of a GLB or OBJ file"
        )
    try:
        scene = trimesh.load_scene(path, process=False)
        strength = float(scene.metadata.get(EMISSIVE_STRENGTH, 1.0))
        meshes = tuple(_meshes(scene, strength))
        stage_set = StageSet(
            path.stem,
            meshes,
            _backdrop(scene.metadata),
            _spawns(scene),
            tuple(_screens(scene)),
            _fixtures(scene),
            _seats(scene),
        )
    except _PARSER_FAULTS as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise StageError(
            str(path), f"the stage set cannot be read ({reason})", "export it again as GLB"
        ) from error
    if not meshes:
        raise StageError(str(path), "the stage set has no triangles", "export it with its meshes")
    parts: tuple[SetMesh | Screen, ...] = (*meshes, *stage_set.screens)
    for part in parts:
        if not np.isfinite(part.position).all():
            raise StageError(
                str(path), f"mesh {part.name!r} has points that are not finite", "export it again"
            )
    if not np.isfinite(stage_set.seats).all():
        raise StageError(str(path), "its seats have points that are not finite", "export it again")
    return stage_set


def _meshes(scene: Any, strength: float) -> list[SetMesh]:
    meshes = []
    for node in sorted(scene.graph.nodes_geometry, key=str):
        matrix, name = scene.graph[node]
        geometry = scene.geometry[name]
        if str(node).startswith(SCREEN_PREFIX):
            continue
        if isinstance(geometry, trimesh.Trimesh) and len(geometry.faces):
            meshes.append(_mesh(str(node), geometry, np.asarray(matrix, np.float64), strength))
    return meshes


def _mesh(name: str, source: Any, matrix: F64, strength: float) -> SetMesh:
    linear = matrix[:3, :3]
    mirrored = float(np.linalg.det(linear)) < 0.0
    # Normals transform by the cofactor matrix, which needs no inverse.
    cofactor = np.stack([np.cross(linear[i - 2], linear[i - 1]) for i in range(3)])
    normal = source.vertex_normals @ (-cofactor if mirrored else cofactor).T
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = np.where(length > 0.0, normal / np.where(length > 0.0, length, 1.0), (0.0, 1.0, 0.0))
    material = _pbr(source)
    emissive = _attribute(material, "emissiveFactor", (0.0, 0.0, 0.0))
    red, green, blue = np.asarray(emissive, np.float64)[:3] * strength
    return SetMesh(
        name,
        _freeze(source.vertices @ linear.T + matrix[:3, 3], np.float32),
        _freeze(normal, np.float32),
        _freeze(_reflectance(source, material), np.float32),
        _freeze(source.faces[:, ::-1] if mirrored else source.faces, np.uint32),
        (float(red), float(green), float(blue)),
        float(_attribute(material, "roughnessFactor", 0.8)),
        float(_attribute(material, "metallicFactor", 0.0)),
        _read_baked_light(source),
    )


def _read_baked_light(source: Any) -> U8 | None:
    light = source.vertex_attributes.get(LIGHT_ATTRIBUTE)
    if light is None or np.shape(light) != (len(source.vertices), 4):
        return None
    return _freeze(light, np.uint8)


def _screens(scene: Any) -> Iterator[Screen]:
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


def _seats(scene: Any) -> F32:
    if SEATS not in scene.graph.nodes_geometry:
        return _no_points()
    matrix, name = scene.graph[SEATS]
    matrix = np.asarray(matrix, np.float64)
    points = np.asarray(scene.geometry[name].vertices, np.float64)
    return _freeze(points @ matrix[:3, :3].T + matrix[:3, 3], np.float32)


def _pbr(source: Any) -> Any:
    """Return the mesh's glTF material, or None where it is coloured by vertex or by face."""
    material: Any = getattr(source.visual, "material", None)
    return material.to_pbr() if hasattr(material, "to_pbr") else material


def _attribute(material: Any, name: str, default: Any) -> Any:
    value = getattr(material, name, None)
    return default if value is None else value


def _reflectance(source: Any, material: Any) -> F64:
    """Return linear colours (n, 3) per vertex; a texture is sampled at the vertices."""
    count = len(source.vertices)
    if material is None:
        return np.asarray(source.visual.vertex_colors, np.float64)[:, :3] / 255.0
    factor = np.asarray(_attribute(material, "baseColorFactor", (255, 255, 255, 255)), np.float64)
    color = np.tile(factor[:3] / 255.0, (count, 1))
    texture, uv = _attribute(material, "baseColorTexture", None), source.visual.uv
    if texture is not None and uv is not None:
        encoded = np.asarray(trimesh.visual.color.uv_to_color(uv, texture))[:, :3] / 255.0
        color *= np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return color


def _backdrop(extras: dict[str, Any]) -> Backdrop:
    plain = Backdrop()

    def color(key: str, default: Color) -> Color:
        red, green, blue = (float(channel) for channel in extras.get(f"backdrop_{key}", default))
        return red, green, blue

    return Backdrop(
        color("top", plain.top), color("horizon", plain.horizon), color("bottom", plain.bottom)
    )


def _fixtures(scene: Any) -> tuple[FixturePlace, ...]:
    return tuple(
        FixturePlace(name[len(FIXTURE_PREFIX) :].rpartition(".")[0], place)
        for name, place in _places(scene, FIXTURE_PREFIX)
    )


def _spawns(scene: Any) -> tuple[Point, ...]:
    return tuple(place for _, place in _places(scene, SPAWN_PREFIX)) or ((0.0, 0.0, 0.0),)


def _places(scene: Any, prefix: str) -> list[tuple[str, Point]]:
    """Return the nodes whose names begin so, and where they stand, in the order of their names."""
    names = sorted(str(node) for node in scene.graph.nodes if str(node).startswith(prefix))
    places = [np.asarray(scene.graph[name][0])[:3, 3] for name in names]
    return [(n, (float(x), float(y), float(z))) for n, (x, y, z) in zip(names, places, strict=True)]


def _freeze(values: Any, kind: type[np.generic]) -> npt.NDArray[Any]:
    array = np.array(values, kind, order="C")
    array.flags.writeable = False
    return array
