"""Assemble a figure's meshes, bones and materials into an Avatar that can be written as VRM."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from avatars.authoring.figure.geometry import Piece, join
from avatars.authoring.figure.source import Floats
from avatars.model import (
    F32,
    U32,
    Avatar,
    Expression,
    LookAt,
    Material,
    Mesh,
    MeshInstance,
    Meta,
    MorphTarget,
    Nodes,
    Primitive,
    Skin,
    Texture,
    TextureUse,
)
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX, BONE_PARENTS, HUMAN_BONES, PRESETS

A = TypeVar("A", bound=npt.NDArray[Any])

MOVED = 1e-5
"""Smallest displacement stored in a morph target, metres; smaller ones are dropped."""


@dataclass(frozen=True, slots=True)
class Bone:
    """A bone in addition to the VRM human bones, used by spring chains.

    Attributes:
        parent: name of the parent bone.
        head: (3,) position of the joint, metres, T-pose.
    """

    name: str
    parent: str
    head: Floats


@dataclass(frozen=True, slots=True)
class Surface:
    """A material and its textures.

    Attributes:
        picture: base colour, used for both the lit and the shaded side.
        light: emissive texture.
        matcap: matcap texture.
        tilts: tangent-space normal map.
    """

    material: Material
    picture: Texture | None = None
    light: Texture | None = None
    matcap: Texture | None = None
    tilts: Texture | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of geometry, its material and the name of the mesh it belongs to."""

    mesh: str
    piece: Piece
    surface: Surface


@dataclass(frozen=True, slots=True)
class Figure:
    """The complete input of `assemble`.

    Attributes:
        heads: (55, 3) joint positions of the human bones, metres.
        omitted: human bones that are not written to the file.
        bones: additional bones; their columns in a piece's weights follow the 55 human ones.
        presets: for each VRM preset expression, the weights of its ARKit shapes.
    """

    meta: Meta
    heads: Floats
    omitted: frozenset[str]
    bones: tuple[Bone, ...]
    parts: tuple[Part, ...]
    presets: dict[str, dict[str, float]]
    look_at: LookAt


def node_names(figure: Figure) -> tuple[str, ...]:
    """Return the names of the bone nodes in file order."""
    human = [bone for bone in HUMAN_BONES if bone not in figure.omitted]
    return (*human, *(bone.name for bone in figure.bones))


def assemble(figure: Figure) -> Avatar:
    """Build the avatar, with one mesh per mesh name and one primitive per surface in it."""
    names = node_names(figure)
    textures: list[Texture] = []
    surfaces = _unique([part.surface for part in figure.parts])
    materials = tuple(_with_pictures(surface, textures) for surface in surfaces)
    meshes: list[Mesh] = []
    for mesh_name in dict.fromkeys(part.mesh for part in figure.parts):
        parts = [part for part in figure.parts if part.mesh == mesh_name]
        primitives = []
        for surface in _unique([part.surface for part in parts]):
            piece = join([_widen_bounds(p.piece, figure) for p in parts if p.surface is surface])
            number = next(i for i, s in enumerate(surfaces) if s is surface)
            primitives.append(_primitive(piece, figure, number))
        has_shapes = any(p.targets for p in primitives)
        targets = ARKIT if has_shapes else ()
        weights = _freeze(np.zeros(len(targets), np.float32))
        first = sum(len(mesh.target_names) for mesh in meshes)
        meshes.append(Mesh(mesh_name, tuple(primitives), first, targets, weights))
    bone_nodes = len(names)
    return Avatar(
        path=Path(),
        sha256="",
        meta=figure.meta,
        nodes=_nodes(figure, names, tuple(mesh.name for mesh in meshes)),
        meshes=tuple(meshes),
        instances=tuple(MeshInstance(bone_nodes + i, i, 0) for i in range(len(meshes))),
        skins=(_skin(figure, names),),
        materials=materials,
        textures=tuple(textures),
        bones={name: i for i, name in enumerate(names) if name in BONE_INDEX},
        expressions=_expressions(figure, meshes),
        look_at=figure.look_at,
        channel_count=sum(len(mesh.target_names) for mesh in meshes),
    )


def _unique(surfaces: list[Surface]) -> list[Surface]:
    return list({id(surface): surface for surface in surfaces}.values())


def _widen_bounds(piece: Piece, figure: Figure) -> Piece:
    missing = 55 + len(figure.bones) - piece.weights.shape[1]
    return replace(piece, weights=np.pad(piece.weights, ((0, 0), (0, missing))))


def _with_pictures(surface: Surface, textures: list[Texture]) -> Material:
    def use(picture: Texture | None) -> TextureUse | None:
        if picture is None:
            return None
        if not any(picture is texture for texture in textures):
            textures.append(picture)
        return TextureUse(next(i for i, t in enumerate(textures) if t is picture))

    material = replace(surface.material, base_texture=use(surface.picture))
    if material.unlit:
        return material
    return replace(
        material,
        shade_texture=material.base_texture,
        emissive_texture=use(surface.light),
        matcap_texture=use(surface.matcap),
        normal_texture=use(surface.tilts),
    )


def _primitive(piece: Piece, figure: Figure, material: int) -> Primitive:
    # Omitted bones have zero weight everywhere, so their columns are dropped.
    kept = [i for i, bone in enumerate(HUMAN_BONES) if bone not in figure.omitted]
    kept += range(55, 55 + len(figure.bones))
    joints, weights = four_strongest(piece.weights[:, np.array(kept)])
    targets: tuple[MorphTarget, ...] = ()
    if piece.shapes is not None:
        targets = tuple(_target(shape) for shape in piece.shapes)
    return Primitive(
        position=_freeze(piece.position.astype(np.float32)),
        normal=_freeze(piece.normal.astype(np.float32)),
        uv=_freeze(piece.uv.astype(np.float32)),
        color=_freeze(np.ones((len(piece.position), 4), np.float32)),
        joints=_freeze(joints),
        weights=_freeze(weights),
        triangles=_freeze(piece.triangles.astype(np.uint32)),
        material=material,
        targets=targets,
    )


def four_strongest(weights: Floats) -> tuple[U32, F32]:
    """Keep the four largest joint weights of each vertex.

    Weights below 0.002 are set to 0.

    Args:
        weights: (n, b) weight of each vertex for each joint.

    Returns:
        Joint indices (n, 4) and weights (n, 4), normalised to sum to 1.
    """
    order = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    chosen = np.take_along_axis(weights, order, axis=1)
    chosen = np.where(chosen < 2e-3, 0.0, chosen)
    chosen = chosen / chosen.sum(axis=1, keepdims=True)
    # Validators require joint 0 in slots with zero weight.
    joints = np.where(chosen > 0.0, order, 0).astype(np.uint32)
    return joints, chosen.astype(np.float32)


def _target(shape: Floats) -> MorphTarget:
    indices = np.flatnonzero(np.abs(shape).max(axis=1) > MOVED).astype(np.uint32)
    moved = shape[indices].astype(np.float32)
    return MorphTarget(_freeze(indices), _freeze(moved), None)


def _nodes(figure: Figure, names: tuple[str, ...], mesh_names: tuple[str, ...]) -> Nodes:
    head = {bone: figure.heads[BONE_INDEX[bone]] for bone in HUMAN_BONES}
    parent: dict[str, str | None] = dict(BONE_PARENTS)
    for bone in figure.bones:
        head[bone.name], parent[bone.name] = bone.head, bone.parent
    index = {name: i for i, name in enumerate(names)}
    parents, translation = [], []
    for name in names:
        above = parent[name]
        parents.append(-1 if above is None else index[above])
        translation.append(head[name] - (0.0 if above is None else head[above]))
    count = len(names) + len(mesh_names)
    parents += [-1] * len(mesh_names)
    shift = np.zeros((count, 3), np.float32)
    shift[: len(names)] = translation
    return Nodes(
        names=(*names, *mesh_names),
        parents=_freeze(np.array(parents, np.int32)),
        translation=_freeze(shift),
        rotation=_freeze(np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1))),
        scale=_freeze(np.ones((count, 3), np.float32)),
    )


def _skin(figure: Figure, names: tuple[str, ...]) -> Skin:
    heads = {bone: figure.heads[BONE_INDEX[bone]] for bone in HUMAN_BONES}
    heads |= {bone.name: bone.head for bone in figure.bones}
    inverse = np.tile(np.eye(4, dtype=np.float32), (len(names), 1, 1))
    inverse[:, :3, 3] = -np.array([heads[name] for name in names])
    joints = np.arange(len(names), dtype=np.int32)
    return Skin(_freeze(joints), _freeze(inverse))


def _expressions(figure: Figure, meshes: list[Mesh]) -> tuple[Expression, ...]:
    starts = [mesh.first_channel for mesh in meshes if mesh.target_names]

    def expression(name: str, shapes: dict[str, float], *, preset: bool) -> Expression:
        rows = [(start + ARKIT_INDEX[s], w) for start in starts for s, w in shapes.items()]
        channels = np.array([row for row, _ in rows], np.int32)
        weights = np.array([weight for _, weight in rows], np.float32)
        return Expression(name, preset, _freeze(channels), _freeze(weights))

    presets = [expression(name, figure.presets[name], preset=True) for name in PRESETS]
    return (*presets, *(expression(name, {name: 1.0}, preset=False) for name in ARKIT))


def _freeze(array: A) -> A:
    array.flags.writeable = False
    return array
