"""Build a complete minimal avatar, and split and join GLB files."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from avatars.model import (
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
from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX
from avatars.springs.records import (
    Collider,
    ColliderGroup,
    Shape,
    SpringChain,
    SpringJoint,
    Springs,
)
from avatars.write import write_vrm


def split_glb(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return a GLB's JSON, and its other chunks unchanged."""
    (size,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + size]), data[20 + size :]


def join_glb(root: dict[str, Any], rest: bytes) -> bytes:
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + rest


def tiny_avatar() -> Avatar:
    """Return an avatar with all bones, a square at the feet and a face square with 3 shapes."""
    places = {
        "hips": (0.0, 0.9, 0.0), "spine": (0.0, 0.1, 0.0), "chest": (0.0, 0.15, 0.0),
        "upperChest": (0.0, 0.1, 0.0), "neck": (0.0, 0.15, 0.0), "head": (0.0, 0.1, 0.0),
        "jaw": (0.0, 0.0, 0.05), "Eye": (0.03, 0.08, 0.07), "Shoulder": (0.05, 0.1, 0.0),
        "UpperArm": (0.1, 0.0, 0.0), "LowerArm": (0.25, 0.0, 0.0), "Hand": (0.25, 0.0, 0.0),
        "UpperLeg": (0.1, -0.05, 0.0), "LowerLeg": (0.0, -0.4, 0.0), "Foot": (0.0, -0.35, 0.0),
        "Toes": (0.0, -0.08, 0.1),
    }  # fmt: skip
    fingers = ("Thumb", "Index", "Middle", "Ring", "Little")

    def place(bone: str) -> tuple[float, float, float]:
        if bone in places:
            return places[bone]
        side = 1.0 if bone.startswith("left") else -1.0
        part = bone.removeprefix("left").removeprefix("right")
        if part.startswith(fingers):
            across = 0.02 * (2 - next(i for i, f in enumerate(fingers) if part.startswith(f)))
            first = part.endswith("Metacarpal") or (
                part.endswith("Proximal") and not part.startswith("Thumb")
            )
            return (side * 0.03, 0.0, across if first else 0.0)
        x, y, z = places[part]
        return (side * x, y, z)

    head = BONE_INDEX["head"]
    hair = ((0.1, 0.1, 0.0), (0.0, -0.1, 0.0), (-0.1, 0.1, 0.0), (0.0, -0.1, 0.0))
    translation = np.float32([*(place(bone) for bone in HUMAN_BONES), *hair, (0.0, 0.0, 0.0)])
    parents = np.int32([*PARENT_INDEX, head, len(PARENT_INDEX), head, len(PARENT_INDEX) + 2, -1])
    nodes = Nodes(
        names=(*HUMAN_BONES, "hair1", "hair2", "hair3", "hair4", "body"),
        parents=parents,
        translation=translation,
        rotation=np.tile(np.float32([0, 0, 0, 1]), (len(parents), 1)),
        scale=np.ones((len(parents), 3), np.float32),
    )
    world = translation.copy()
    for node, parent in enumerate(parents):
        if parent >= 0:
            world[node] += world[parent]
    inverse_bind = np.tile(np.eye(4, dtype=np.float32), (55, 1, 1))
    inverse_bind[:, :3, 3] = -world[:55]
    return Avatar(
        path=Path("tiny.vrm"),
        sha256="",
        meta=Meta("Tiny", ("Nobody",), "1.0"),
        nodes=nodes,
        meshes=(_mesh(head, BONE_INDEX["leftEye"]),),
        instances=(MeshInstance(len(parents) - 1, 0, 0),),
        skins=(Skin(np.arange(55, dtype=np.int32), inverse_bind),),
        materials=(
            Material("cloth", base_texture=TextureUse(0, (0.25, 0.0), (0.5, 0.5))),
            Material("glow", unlit=True),
        ),
        textures=(Texture("check", np.full((4, 4, 4), 255, np.uint8), ("repeat", "clamp")),),
        bones={bone: i for i, bone in enumerate(HUMAN_BONES)},
        expressions=(
            Expression("happy", True, np.int32([0]), np.float32([1.0])),
            Expression("blink", True, np.int32([1]), np.float32([0.5])),
            Expression("eyeLookUpLeft", False, np.int32([2]), np.float32([1.0])),
        ),
        look_at=LookAt("bone", (0.0, 0.06, 0.0), ((1.5, 0.2),) * 4),
        channel_count=3,
    )


def _mesh(head: int, eye: int) -> Mesh:
    """Return two squares, at the feet and at the face; half of the latter belongs to an eye."""
    position = np.float32(
        [
            (-0.1, 0, 0), (0.1, 0, 0), (0.1, 0.1, 0), (-0.1, 0.1, 0),
            (0, 1.4, 0.1), (0.1, 1.4, 0.1), (0.1, 1.6, 0.1), (0, 1.6, 0.1),
        ]
    )  # fmt: skip
    joints = np.zeros((8, 4), np.uint32)
    joints[4:6, 0], joints[6:, 0] = head, eye
    weights = np.zeros((8, 4), np.float32)
    weights[:, 0] = 1.0
    face = np.uint32([4, 5, 6, 7])
    shift = np.tile(np.float32([0.0, 0.01, 0.0]), (4, 1))
    part = Primitive(
        position=position,
        normal=np.tile(np.float32([0, 0, 1]), (8, 1)),
        uv=position[:, :2].copy(),
        color=np.ones((8, 4), np.float32),
        joints=joints,
        weights=weights,
        triangles=np.uint32([(0, 1, 2), (0, 2, 3), (4, 5, 6), (4, 6, 7)]),
        material=0,
        targets=tuple(MorphTarget(face, shift * (i + 1), None) for i in range(3)),
    )
    return Mesh("body", (part,), 0, ("smile", "lids", "eyeLookUpLeft"), np.zeros(3, np.float32))


def tiny_file(avatar: Avatar) -> bytes:
    """Return it as a VRM 1.0 file with two spring chains on its head."""
    head = avatar.bones["head"]
    joints = [SpringJoint(node, 0.02, 1.0, 0.1, drag=0.4) for node in (55, 56, 57, 58)]
    springs = Springs(
        colliders=(
            Collider(head, Shape.SPHERE, (0.0, 0.1, 0.0), 0.1),
            Collider(head, Shape.CAPSULE, (0.0, 0.0, 0.0), 0.05, (0.0, 0.1, 0.0)),
        ),
        groups=(ColliderGroup("head", (0, 1)),),
        chains=(
            SpringChain("left", (joints[0], joints[1]), (0,)),
            SpringChain("right", (joints[2], joints[3])),
        ),
    )
    return write_vrm(replace(avatar, springs=springs))


def tiny_file_0(avatar: Avatar) -> bytes:
    """Return it as a VRM 0.x file, with MToon's old properties, old springs and old binds."""
    root, rest = split_glb(tiny_file(avatar))
    head, body = avatar.bones["head"], avatar.instances[0].node
    bones = [{"bone": _old_name(name), "node": node} for name, node in avatar.bones.items()]
    mtoon = {
        "name": "cloth",
        "shader": "VRM/MToon",
        "renderQueue": 2000,
        "floatProperties": {},
        "vectorProperties": {},
        "textureProperties": {"_MainTex": 0, "_ShadeTexture": 0},
    }
    root["extensions"] = {
        "VRM": {
            "specVersion": "0.0",
            "meta": {"title": "Tiny", "author": "Nobody", "texture": 0},
            "humanoid": {"humanBones": bones},
            "firstPerson": {
                "firstPersonBone": head,
                "meshAnnotations": [{"mesh": 0, "firstPersonFlag": "Both"}],
                "lookAtTypeName": "Bone",
            },
            "blendShapeMaster": {
                "blendShapeGroups": [
                    {
                        "name": "Joy",
                        "presetName": "joy",
                        "binds": [{"mesh": 0, "index": 0, "weight": 100}],
                    }
                ]
            },
            "secondaryAnimation": {
                "boneGroups": [
                    {"comment": "hair", "bones": [55, 57], "colliderGroups": [0], "center": -1}
                ],
                "colliderGroups": [
                    {"node": head, "colliders": [{"offset": {"y": 0.1}, "radius": 0.1}]}
                ],
            },
            "materialProperties": [mtoon, {"name": "glow", "shader": "VRM/UnlitTexture"}],
        }
    }
    root["extensionsUsed"] = ["VRM", "KHR_materials_unlit", "KHR_texture_transform"]
    del root["materials"][0]["extensions"]["VRMC_materials_mtoon"]
    assert root["nodes"][body]["mesh"] == 0
    return join_glb(root, rest)


def _old_name(bone: str) -> str:
    """Return VRM 0.x's name of a human bone: thumbs are named like the other fingers."""
    old = {"ThumbMetacarpal": "ThumbProximal", "ThumbProximal": "ThumbIntermediate"}
    for new, name in old.items():
        if bone.endswith(new):
            return bone.removesuffix(new) + name
    return bone
