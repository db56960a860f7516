"""Read a whole glTF file into plain data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from avatars.errors import AvatarError
from avatars.gltf.accessors import Accessors
from avatars.gltf.buffers import Buffers
from avatars.gltf.container import FileReader, read_bytes, read_container
from avatars.gltf.fields import Fields
from avatars.gltf.materials import DEFAULT, read_material, uv_sets
from avatars.gltf.meshes import MeshReader, count_parts
from avatars.gltf.nodes import NodeTree, read_nodes
from avatars.gltf.skins import read_instances, read_skin
from avatars.gltf.textures import Textures
from avatars.gltf.warning_log import WarningLog
from avatars.model import Material, Mesh, MeshInstance, Skin

SUPPORTED: Final = frozenset(
    {
        "EXT_meshopt_compression",
        "EXT_texture_webp",
        "KHR_draco_mesh_compression",
        "KHR_materials_emissive_strength",
        "KHR_materials_unlit",
        "KHR_mesh_quantization",
        "KHR_meshopt_compression",
        "KHR_texture_transform",
        "VRM",
        "VRMC_materials_hdr_emissiveMultiplier",
        "VRMC_materials_mtoon",
        "VRMC_node_constraint",
        "VRMC_springBone",
        "VRMC_springBone_extended_collider",
        "VRMC_springBone_limit",
        "VRMC_vrm",
    }
)
"""Extensions that may be in a file's `extensionsRequired`."""


@dataclass(frozen=True, slots=True)
class Gltf:
    """A file's drawable content, and its JSON for the VRM extensions.

    Attributes:
        tree: the nodes, with a map from the file's node indices.
        materials: the file's, then glTF's default material.
        textures: those that materials use, not yet decoded; extensions may add more.
        channel_count: total number of morph weights of all meshes.
        warnings: the log of tolerated faults; grows as extensions are read.
    """

    path: Path
    sha256: str
    root: Fields
    tree: NodeTree
    meshes: tuple[Mesh, ...]
    instances: tuple[MeshInstance, ...]
    skins: tuple[Skin, ...]
    materials: tuple[Material, ...]
    textures: Textures
    channel_count: int
    warnings: WarningLog


def read_gltf(path: Path, read: FileReader = read_bytes) -> Gltf:
    """Read a whole .gltf, .glb or .vrm file.

    Args:
        path: of the file.
        read: returns its bytes.

    Raises:
        AvatarError: the file is missing, damaged, in another format, or requires an unsupported
            extension.
    """
    container = read_container(path, read)
    root = container.root
    for name in root.texts("extensionsRequired"):
        if name not in SUPPORTED:
            raise AvatarError(
                root.thing, f"needs the extension {name[:60]}", "export the avatar without it"
            )
    count_parts(root)
    buffers = Buffers(container)
    accessors = Accessors(root, buffers)
    textures = Textures(root, buffers)
    tree = read_nodes(root)
    materials = tuple(read_material(fields, textures) for fields in root.children("materials"))
    coordinates = tuple(uv_sets(fields) for fields in root.children("materials"))
    reader = MeshReader(accessors, buffers, coordinates)
    meshes: list[Mesh] = []
    channels = 0
    for fields in root.children("meshes"):
        mesh = reader.read(fields, channels)
        channels += len(mesh.target_names)
        meshes.append(mesh)
    skins = tuple(read_skin(fields, accessors, tree) for fields in root.children("skins"))
    return Gltf(
        path=path,
        sha256=container.sha256,
        root=root,
        tree=tree,
        meshes=tuple(meshes),
        instances=read_instances(root, tree, tuple(meshes), skins),
        skins=skins,
        materials=(*materials, DEFAULT),
        textures=textures,
        channel_count=channels,
        warnings=root.warnings,
    )
