"""Read which meshes a first-person camera draws.

Sources: VRMC_vrm-1.0 firstPerson.md; VRM 0.x schema vrm.firstperson.meshannotation; UniVRM's
MigrationVrmFirstPersonAndLookAt, which gives every node that draws a mesh the mesh's flag.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, get_args

from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.model import FirstPerson, MeshInstance

_FLAGS: Final[dict[str, FirstPerson]] = {flag.lower(): flag for flag in get_args(FirstPerson)}
"""Flags by their lower-case names, because 0.x capitalised them."""

_LEFT_OUT: Final = "the annotation is left out"


def read_first_person_1(gltf: Gltf, vrm: Fields) -> tuple[MeshInstance, ...]:
    """Return the file's mesh instances with the flags of VRMC_vrm.firstPerson."""
    place = gltf.tree.place
    flags: dict[int, FirstPerson] = {}
    for annotation in vrm.child("firstPerson").children("meshAnnotations"):
        node = annotation.reference("node", len(place), "nodes", _LEFT_OUT)
        if node is not None:
            flags.setdefault(place[node], _flag(annotation, "type"))
    return tuple(
        replace(instance, first_person=flags.get(instance.node, "auto"))
        for instance in gltf.instances
    )


def read_first_person_0(gltf: Gltf, vrm: Fields) -> tuple[MeshInstance, ...]:
    """Return the file's mesh instances with the flags of VRM.firstPerson of a 0.x file."""
    flags: dict[int, FirstPerson] = {}
    for annotation in vrm.child("firstPerson").children("meshAnnotations"):
        mesh = annotation.reference("mesh", len(gltf.meshes), "meshes", _LEFT_OUT)
        if mesh is not None:
            flags.setdefault(mesh, _flag(annotation, "firstPersonFlag"))
    return tuple(
        replace(instance, first_person=flags.get(instance.mesh, "auto"))
        for instance in gltf.instances
    )


def _flag(annotation: Fields, key: str) -> FirstPerson:
    name = annotation.text(key, "auto")
    flag = _FLAGS.get(name.lower())
    if flag is None:
        annotation.warn(key, f"says {name[:40]!r} and is taken for auto")
        return "auto"
    return flag
