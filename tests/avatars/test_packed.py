"""Test files packed by meshoptimizer and Draco, quantised, or with several texture coordinates."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from packing import add, array, joined, split, with_draco, with_meshopt

from avatars import load_avatar
from avatars.check import Severity, check_avatar
from avatars.errors import AvatarError
from avatars.gltf import packages
from avatars.model import Avatar, Primitive

meshopt = pytest.importorskip("meshopt")
pytest.importorskip("DracoPy")
Pack = Callable[[bytes], bytes]


def save(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


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
    path = save(tmp_path / "packed.vrm", with_meshopt(tiny_file))
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
    same(load_avatar(save(tmp_path / "filtered.vrm", joined(root, bytes(longer)))), plain, 0.01)


def test_draco(tmp_path: Path, tiny_file: bytes, plain: Avatar) -> None:
    path = save(tmp_path / "packed.vrm", with_draco(tiny_file))
    same(load_avatar(path), plain, 1e-6)
    assert not [f for f in check_avatar(path) if f.severity is Severity.ERROR]


@pytest.mark.parametrize("pack", [with_meshopt, with_draco])
def test_a_decoder_that_is_not_there_is_named(
    tmp_path: Path, tiny_file: bytes, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "packed.vrm", pack(tiny_file))
    package = packages.MESHOPT if pack is with_meshopt else packages.DRACO
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(AvatarError, match=f"install {package}"):
        load_avatar(path)


def test_a_plain_copy_serves_without_a_decoder(
    tmp_path: Path, tiny_file: bytes, plain: Avatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "packed.vrm", with_meshopt(tiny_file, fallback=False))
    monkeypatch.setitem(sys.modules, packages.MESHOPT, None)
    same(load_avatar(path), plain, 0.0)


@pytest.mark.parametrize("pack", [with_meshopt, with_draco])
def test_damaged_packing_is_refused(tmp_path: Path, tiny_file: bytes, pack: Pack) -> None:
    root, binary = split(pack(tiny_file))
    generator = np.random.default_rng(5)
    refused = 0
    for _ in range(60):
        bent = bytearray(binary)
        # The packed data comes last.
        for place in generator.integers(len(binary) - 150, len(binary), 4):
            bent[place] = generator.integers(256)
        try:
            load_avatar(save(tmp_path / "bent.vrm", joined(root, bytes(bent))))
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
    path = save(tmp_path / "quantised.vrm", joined(root, bytes(longer)))
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
    avatar = load_avatar(save(tmp_path / "two.vrm", joined(root, bytes(longer))))
    assert np.array_equal(avatar.meshes[0].primitives[0].uv, uv)
    assert avatar.warnings == plain.warnings
