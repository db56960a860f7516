"""Read a glTF file with a VRM extension as an avatar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace

import numpy as np

from avatars.constraints import read_constraints
from avatars.errors import AvatarError
from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.gltf.materials import uv_sets
from avatars.model import Avatar, Material, Mesh, Primitive
from avatars.springs import read_springs
from avatars.vrm import turn
from avatars.vrm.expressions import read_expressions_0, read_expressions_1
from avatars.vrm.eyes import still_eyeballs
from avatars.vrm.first_person import read_first_person_0, read_first_person_1
from avatars.vrm.humanoid import read_bones_0, read_bones_1
from avatars.vrm.look_at import read_look_at_0, read_look_at_1
from avatars.vrm.meta import read_meta_0, read_meta_1
from avatars.vrm.mtoon import read_mtoon_1
from avatars.vrm.mtoon0 import is_mtoon_0, read_material_0
from avatars.vrm.thumbnail import read_thumbnail


def read_avatar(gltf: Gltf) -> Avatar:
    """Read an avatar from a file's VRM 1.0 or 0.x extension.

    Raises:
        AvatarError: the file has neither, lacks required bones, or has damaged fields.
    """
    modern = gltf.root.extension("VRMC_vrm")
    old = gltf.root.extension("VRM")
    if modern is not None:
        avatar = _read_1(gltf, modern)
    elif old is not None:
        avatar = _read_0(gltf, old)
    else:
        raise AvatarError(
            gltf.path.name, "is a glTF model without a VRM avatar in it", "choose a VRM file"
        )
    avatar = still_eyeballs(avatar)
    _freeze(avatar)
    return avatar


def _read_1(gltf: Gltf, vrm: Fields) -> Avatar:
    version = vrm.text("specVersion")
    if version != "1.0":
        if not version.startswith("1.0-"):
            vrm.fail("specVersion", f"is {version[:20]!r}", "export the avatar as VRM 1.0")
        gltf.warnings.add(f"the file is of the draft version {version[:20]}")
    entries = gltf.root.children("materials")
    toon = [entry.extension("VRMC_materials_mtoon") for entry in entries]
    materials = list(gltf.materials)
    for i, mtoon in enumerate(toon):
        if mtoon is not None:
            uv = uv_sets(entries[i])
            materials[i] = read_mtoon_1(materials[i], mtoon, gltf.textures, uv)
    bones = read_bones_1(gltf, vrm.child("humanoid"))
    expressions = read_expressions_1(gltf, vrm.child("expressions"))
    instances = read_first_person_1(gltf, vrm)
    springs = read_springs(gltf)
    constraints = read_constraints(gltf)
    thumbnail = read_thumbnail(gltf, vrm.child("meta"))
    return Avatar(
        path=gltf.path,
        sha256=gltf.sha256,
        meta=read_meta_1(vrm.child("meta")),
        nodes=gltf.tree.nodes,
        meshes=_remove_toon_colors(gltf.meshes, {i for i, m in enumerate(toon) if m is not None}),
        instances=instances,
        skins=gltf.skins,
        materials=tuple(materials),
        textures=gltf.textures.decode(),
        bones=bones,
        expressions=expressions,
        look_at=read_look_at_1(vrm),
        channel_count=gltf.channel_count,
        springs=springs,
        constraints=constraints,
        thumbnail=thumbnail,
        warnings=gltf.warnings.texts,
    )


def _read_0(gltf: Gltf, vrm: Fields) -> Avatar:
    properties = vrm.children("materialProperties")[: len(gltf.materials) - 1]
    toon = {i for i, entry in enumerate(properties) if is_mtoon_0(entry)}
    materials: list[Material] = list(gltf.materials)
    for i, entry in enumerate(properties):
        materials[i] = read_material_0(materials[i], entry, gltf.textures)
    bones = read_bones_0(gltf, vrm.child("humanoid"))
    expressions = read_expressions_0(gltf, vrm)
    instances = read_first_person_0(gltf, vrm)
    thumbnail = read_thumbnail(gltf, vrm.child("meta"))
    springs = read_springs(gltf)
    return Avatar(
        path=gltf.path,
        sha256=gltf.sha256,
        meta=read_meta_0(vrm.child("meta")),
        nodes=turn.turn_nodes(gltf.tree.nodes),
        meshes=tuple(turn.turn_mesh(mesh) for mesh in _remove_toon_colors(gltf.meshes, toon)),
        instances=instances,
        skins=tuple(turn.turn_skin(skin) for skin in gltf.skins),
        materials=tuple(materials),
        textures=gltf.textures.decode(),
        bones=bones,
        expressions=expressions,
        look_at=read_look_at_0(vrm.child("firstPerson")) if vrm.has("firstPerson") else None,
        channel_count=gltf.channel_count,
        springs=springs,
        thumbnail=thumbnail,
        warnings=gltf.warnings.texts,
    )


def _remove_toon_colors(meshes: Iterable[Mesh], toon: set[int]) -> tuple[Mesh, ...]:
    """Set the vertex colours of MToon materials to white.

    MToon ignores vertex colours, and some editors store masks in them.
    """

    def plain(part: Primitive) -> Primitive:
        return replace(part, color=np.ones_like(part.color)) if part.material in toon else part

    return tuple(
        replace(mesh, primitives=tuple(plain(part) for part in mesh.primitives)) for mesh in meshes
    )


def _freeze(value: object) -> None:
    """Make every array in a record, at any depth, read-only."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple):
        for item in value:
            _freeze(item)
    elif is_dataclass(value):
        for field in fields(value):
            _freeze(getattr(value, field.name))
