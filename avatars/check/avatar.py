"""Run all checks on one file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from avatars.check.buffers import check_buffers, open_accessors
from avatars.check.constraints import EXTENSION as CONSTRAINTS
from avatars.check.constraints import check_constraints
from avatars.check.container import check_container
from avatars.check.document import Document, pointer_of, pointer_of_path
from avatars.check.findings import Finding, Report
from avatars.check.geometry import check_meshes
from avatars.check.gltf_schema import document as gltf_document
from avatars.check.humanoid import check_humanoid_0, check_humanoid_1
from avatars.check.loose import child, children, texts
from avatars.check.nodes import check_nodes, check_skins
from avatars.check.pictures import check_images, check_materials
from avatars.check.schema import Walk
from avatars.check.show import check_show
from avatars.check.springs import check_springs
from avatars.check.vrm import (
    check_expressions,
    check_first_person,
    check_look_at,
    check_meta,
)
from avatars.check.vrm0_schema import VRM0
from avatars.check.vrm_schema import CONSTRAINT, EMISSION, MTOON, SPRINGS, VRM
from avatars.errors import AvatarError
from avatars.gltf import read_gltf
from avatars.gltf.container import read_container
from avatars.gltf.model import SUPPORTED
from avatars.gltf.nodes import MAX_NODES
from avatars.vrm import read_avatar

_SCHEMA: Final = gltf_document(
    root={"VRMC_vrm": VRM, "VRM": VRM0, "VRMC_springBone": SPRINGS},
    node={CONSTRAINTS: CONSTRAINT},
    material={"VRMC_materials_mtoon": MTOON, "VRMC_materials_hdr_emissiveMultiplier": EMISSION},
)
_LISTS: Final = (
    "accessors", "buffers", "bufferViews", "cameras", "images", "materials", "meshes", "nodes",
    "samplers", "scenes", "skins", "textures",
)  # fmt: skip


def check_avatar(path: Path) -> tuple[Finding, ...]:
    """Return everything in a VRM file that violates a specification or a show's requirements.

    A file that cannot be read at all gives one finding.

    Args:
        path: a .vrm file, 0.x or 1.0; any other file gives a finding that it is not one.

    Returns:
        The findings, the most severe first.
    """
    report = Report()
    try:
        document = Document(read_container(path), report)
        check_container(path, report)
    except AvatarError as error:
        report.error(pointer_of(error), error.fault, error.remedy)
        return report.finish()
    for name in _LISTS:
        if len(children(document.root, name)) > MAX_NODES:
            report.error(f"/{name}", f"are more than {MAX_NODES}", "reduce them")
            return report.finish()
    _check_schema(document)
    _check_gltf(document)
    _check_vrm(document)
    _check_as_read(path, document)
    return report.finish()


def _check_schema(document: Document) -> None:
    """Check types, ranges and required members of the whole JSON, and its extension lists."""
    root, report = document.root, document.report
    springs, old = document.extension("VRMC_springBone"), document.extension("VRM")
    groups = springs if springs else child(old, "secondaryAnimation")
    counts = {name: len(children(root, name)) for name in _LISTS}
    counts["colliders"] = len(children(springs, "colliders"))
    counts["collider groups"] = len(children(groups, "colliderGroups"))
    walk = Walk(report, counts)
    _SCHEMA.check(root, "", walk)
    used, required = (texts(root, key) for key in ("extensionsUsed", "extensionsRequired"))
    for name, pointer in walk.extensions.items():
        if name not in used:
            report.error(pointer, "is not listed in extensionsUsed", "list it there")
    for i, name in enumerate(required):
        if name not in used:
            report.error(
                f"/extensionsRequired/{i}", "is not listed in extensionsUsed", "list it there"
            )
        if name not in SUPPORTED:
            report.error(
                f"/extensionsRequired/{i}",
                f"asks for {name[:60]}, which is not read here",
                "export the avatar without it",
            )


def _check_gltf(document: Document) -> None:
    check_nodes(document)
    check_skins(document)
    accessors = open_accessors(document)
    check_buffers(document, accessors)
    if accessors is not None:
        check_meshes(document, accessors)
    check_materials(document)
    check_constraints(document)


def _check_vrm(document: Document) -> None:
    sizes = check_images(document)
    if document.has_extension("VRMC_vrm"):
        bones = check_humanoid_1(document)
        check_meta(document, sizes)
        check_expressions(document)
        check_look_at(document, bones)
        check_first_person(document)
        check_springs(document)
    elif document.has_extension("VRM"):
        check_humanoid_0(document)


def _check_as_read(path: Path, document: Document) -> None:
    """Report what the reader rejects or skips, and which of a show's requirements are not met."""
    try:
        gltf = read_gltf(path)
        avatar = read_avatar(gltf)
    except AvatarError as error:
        document.add(error)
        return
    for where, text in gltf.warnings.entries:
        pointer = pointer_of_path(where)
        if not where or not document.report.has_finding_at(pointer):
            document.report.warning(pointer, text, "mend it in the avatar's editor")
    check_show(avatar, document.report)
