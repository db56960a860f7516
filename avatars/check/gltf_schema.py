"""Define the schema of glTF 2.0 as avatars use it, in terms of check.schema.

Source: glTF 2.0 specification, chapter 5 (properties reference); the Khronos extensions named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from avatars.check.schema import (
    Anything,
    Flag,
    Index,
    Kind,
    Members,
    Named,
    Number,
    Several,
    Text,
    numbers,
)

COMPONENTS: Final = (5120, 5121, 5122, 5123, 5125, 5126)
TYPES: Final = ("SCALAR", "VEC2", "VEC3", "VEC4", "MAT2", "MAT3", "MAT4")
_COUNT: Final = Number(0, whole=True)
_SOME: Final = Number(1, whole=True)
_UNIT: Final = Number(0, 1)

TEXTURE_TRANSFORM: Final = Members(
    {"offset": numbers(2), "scale": numbers(2), "rotation": Number(), "texCoord": _COUNT}
)


def texture_info(**more: Kind) -> Members:
    """Return the kind of a textureInfo with additional members."""
    return Members(
        {"index": Index("textures"), "texCoord": _COUNT, **more},
        ("index",),
        {"KHR_texture_transform": TEXTURE_TRANSFORM},
    )


def document(
    root: Mapping[str, Kind], node: Mapping[str, Kind], material: Mapping[str, Kind]
) -> Members:
    """Return the kind of a glTF file with extensions of its root, nodes and materials."""
    return Members(
        {
            "asset": Members(
                {name: Text() for name in ("version", "minVersion", "generator", "copyright")},
                ("version",),
            ),
            "extensionsUsed": Several(Text()),
            "extensionsRequired": Several(Text()),
            "scene": Index("scenes"),
            "scenes": Several(
                Members({"name": Text(), "nodes": Several(Index("nodes"), unique=True)})
            ),
            "nodes": Several(_node(node)),
            "meshes": Several(_MESH),
            "skins": Several(_SKIN),
            "materials": Several(_material(material)),
            "textures": Several(_TEXTURE),
            "images": Several(_IMAGE),
            "samplers": Several(_SAMPLER),
            "accessors": Several(_ACCESSOR),
            "bufferViews": Several(_BUFFER_VIEW),
            "buffers": Several(_BUFFER),
            "animations": Several(Anything()),
            "cameras": Several(Anything()),
        },
        ("asset",),
        root,
    )


def _node(extensions: Mapping[str, Kind]) -> Members:
    return Members(
        {
            "name": Text(),
            "camera": Index("cameras"),
            "children": Several(Index("nodes"), unique=True),
            "skin": Index("skins"),
            "mesh": Index("meshes"),
            "matrix": numbers(16),
            "translation": numbers(3),
            "rotation": numbers(4, -1.0 - 1e-6, 1.0 + 1e-6),
            "scale": numbers(3),
            "weights": Several(Number()),
        },
        extensions=extensions,
    )


def _material(extensions: Mapping[str, Kind]) -> Members:
    return Members(
        {
            "name": Text(),
            "pbrMetallicRoughness": Members(
                {
                    "baseColorFactor": numbers(4, 0, 1),
                    "baseColorTexture": texture_info(),
                    "metallicFactor": _UNIT,
                    "roughnessFactor": _UNIT,
                    "metallicRoughnessTexture": texture_info(),
                }
            ),
            "normalTexture": texture_info(scale=Number()),
            "occlusionTexture": texture_info(strength=_UNIT),
            "emissiveTexture": texture_info(),
            "emissiveFactor": numbers(3, 0, 1),
            "alphaMode": Text(("OPAQUE", "MASK", "BLEND")),
            "alphaCutoff": Number(0),
            "doubleSided": Flag(),
        },
        extensions={
            "KHR_materials_unlit": Members({}),
            "KHR_materials_emissive_strength": Members({"emissiveStrength": Number(0)}),
            **extensions,
        },
    )


_DATA: Final = Index("bufferViews", required=True)
_BINDING: Final = tuple(f"{kind}_{i}" for kind in ("JOINTS", "WEIGHTS") for i in range(8))
_ATTRIBUTES: Final = Named(
    Index("accessors"),
    special=dict.fromkeys(("POSITION", *_BINDING), Index("accessors", required=True)),
)
_TARGET: Final = Named(Index("accessors"))
_MESH: Final = Members(
    {
        "name": Text(),
        "primitives": Several(
            Members(
                {
                    "attributes": _ATTRIBUTES,
                    "indices": Index("accessors", required=True),
                    "material": Index("materials"),
                    "mode": Number(0, 6, whole=True),
                    "targets": Several(_TARGET),
                },
                ("attributes",),
                {
                    "KHR_draco_mesh_compression": Members(
                        {
                            "bufferView": _DATA,
                            "attributes": Named(_COUNT),
                        },
                        ("bufferView", "attributes"),
                    )
                },
            )
        ),
        "weights": Several(Number()),
    },
    ("primitives",),
)
_SKIN: Final = Members(
    {
        "name": Text(),
        "inverseBindMatrices": Index("accessors", required=True),
        "skeleton": Index("nodes"),
        "joints": Several(Index("nodes", required=True), unique=True),
    },
    ("joints",),
)
_TEXTURE: Final = Members(
    {"name": Text(), "sampler": Index("samplers"), "source": Index("images")},
    extensions={"EXT_texture_webp": Members({"source": Index("images")}, ("source",))},
)
_IMAGE: Final = Members(
    {
        "name": Text(),
        "uri": Text(),
        "mimeType": Text(("image/png", "image/jpeg", "image/webp")),
        "bufferView": Index("bufferViews"),
    }
)
_MINIFY: Final = (9728, 9729, 9984, 9985, 9986, 9987)
_WRAPS: Final = (33071, 33648, 10497)
_SAMPLER: Final = Members(
    {
        "name": Text(),
        "magFilter": Number(options=(9728, 9729)),
        "minFilter": Number(options=_MINIFY),
        "wrapS": Number(options=_WRAPS),
        "wrapT": Number(options=_WRAPS),
    }
)
_ACCESSOR: Final = Members(
    {
        "name": Text(),
        "bufferView": _DATA,
        "byteOffset": _COUNT,
        "componentType": Number(options=COMPONENTS),
        "normalized": Flag(),
        "count": _SOME,
        "type": Text(TYPES),
        "max": Several(Number(), 1, 16),
        "min": Several(Number(), 1, 16),
        "sparse": Members(
            {
                "count": _SOME,
                "indices": Members(
                    {
                        "bufferView": _DATA,
                        "byteOffset": _COUNT,
                        "componentType": Number(options=(5121, 5123, 5125)),
                    },
                    ("bufferView", "componentType"),
                ),
                "values": Members(
                    {"bufferView": _DATA, "byteOffset": _COUNT},
                    ("bufferView",),
                ),
            },
            ("count", "indices", "values"),
        ),
    },
    ("componentType", "count", "type"),
)
_MESHOPT: Final = Members(
    {
        "buffer": Index("buffers", required=True),
        "byteOffset": _COUNT,
        "byteLength": _SOME,
        "byteStride": Number(1, 256, whole=True),
        "count": _SOME,
        "mode": Text(("ATTRIBUTES", "TRIANGLES", "INDICES")),
        "filter": Text(("NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL")),
    },
    ("buffer", "byteLength", "byteStride", "count", "mode"),
)
_BUFFER_VIEW: Final = Members(
    {
        "name": Text(),
        "buffer": Index("buffers", required=True),
        "byteOffset": _COUNT,
        "byteLength": _SOME,
        "byteStride": Number(4, 252, whole=True),
        "target": Number(options=(34962, 34963)),
    },
    ("buffer", "byteLength"),
    {"EXT_meshopt_compression": _MESHOPT},
)
_BUFFER: Final = Members(
    {"name": Text(), "uri": Text(), "byteLength": _SOME},
    ("byteLength",),
    {"EXT_meshopt_compression": Members({"fallback": Flag()})},
)
