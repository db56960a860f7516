"""Test that the checker reports faults at their location, and none in a valid file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avatars.check import Finding, Severity, as_json, as_text, check_avatar

Change = Callable[[dict[str, Any]], None]
Edit = Callable[[bytes, Change], Path]

GONE = object()
VRM = "extensions/VRMC_vrm"
BONES = f"{VRM}/humanoid/humanBones"
SPRING = "extensions/VRMC_springBone"
MTOON = "materials/0/extensions/VRMC_materials_mtoon"
PART = "meshes/0/primitives/0"
SPHERE = {"sphere": {"radius": 0.1}}


def put(root: dict[str, Any], path: str, value: Any) -> None:
    *keys, last = path.split("/")
    place: Any = root
    for key in keys:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [] if value is GONE else [value]
    elif value is GONE:
        del place[last]
    else:
        place[last] = value


def found(
    edited: Edit, file: bytes, changes: dict[str, Any], severity: Severity
) -> dict[str, Finding]:
    def change(root: dict[str, Any]) -> None:
        for path, value in changes.items():
            put(root, path, value)

    findings = check_avatar(edited(file, change))
    return {f.pointer: f for f in findings if f.severity is severity}


def test_a_sound_file_has_no_errors(edited: Edit, tiny_file: bytes) -> None:
    findings = check_avatar(edited(tiny_file, lambda root: None))
    assert [f for f in findings if f.severity is not Severity.NEED] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"asset/version": 2}, "/asset/version"),
        ({"images": []}, "/images"),
        ({"extensionsRequired": ["ACME_magic"]}, "/extensionsRequired/0"),
        ({"extensionsUsed": ["VRMC_vrm"]}, f"/{MTOON}"),
        ({"nodes/0/translation": [0, 1]}, "/nodes/0/translation"),
        ({"nodes/0/rotation": [0, 0, 0, 0.5]}, "/nodes/0/rotation"),
        ({"nodes/0/matrix": [1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]}, "/nodes/0/matrix"),
        ({"nodes/5/children": [0]}, "/nodes/0"),
        ({"nodes/2/children": [3, 5]}, "/nodes/5"),
        ({"scenes/0/nodes": [0, 3, 59]}, "/scenes/0/nodes"),
        ({"scenes/0/nodes": [59]}, "/nodes/59/skin"),
        ({"nodes/0/skin": 0}, "/nodes/0/skin"),
        ({"skins/0/joints": [0, 0]}, "/skins/0/joints"),
        ({"skins/0/skeleton": 9}, "/skins/0/skeleton"),
        ({"skins/0/joints": [0, 1]}, f"/{PART}/attributes/JOINTS_0"),
        ({"accessors/0/count": 9999}, "/accessors/0/count"),
        ({"accessors/0/count": 7}, f"/{PART}/attributes/NORMAL"),
        ({"accessors/0/min": [0, 0, 0]}, "/accessors/0/min"),
        ({"accessors/0/max": GONE}, "/accessors/0"),
        ({"accessors/0/byteOffset": 2}, "/accessors/0/byteOffset"),
        ({"accessors/0/type": "VEC9"}, "/accessors/0/type"),
        ({"accessors/1/normalized": True}, "/accessors/1/normalized"),
        ({"bufferViews/0/byteStride": 13}, "/bufferViews/0/byteStride"),
        ({"bufferViews/0/byteLength": 1 << 20}, "/bufferViews/0/byteLength"),
        ({f"{PART}/attributes/POSITION": GONE}, f"/{PART}/attributes/POSITION"),
        ({f"{PART}/attributes/FEELING": 0}, f"/{PART}/attributes/FEELING"),
        ({f"{PART}/attributes/TEXCOORD_0": 0}, f"/{PART}/attributes/TEXCOORD_0"),
        ({f"{PART}/attributes/NORMAL": 0}, f"/{PART}/attributes/NORMAL"),
        ({f"{PART}/attributes/WEIGHTS_0": GONE}, f"/{PART}/attributes"),
        ({f"{PART}/indices": 0}, f"/{PART}/indices"),
        ({"meshes/0/weights": [0.0]}, "/meshes/0/weights"),
        ({"meshes/0/extras/targetNames": ["one"]}, "/meshes/0/extras/targetNames"),
        ({"images/0/mimeType": "image/jpeg"}, "/images/0/mimeType"),
        ({"images/0/mimeType": GONE}, "/images/0/mimeType"),
        ({"images/0/uri": "a.png"}, "/images/0"),
        ({"samplers/0/wrapS": 3}, "/samplers/0/wrapS"),
        ({"materials/0/alphaMode": "GLASS"}, "/materials/0/alphaMode"),
        (
            {"materials/0/pbrMetallicRoughness/baseColorFactor": [2, 0, 0, 1]},
            "/materials/0/pbrMetallicRoughness/baseColorFactor/0",
        ),
        ({f"{MTOON}/specVersion": GONE}, f"/{MTOON}/specVersion"),
        ({f"{MTOON}/shadingToonyFactor": 1.5}, f"/{MTOON}/shadingToonyFactor"),
        ({f"{MTOON}/shadeColorFactor": [1, 1]}, f"/{MTOON}/shadeColorFactor"),
        ({f"{MTOON}/renderQueueOffsetNumber": 3}, f"/{MTOON}/renderQueueOffsetNumber"),
        ({f"{MTOON}/outlineWidthMode": "thick"}, f"/{MTOON}/outlineWidthMode"),
    ],
)
def test_broken_gltf(edited: Edit, tiny_file: bytes, changes: dict[str, Any], pointer: str) -> None:
    errors = found(edited, tiny_file, changes, Severity.ERROR)
    assert pointer in errors
    assert errors[pointer].text and errors[pointer].remedy


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({f"{VRM}/specVersion": "2.0"}, f"/{VRM}/specVersion"),
        ({f"{VRM}/meta": GONE}, f"/{VRM}/meta"),
        ({f"{VRM}/meta/licenseUrl": "https://example.com"}, f"/{VRM}/meta/licenseUrl"),
        ({f"{VRM}/meta/licenseUrl": GONE}, f"/{VRM}/meta/licenseUrl"),
        ({f"{VRM}/meta/authors": []}, f"/{VRM}/meta/authors"),
        ({f"{VRM}/meta/authors": ["", "A"]}, f"/{VRM}/meta/authors/0"),
        ({f"{VRM}/meta/avatarPermission": "nobody"}, f"/{VRM}/meta/avatarPermission"),
        ({f"{VRM}/meta/allowRedistribution": "no"}, f"/{VRM}/meta/allowRedistribution"),
        ({f"{BONES}/head": GONE}, f"/{BONES}"),
        ({f"{BONES}/tail": {"node": 1}}, f"/{BONES}/tail"),
        ({f"{BONES}/neck/node": 1}, f"/{BONES}/neck/node"),
        ({f"{BONES}/neck/node": 59}, f"/{BONES}/neck/node"),
        ({f"{BONES}/chest": GONE}, f"/{BONES}/upperChest/node"),
        ({f"{BONES}/leftIndexProximal": GONE}, f"/{BONES}/leftIndexIntermediate/node"),
        ({"nodes/0/scale": [1, 0, 1]}, "/nodes/0/scale"),
        (
            {f"{VRM}/expressions/custom/happy": {}},
            f"/{VRM}/expressions/custom/happy",
        ),
        ({f"{VRM}/expressions/preset/grumpy": {}}, f"/{VRM}/expressions/preset/grumpy"),
        (
            {f"{VRM}/expressions/preset/happy/overrideBlink": "maybe"},
            f"/{VRM}/expressions/preset/happy/overrideBlink",
        ),
        ({f"{VRM}/lookAt/type": "ears"}, f"/{VRM}/lookAt/type"),
        (
            {f"{VRM}/lookAt/rangeMapVerticalUp/inputMaxValue": 270},
            f"/{VRM}/lookAt/rangeMapVerticalUp/inputMaxValue",
        ),
        (
            {f"{VRM}/firstPerson/meshAnnotations/0/type": "never"},
            f"/{VRM}/firstPerson/meshAnnotations/0/type",
        ),
    ],
)
def test_broken_vrm(edited: Edit, tiny_file: bytes, changes: dict[str, Any], pointer: str) -> None:
    assert pointer in found(edited, tiny_file, changes, Severity.ERROR)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({f"{SPRING}/specVersion": GONE}, f"/{SPRING}/specVersion"),
        ({f"{SPRING}/springs/0/joints/1/node": 58}, f"/{SPRING}/springs/0/joints/1/node"),
        ({f"{SPRING}/springs/1/joints/0/node": 55}, f"/{SPRING}/springs/1/joints/0/node"),
        # The chain skips the node between, which still counts as its own.
        (
            {
                f"{SPRING}/springs/0/joints/0/node": 5,
                f"{SPRING}/springs/1/joints": [{"node": 5}, {"node": 55}],
            },
            f"/{SPRING}/springs/1/joints/1/node",
        ),
        ({f"{SPRING}/springs/0/joints/0/dragForce": 2}, f"/{SPRING}/springs/0/joints/0/dragForce"),
        ({f"{SPRING}/springs/0/center": 56}, f"/{SPRING}/springs/0/center"),
        ({f"{SPRING}/colliders/0/shape": {}}, f"/{SPRING}/colliders/0/shape"),
        ({f"{SPRING}/colliders/0/shape/capsule": {}}, f"/{SPRING}/colliders/0/shape"),
        (
            {f"{SPRING}/colliders/0/shape/sphere/radius": -1},
            f"/{SPRING}/colliders/0/shape/sphere/radius",
        ),
        ({f"{SPRING}/colliderGroups/0/colliders": [0, 0]}, f"/{SPRING}/colliderGroups/0/colliders"),
    ],
)
def test_broken_springs(
    edited: Edit, tiny_file: bytes, changes: dict[str, Any], pointer: str
) -> None:
    assert pointer in found(edited, tiny_file, changes, Severity.ERROR)


@pytest.mark.parametrize(
    ("node", "constraint", "pointer"),
    [
        (56, {}, "constraint"),
        (56, {"roll": {"source": 1, "rollAxis": "W"}}, "constraint/roll/rollAxis"),
        (55, {"rotation": {"source": 56}}, "constraint/rotation/source"),
        (56, {"rotation": {"source": 1, "weight": 3}}, "constraint/rotation/weight"),
    ],
)
def test_broken_constraints(
    edited: Edit, tiny_file: bytes, node: int, constraint: dict[str, Any], pointer: str
) -> None:
    place = f"nodes/{node}/extensions/VRMC_node_constraint"
    changes = {place: {"specVersion": "1.0", "constraint": constraint}}
    assert f"/{place}/{pointer}" in found(edited, tiny_file, changes, Severity.ERROR)


def test_constraints_in_a_circle(edited: Edit, tiny_file: bytes) -> None:
    def holding(source: int) -> dict[str, Any]:
        return {"specVersion": "1.0", "constraint": {"rotation": {"source": source}}}

    name = "extensions/VRMC_node_constraint"
    changes = {f"nodes/56/{name}": holding(58), f"nodes/58/{name}": holding(56)}
    assert f"/nodes/56/{name}" in found(edited, tiny_file, changes, Severity.ERROR)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({SPRING: GONE}, "spring bones"),
        ({f"{BONES}/leftThumbMetacarpal": GONE, f"{BONES}/leftThumbProximal": GONE}, None),
        ({"nodes/0/translation": [0, 0.85, 0]}, "5.0 cm below the floor"),
        ({"nodes/0/translation": [0, 0.93, 0]}, "3.0 cm above the floor"),
        ({f"{VRM}/lookAt": GONE}, "cannot look"),
        ({}, "of ARKit's 52"),
        ({}, "lacks the expressions angry"),
    ],
)
def test_needs_of_a_show(
    edited: Edit, tiny_file: bytes, changes: dict[str, Any], words: str | None
) -> None:
    def change(root: dict[str, Any]) -> None:
        for path, value in changes.items():
            put(root, path, value)

    text = as_text(check_avatar(edited(tiny_file, change)))
    if words is None:
        assert "no bones for the" not in text
    else:
        assert words in text


def test_feet_and_arms_askew(edited: Edit, tiny_file: bytes) -> None:
    def change(root: dict[str, Any]) -> None:
        bones = root["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
        root["nodes"][bones["leftToes"]["node"]]["translation"] = [0.1, -0.08, 0.01]
        root["nodes"][bones["rightLowerArm"]["node"]]["translation"] = [-0.1, -0.2, 0.0]

    text = as_text(check_avatar(edited(tiny_file, change)))
    assert "left toes 84° askew" in text and "right arm" in text
    assert "left arm" not in text and "right toes" not in text


def test_forms(edited: Edit, tiny_file: bytes) -> None:
    findings = check_avatar(edited(tiny_file, lambda root: root["asset"].update(version=2)))
    assert findings[0].severity is Severity.ERROR
    entries = json.loads(as_json(findings))
    assert entries[0] == {
        "severity": "error",
        "pointer": "/asset/version",
        "text": findings[0].text,
        "remedy": findings[0].remedy,
    }
    lines = as_text(findings).splitlines()
    assert len(lines) == len(findings) + 1 and lines[-1].startswith("1 error")
    assert as_text(()) == "nothing to say against it"


def test_shells(tmp_path: Path, tiny_file: bytes) -> None:
    path = tmp_path / "shell.vrm"
    for data, words in (
        (b"", "is empty"),
        (b"{}", "not glTF"),
        (tiny_file[:100], "cut short"),
        (tiny_file + b"more", "after its end"),
        (b'{"asset": {"version": "2.0"}}', "under a GLB's name"),
    ):
        path.write_bytes(data)
        assert words in as_text(check_avatar(path))
    assert "is not there" in as_text(check_avatar(tmp_path / "nothing.vrm"))


def test_real_files_are_found_mostly_sound(avatar_path: Path) -> None:
    errors = [f for f in check_avatar(avatar_path) if f.severity is Severity.ERROR]
    # One exporter writes empty lists, which glTF forbids.
    assert {f.pointer for f in errors} <= {"/extensions/VRMC_vrm/meta/references"}


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        ("meta/allowedUserName", "Me", "/meta/allowedUserName"),
        ("meta/licenseName", "WTFPL", "/meta/licenseName"),
        ("humanoid/humanBones/0/node", 999, "/humanoid/humanBones/0/node"),
        ("humanoid/humanBones/0/bone", "tail", "/humanoid/humanBones"),
        ("blendShapeMaster/blendShapeGroups/1/presetName", "x", None),
        ("secondaryAnimation/boneGroups/0/dragForce", 4, None),
        ("firstPerson/lookAtTypeName", "Nose", None),
    ],
)
def test_broken_vrm_0(
    edited: Edit, shared_data: Path, path: str, value: Any, pointer: str | None
) -> None:
    file = (shared_data / "avatars" / "Godette_vrm_v4.vrm").read_bytes()
    errors = found(edited, file, {f"extensions/VRM/{path}": value}, Severity.ERROR)
    assert f"/extensions/VRM{pointer or '/' + path}" in errors
