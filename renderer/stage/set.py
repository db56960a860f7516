"""Stage sets as plain data, loaded through trimesh from any format that it reads.

A set's file carries more than triangles in two places that glTF leaves open: the scene's extras
hold the backdrop's colours and the factor on its emissive colours, and nodes whose names begin with
"spawn" mark where avatars may stand. Without them a set has the default backdrop and one spawn
point at the origin.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import trimesh

from renderer.errors import StageError

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]
F64 = npt.NDArray[np.float64]
Color = tuple[float, float, float]

SPAWN_PREFIX: Final = "spawn"
"""Prefix of the names of spawn nodes."""

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
    """

    name: str
    position: F32
    normal: F32
    color: F32
    triangles: U32
    emissive: Color = (0.0, 0.0, 0.0)
    roughness: float = 0.8
    metallic: float = 0.0


@dataclass(frozen=True, slots=True)
class StageSet:
    """The static parts of a stage.

    Attributes:
        name: of the set.
        meshes: its surfaces.
        backdrop: the background.
        spawns: where avatars may stand, metres; at least one.
    """

    name: str
    meshes: tuple[SetMesh, ...]
    backdrop: Backdrop = Backdrop()
    spawns: tuple[tuple[float, float, float], ...] = ((0.0, 0.0, 0.0),)


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
        stage_set = StageSet(path.stem, meshes, _backdrop(scene.metadata), _spawns(scene))
    except _PARSER_FAULTS as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise StageError(
            str(path), f"the stage set cannot be read ({reason})", "export it again as GLB"
        ) from error
    if not meshes:
        raise StageError(str(path), "the stage set has no triangles", "export it with its meshes")
    for mesh in meshes:
        if not np.isfinite(mesh.position).all():
            raise StageError(
                str(path), f"mesh {mesh.name!r} has points that are not finite", "export it again"
            )
    return stage_set


def _meshes(scene: Any, strength: float) -> list[SetMesh]:
    meshes = []
    for node in sorted(scene.graph.nodes_geometry, key=str):
        matrix, name = scene.graph[node]
        geometry = scene.geometry[name]
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
    )


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


def _spawns(scene: Any) -> tuple[tuple[float, float, float], ...]:
    names = sorted(str(node) for node in scene.graph.nodes if str(node).startswith(SPAWN_PREFIX))
    places = [np.asarray(scene.graph[name][0])[:3, 3] for name in names]
    return tuple((float(x), float(y), float(z)) for x, y, z in places) or ((0.0, 0.0, 0.0),)


def _freeze(values: Any, kind: type[np.generic]) -> npt.NDArray[Any]:
    array = np.array(values, kind, order="C")
    array.flags.writeable = False
    return array
