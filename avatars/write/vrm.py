"""Write an Avatar as a VRM 1.0 file (VRMC_vrm-1.0: meta, humanoid, expressions, lookAt)."""

from __future__ import annotations

import math

from avatars.errors import AvatarError
from avatars.model import Avatar, LookAt, Material, Meta
from avatars.names import REQUIRED_BONES
from avatars.write import constraints, materials, scene, springs
from avatars.write.buffers import BufferWriter, Json
from avatars.write.expressions import expression_json
from avatars.write.glb import glb_bytes

LICENCE_URL = "https://vrm.dev/licenses/1.0/"
_RANGES = (
    "rangeMapHorizontalInner",
    "rangeMapHorizontalOuter",
    "rangeMapVerticalDown",
    "rangeMapVerticalUp",
)


def write_vrm(
    avatar: Avatar,
    generator: str = "Encore",
) -> bytes:
    """Return the bytes of a VRM 1.0 file; the output is deterministic.

    Args:
        avatar: `path`, `sha256` and `warnings` are not written.
        generator: the value of the file's `generator`.

    Raises:
        AvatarError: the avatar lacks what VRM 1.0 requires.
    """
    _check(avatar)
    avatar = springs.with_tail_nodes(avatar)
    buffers = BufferWriter()
    skinned = {i.mesh for i in avatar.instances if i.skin is not None}
    meshes = [
        scene.mesh_json(mesh, buffers, skinned=i in skinned) for i, mesh in enumerate(avatar.meshes)
    ]
    skins = [scene.skin_json(skin, avatar.nodes, buffers) for skin in avatar.skins]
    images = [
        {
            "name": texture.name,
            "mimeType": "image/png",
            "bufferView": buffers.add_view(materials.png_bytes(texture)),
        }
        for texture in avatar.textures
    ]
    extensions: Json = {"VRMC_vrm": _vrm_json(avatar)}
    if avatar.thumbnail:
        extensions["VRMC_vrm"]["meta"]["thumbnailImage"] = len(images)
        images.append(_thumbnail_json(avatar.thumbnail, buffers))
    if avatar.springs.chains:
        extensions[springs.EXTENSION] = springs.springs_json(avatar.springs)
    nodes = scene.node_jsons(avatar.nodes, avatar.instances)
    constraints.add_constraints(nodes, avatar.constraints)
    document: Json = {
        "asset": {"version": "2.0", "generator": generator},
        "extensionsUsed": [
            "VRMC_vrm",
            *(springs.extensions_used(avatar.springs) if avatar.springs.chains else ()),
            *((constraints.EXTENSION,) if avatar.constraints else ()),
            *_material_extensions(avatar.materials),
        ],
        "extensions": extensions,
        "scene": 0,
        "scenes": [{"nodes": [i for i, p in enumerate(avatar.nodes.parents) if p < 0]}],
        "nodes": nodes,
        "meshes": meshes,
        "skins": skins,
        "materials": [materials.material_json(m) for m in avatar.materials],
        "textures": [{"source": i, "sampler": i} for i in range(len(avatar.textures))],
        "images": images,
        "samplers": [materials.sampler_json(t) for t in avatar.textures],
        "accessors": buffers.accessors,
        "bufferViews": buffers.views,
        "buffers": [{"byteLength": len(buffers.data)}] if buffers.data else [],
    }
    # glTF forbids empty arrays, so empty lists are omitted.
    return glb_bytes({k: v for k, v in document.items() if v != []}, bytes(buffers.data))


def _check(avatar: Avatar) -> None:
    missing = sorted(REQUIRED_BONES - set(avatar.bones))
    if missing:
        raise AvatarError(
            avatar.meta.name, f"has no {', '.join(missing)}", "map every required human bone"
        )
    if not avatar.meta.authors:
        raise AvatarError("avatar's meta", "names no author", "give at least one author")


def _material_extensions(used: tuple[Material, ...]) -> list[str]:
    names = []
    if any(not (m.unlit or m.physically_based) for m in used):
        names.append(materials.MTOON)
    if any(m.unlit for m in used):
        names.append(materials.UNLIT)
    if any(materials.uses_transform(m) for m in used):
        names.append(materials.TRANSFORM)
    if any(materials.emissive_strength(m) != 1.0 for m in used):
        names.append(materials.STRENGTH)
    return names


def _vrm_json(avatar: Avatar) -> Json:
    presets = {e.name: expression_json(e, avatar) for e in avatar.expressions if e.preset}
    custom = {e.name: expression_json(e, avatar) for e in avatar.expressions if not e.preset}
    annotations = [{"node": i.node, "type": i.first_person} for i in avatar.instances]
    out: Json = {
        "specVersion": "1.0",
        "meta": _meta_json(avatar.meta),
        "humanoid": {"humanBones": {name: {"node": n} for name, n in avatar.bones.items()}},
        "firstPerson": {"meshAnnotations": annotations},
        "expressions": {"preset": presets, "custom": custom},
    }
    if avatar.look_at is not None:
        out["lookAt"] = _look_at_json(avatar.look_at)
    return out


def _thumbnail_json(picture: bytes, buffers: BufferWriter) -> Json:
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return {"name": "thumbnail", "mimeType": kind, "bufferView": buffers.add_view(picture)}


def _meta_json(meta: Meta) -> Json:
    out: Json = {
        "name": meta.name,
        "version": meta.version,
        "authors": list(meta.authors),
        "copyrightInformation": meta.copyright,
        "contactInformation": meta.contact,
        "thirdPartyLicenses": meta.third_party_licences,
        "licenseUrl": LICENCE_URL,
        "avatarPermission": meta.avatar_permission,
        "allowExcessivelyViolentUsage": meta.violent_usage,
        "allowExcessivelySexualUsage": meta.sexual_usage,
        "commercialUsage": meta.commercial_usage,
        "allowPoliticalOrReligiousUsage": meta.political_or_religious_usage,
        "allowAntisocialOrHateUsage": meta.antisocial_or_hate_usage,
        "creditNotation": meta.credit,
        "allowRedistribution": meta.redistribution,
        "modification": meta.modification,
        "otherLicenseUrl": meta.other_licence_url,
    }
    return {key: value for key, value in out.items() if value != ""}


def _look_at_json(look_at: LookAt) -> Json:
    out: Json = {"type": look_at.kind, "offsetFromHeadBone": list(look_at.offset)}
    for key, (input_max, output) in zip(_RANGES, look_at.ranges, strict=True):
        scale = math.degrees(output) if look_at.kind == "bone" else output
        out[key] = {
            "inputMaxValue": round(math.degrees(input_max), 6),
            "outputScale": round(scale, 6),
        }
    return out
