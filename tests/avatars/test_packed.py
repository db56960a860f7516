"""Files packed by meshoptimizer and Draco, quantised, or with several texture coordinates."""

from __future__ import annotations

import copy
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.check import Severity, check_avatar
from avatars.errors import AvatarError
from avatars.gltf import packages
from avatars.model import Avatar, Primitive

meshopt = pytest.importorskip("meshopt")
draco = pytest.importorskip("DracoPy")
Json = dict[str, Any]
DTYPES = {5121: "u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def split(data: bytes) -> tuple[Json, bytes]:
    (size,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + size]), data[28 + size :]


def save(path: Path, root: Json, binary: bytes) -> Path:
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text
    body += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)
    return path


def array(root: Json, binary: bytes, index: int) -> np.ndarray:
    accessor = root["accessors"][index]
    view = root["bufferViews"][accessor["bufferView"]]
    width = WIDTHS[accessor["type"]]
    flat = np.frombuffer(
        binary, DTYPES[accessor["componentType"]], accessor["count"] * width, view["byteOffset"]
    )
    return flat.reshape(-1, width)


def add(root: Json, binary: bytearray, data: bytes) -> int:
    binary.extend(b"\0" * (-len(binary) % 4))
    root["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(data)})
    binary.extend(data)
    root["buffers"][0]["byteLength"] = len(binary)
    return len(root["bufferViews"]) - 1


def with_meshopt(file: bytes, path: Path, *, fallback: bool = True) -> Path:
    root, plain = split(file)
    binary = bytearray(plain)
    part = root["meshes"][0]["primitives"][0]
    for index in (*part["attributes"].values(), part["indices"]):
        numbers = array(root, plain, index)
        mode = "TRIANGLES" if index == part["indices"] else "ATTRIBUTES"
        data = meshopt.encode_gltf_buffer(numbers, mode)
        view = root["bufferViews"][root["accessors"][index]["bufferView"]]
        start = root["bufferViews"][add(root, binary, data)]["byteOffset"]
        view["extensions"] = {
            "EXT_meshopt_compression": {
                "buffer": 0, "byteOffset": start, "byteLength": len(data), "mode": mode,
                "byteStride": numbers[0].nbytes, "count": len(numbers),
            }
        }  # fmt: skip
        if fallback:
            view["buffer"] = 1
    root["extensionsUsed"].append("EXT_meshopt_compression")
    if fallback:
        root["extensionsRequired"] = ["EXT_meshopt_compression"]
        root["buffers"].append(
            {
                "byteLength": len(plain),
                "extensions": {"EXT_meshopt_compression": {"fallback": True}},
            }
        )
    return save(path, root, bytes(binary))


def with_draco(file: bytes, path: Path) -> Path:
    root, plain = split(file)
    binary = bytearray(plain)
    part = root["meshes"][0]["primitives"][0]
    arrays = {name: array(root, plain, index) for name, index in part["attributes"].items()}
    others = [name for name in arrays if name != "POSITION"]
    data = draco.encode(
        arrays["POSITION"],
        array(root, plain, part["indices"]).reshape(-1, 3).astype(np.uint32),
        quantization_bits=24,
        preserve_order=True,
        generic_attributes={i: arrays[name] for i, name in enumerate(others, 1)},
    )
    position = next(a for a in draco.decode(data).attributes if a["attribute_type"] == 0)
    view = add(root, binary, data)
    for index in (*part["attributes"].values(), part["indices"]):
        del root["accessors"][index]["bufferView"]
    ids = {"POSITION": position["unique_id"]} | {name: i for i, name in enumerate(others, 1)}
    part["extensions"] = {"KHR_draco_mesh_compression": {"bufferView": view, "attributes": ids}}
    root["extensionsUsed"].append("KHR_draco_mesh_compression")
    root["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    return save(path, root, bytes(binary))


def same(one: Avatar, other: Avatar, tolerance: float) -> None:
    def part(avatar: Avatar) -> Primitive:
        return avatar.meshes[0].primitives[0]

    for name in ("position", "normal", "uv", "weights", "joints", "triangles"):
        found, wanted = getattr(part(one), name), getattr(part(other), name)
        assert np.allclose(found, wanted, atol=tolerance), name


@pytest.fixture
def plain(tmp_path: Path, tiny_file: bytes) -> Avatar:
    path = tmp_path / "plain.vrm"
    path.write_bytes(tiny_file)
    return load_avatar(path)


def test_meshopt(tmp_path: Path, tiny_file: bytes, plain: Avatar) -> None:
    path = with_meshopt(tiny_file, tmp_path / "packed.vrm")
    same(load_avatar(path), plain, 0.0)
    assert not [f for f in check_avatar(path) if f.severity is Severity.ERROR]


def test_meshopt_filters(tmp_path: Path, tiny_file: bytes, plain: Avatar) -> None:
    root, binary = split(tiny_file)
    index = root["meshes"][0]["primitives"][0]["attributes"]["NORMAL"]
    normals = np.pad(array(root, binary, index), ((0, 0), (0, 1)))
    packed = meshopt.encode_gltf_buffer(meshopt.encode_filter_oct(normals, 4, 8), "ATTRIBUTES")
    longer = bytearray(binary)
    start = root["bufferViews"][add(root, longer, packed)]["byteOffset"]
    size = 4 * len(normals)
    root["bufferViews"].append(
        {
            "buffer": 0, "byteOffset": 0, "byteLength": size, "byteStride": 4,
            "extensions": {
                "EXT_meshopt_compression": {
                    "buffer": 0, "byteOffset": start, "byteLength": len(packed), "count": 8,
                    "byteStride": 4, "mode": "ATTRIBUTES", "filter": "OCTAHEDRAL",
                }
            },
        }
    )  # fmt: skip
    root["accessors"][index] = {
        "bufferView": len(root["bufferViews"]) - 1, "componentType": 5120, "normalized": True,
        "count": 8, "type": "VEC3",
    }  # fmt: skip
    root["extensionsUsed"] += ["EXT_meshopt_compression", "KHR_mesh_quantization"]
    same(load_avatar(save(tmp_path / "filtered.vrm", root, bytes(longer))), plain, 0.01)


def test_draco(tmp_path: Path, tiny_file: bytes, plain: Avatar) -> None:
    path = with_draco(tiny_file, tmp_path / "packed.vrm")
    same(load_avatar(path), plain, 1e-6)
    assert not [f for f in check_avatar(path) if f.severity is Severity.ERROR]


@pytest.mark.parametrize("pack", [with_meshopt, with_draco])
def test_a_decoder_that_is_not_there_is_named(
    tmp_path: Path, tiny_file: bytes, pack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tiny_file, tmp_path / "packed.vrm")
    package = packages.MESHOPT if pack is with_meshopt else packages.DRACO
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(AvatarError, match=f"install {package}"):
        load_avatar(path)


def test_a_plain_copy_serves_without_a_decoder(
    tmp_path: Path, tiny_file: bytes, plain: Avatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_meshopt(tiny_file, tmp_path / "packed.vrm", fallback=False)
    monkeypatch.setitem(__import__("sys").modules, packages.MESHOPT, None)
    same(load_avatar(path), plain, 0.0)


@pytest.mark.parametrize("pack", [with_meshopt, with_draco])
def test_damaged_packing_is_refused(tmp_path: Path, tiny_file: bytes, pack: Any) -> None:
    root, binary = split(pack(tiny_file, tmp_path / "packed.vrm").read_bytes())
    generator = np.random.default_rng(5)
    refused = 0
    for _ in range(60):
        bent = bytearray(binary)
        # The packed data stand last.
        for place in generator.integers(len(binary) - 150, len(binary), 4):
            bent[place] = generator.integers(256)
        try:
            load_avatar(save(tmp_path / "bent.vrm", copy.deepcopy(root), bytes(bent)))
        except AvatarError:
            refused += 1
    assert refused > 10


def test_quantised_meshes(tmp_path: Path, tiny_file: bytes, plain: Avatar) -> None:
    root, binary = split(tiny_file)
    part = root["meshes"][0]["primitives"][0]
    index = part["attributes"]["POSITION"]
    position = array(root, binary, index)
    stored = np.zeros((len(position), 4), "<i2")
    stored[:, :3] = np.round(position * 32767 / 2.0)
    longer = bytearray(binary)
    view = add(root, longer, stored.tobytes())
    root["bufferViews"][view]["byteStride"] = 8
    root["accessors"][index] = {
        "bufferView": view, "componentType": 5122, "normalized": True, "count": 8, "type": "VEC3",
        "min": stored[:, :3].min(axis=0).tolist(), "max": stored[:, :3].max(axis=0).tolist(),
    }  # fmt: skip
    root["extensionsUsed"].append("KHR_mesh_quantization")
    path = save(tmp_path / "quantised.vrm", root, bytes(longer))
    found = load_avatar(path).meshes[0].primitives[0].position
    assert np.allclose(2.0 * found, plain.meshes[0].primitives[0].position, atol=1e-4)
    assert not [f for f in check_avatar(path) if f.severity is Severity.ERROR]


def test_a_material_may_use_other_texture_coordinates(
    tmp_path: Path, tiny_file: bytes, plain: Avatar
) -> None:
    root, binary = split(tiny_file)
    attributes = root["meshes"][0]["primitives"][0]["attributes"]
    longer = bytearray(binary)
    uv = plain.meshes[0].primitives[0].uv + np.float32(0.5)
    root["accessors"].append(
        {
            "bufferView": add(root, longer, uv.tobytes()), "componentType": 5126, "count": 8,
            "type": "VEC2",
        }
    )  # fmt: skip
    attributes["TEXCOORD_1"] = len(root["accessors"]) - 1
    info = root["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"]
    info["extensions"]["KHR_texture_transform"]["texCoord"] = 1
    avatar = load_avatar(save(tmp_path / "two.vrm", root, bytes(longer)))
    assert np.array_equal(avatar.meshes[0].primitives[0].uv, uv)
    assert avatar.warnings == plain.warnings
