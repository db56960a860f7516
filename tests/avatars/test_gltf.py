"""Test the glTF layer with real samples, every encoding, and invalid files."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from avatars.errors import AvatarError
from avatars.gltf import read_gltf
from avatars.gltf.accessors import Accessors
from avatars.gltf.buffers import Buffers
from avatars.gltf.container import read_container
from avatars.gltf.triangles import FAN, STRIP, to_triangles
from avatars.rest import rest_world

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4")


def mesh_root(binary: bytes, **attributes: Any) -> dict[str, Any]:
    return {
        "buffers": [{"byteLength": len(binary)}],
        "bufferViews": [{"buffer": 0, "byteLength": len(binary)}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, **attributes}}]}],
        "nodes": [{"mesh": 0}],
    }


def accessors_of(path: Path) -> Accessors:
    container = read_container(path)
    return Accessors(container.root, Buffers(container))


@pytest.mark.parametrize("name", ["SimpleSkin.gltf", "RiggedFigure.glb", "MorphStressTest.gltf"])
def test_samples_load_with_sound_geometry(shared_data: Path, name: str) -> None:
    gltf = read_gltf(shared_data / "gltf" / name)
    parts = [part for mesh in gltf.meshes for part in mesh.primitives]
    assert parts and gltf.instances
    for part in parts:
        assert part.triangles.max() < len(part.position)
        assert np.allclose(np.linalg.norm(part.normal, axis=1), 1.0, atol=1e-4)
        if any(instance.skin is not None for instance in gltf.instances):
            assert np.allclose(part.weights.sum(axis=1), 1.0, atol=1e-6)


def test_a_rest_pose_leaves_skinned_vertices_where_they_are(shared_data: Path) -> None:
    # The figure's bind pose is its rest pose except for the axes, so the height must be kept.
    gltf = read_gltf(shared_data / "gltf" / "RiggedFigure.glb")
    skin, part = gltf.skins[0], gltf.meshes[0].primitives[0]
    matrices = rest_world(gltf.tree.nodes)[skin.joints] @ skin.inverse_bind
    homogeneous = np.c_[part.position, np.ones(len(part.position))]
    blended = np.einsum("nj,njab->nab", part.weights, matrices[part.joints])
    placed = np.einsum("nab,nb->na", blended, homogeneous)[:, :3]
    assert np.allclose(
        np.sort(np.ptp(placed, axis=0)), np.sort(np.ptp(part.position, axis=0)), atol=0.15
    )


def test_a_morph_keeps_only_what_moves(shared_data: Path) -> None:
    gltf = read_gltf(shared_data / "gltf" / "MorphStressTest.gltf")
    mesh = gltf.meshes[0]
    assert gltf.channel_count == len(mesh.target_names) == 8
    assert mesh.target_names[0] == "Key 1"
    moving = [t for part in mesh.primitives for t in part.targets if len(t.indices)]
    assert moving
    for part in mesh.primitives:
        for target in part.targets:
            assert len(target.indices) < len(part.position)
            assert np.all(np.diff(target.indices.astype(int)) > 0)


@pytest.mark.parametrize(
    ("code", "dtype", "largest"),
    [(5120, "i1", 127), (5121, "u1", 255), (5122, "<i2", 32767), (5123, "<u2", 65535)],
)
def test_normalised_integers_span_one(write_glb: Any, code: int, dtype: str, largest: int) -> None:
    values = np.array([0, largest, np.iinfo(dtype).min], dtype)
    accessor = {"bufferView": 0, "componentType": code, "count": 3, "type": "SCALAR"}
    path = write_glb(
        {
            "buffers": [{"byteLength": values.nbytes}],
            "bufferViews": [{"buffer": 0, "byteLength": values.nbytes}],
            "accessors": [{**accessor, "normalized": True}, accessor],
        },
        values.tobytes(),
    )
    accessors = accessors_of(path)
    lowest = 0.0 if dtype.endswith(("u1", "u2")) else -1.0
    assert accessors.floats(0, ("SCALAR",))[:, 0].tolist() == [0.0, 1.0, lowest]
    assert np.array_equal(accessors.floats(1, ("SCALAR",))[:, 0], values.astype(np.float32))


def test_interleaved_and_sparse_accessors(write_glb: Any) -> None:
    rows = np.zeros(4, [("position", "<f4", 3), ("uv", "<f4", 2)])
    rows["position"], rows["uv"] = np.arange(12).reshape(4, 3), 0.5
    extra = np.array([1, 3], "<u2").tobytes() + np.full((2, 3), 9, "<f4").tobytes()
    views = [
        {"buffer": 0, "byteLength": rows.nbytes, "byteStride": 20},
        {"buffer": 0, "byteOffset": rows.nbytes, "byteLength": 4},
        {"buffer": 0, "byteOffset": rows.nbytes + 4, "byteLength": 24},
    ]
    sparse = {
        "count": 2,
        "indices": {"bufferView": 1, "componentType": 5123},
        "values": {"bufferView": 2},
    }
    vec3 = {"componentType": 5126, "count": 4, "type": "VEC3"}
    path = write_glb(
        {
            "buffers": [{"byteLength": rows.nbytes + len(extra)}],
            "bufferViews": views,
            "accessors": [
                {**vec3, "bufferView": 0, "sparse": sparse},
                {
                    "bufferView": 0,
                    "byteOffset": 12,
                    "componentType": 5126,
                    "count": 4,
                    "type": "VEC2",
                },
                {**vec3, "sparse": sparse},
            ],
        },
        rows.tobytes() + extra,
    )
    accessors = accessors_of(path)
    expected = rows["position"].copy()
    expected[[1, 3]] = 9
    assert np.array_equal(accessors.floats(0, ("VEC3",)), expected)
    assert np.all(accessors.floats(1, ("VEC2",)) == 0.5)
    assert accessors.floats(2, ("VEC3",)).sum() == 54


def test_strips_and_fans_keep_their_winding() -> None:
    square = np.array([0, 1, 2, 3], np.uint32)
    assert to_triangles(square, STRIP).tolist() == [[0, 1, 2], [1, 3, 2]]
    assert to_triangles(square, FAN).tolist() == [[1, 2, 0], [2, 3, 0]]
    assert len(to_triangles(np.array([0, 1, 1, 2], np.uint32), STRIP)) == 0


def test_missing_normals_face_outwards(write_glb: Any) -> None:
    path = write_glb(mesh_root(TRIANGLE.tobytes()), TRIANGLE.tobytes())
    (part,) = read_gltf(path).meshes[0].primitives
    assert np.allclose(part.normal, [0, 0, 1])


def test_a_matrix_node_is_its_translation_rotation_and_scale(write_glb: Any) -> None:
    matrix = np.array([[0, -3, 0, 1], [2, 0, 0, 2], [0, 0, -4, 3], [0, 0, 0, 1]], float)
    path = write_glb({"nodes": [{"matrix": matrix.T.ravel().tolist()}]})
    assert np.allclose(rest_world(read_gltf(path).tree.nodes)[0], matrix, atol=1e-6)


def test_nodes_are_sorted_by_depth(write_glb: Any) -> None:
    path = write_glb({"nodes": [{"name": "leaf"}, {"children": [0]}, {"children": [1]}]})
    tree = read_gltf(path).tree
    assert tree.nodes.parents.tolist() == [-1, 0, 1]
    assert tree.place == (2, 1, 0)
    assert tree.nodes.names[2] == "leaf"


def png(width: int, height: int) -> bytes:
    """Return a PNG with this size in its header, and almost no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def textured(uri: str) -> dict[str, Any]:
    return {
        "images": [{"uri": uri}],
        "textures": [{"source": 0}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
    }


def data_uri(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_become_rgba_from_the_top(write_glb: Any, kind: str) -> None:
    buffer = io.BytesIO()
    picture = Image.new("RGB", (8, 4), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 8, 2))
    picture.save(buffer, kind)
    (texture,) = read_gltf(write_glb(textured(data_uri(buffer.getvalue())))).textures.decode()
    assert texture.pixels.shape == (4, 8, 4)
    assert texture.pixels[0, 0, 0] > 200 and texture.pixels[-1, 0, 2] > 200
    assert np.all(texture.pixels[..., 3] == 255)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        png(4, 4),
        png(100_000, 100_000),
        png(9000, 4),
        png(12_000, 12_000),
    ],
    ids=["empty", "gif", "cut", "bomb", "wide", "half a bomb"],
)
def test_bad_pictures_are_refused(write_glb: Any, data: bytes) -> None:
    with pytest.raises(AvatarError, match="images"):
        read_gltf(write_glb(textured(data_uri(data)))).textures.decode()


def test_external_files_stay_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "avatar"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(TRIANGLE.tobytes())
    (folder / "own part.bin").write_bytes(TRIANGLE.tobytes())
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    root = {"asset": {"version": "2.0"}, **mesh_root(TRIANGLE.tobytes())}
    path = folder / "avatar.gltf"

    def load(uri: str) -> None:
        root["buffers"][0]["uri"] = uri
        path.write_text(json.dumps(root))
        read_gltf(path)

    load("own%20part.bin")
    for uri in (
        "../secret.bin", "%2e%2e/secret.bin", "link.bin", "/etc/passwd", "file:///etc/passwd",
        "http://example.org/a.bin", "missing.bin", ".", "a\0b",
    ):  # fmt: skip
        with pytest.raises(AvatarError):
            load(uri)


@pytest.mark.parametrize(
    ("root", "says"),
    [
        ({"nodes": [{"children": [1]}, {"children": [0]}]}, "its own ancestor"),
        ({"nodes": [{"children": [0]}]}, "has a parent already"),
        ({"nodes": [{}], "skins": [{"joints": [7]}]}, "asks for number 7 of 1"),
        ({"nodes": [{"translation": [0, 1e300, 0]}]}, "translation"),
        ({"nodes": [{"rotation": [0, 0, 0, 0]}]}, "unit quaternion"),
        ({"nodes": {}}, "not a list"),
        ({"nodes": [3]}, r"nodes\[0\]: is not a JSON object"),
        ({"extensionsRequired": ["KHR_texture_basisu"]}, "KHR_texture_basisu"),
        ({"skins": [{"joints": []}]}, "0 joints"),
    ],
)
def test_lies_are_named(write_glb: Any, root: dict[str, Any], says: str) -> None:
    with pytest.raises(AvatarError, match=says):
        read_gltf(write_glb(root))


@pytest.mark.parametrize(
    ("accessor", "says"),
    [
        ({"count": 4}, "more than its buffer view holds"),
        ({"count": 1 << 40}, "not between"),
        ({"byteOffset": 4}, "more than its buffer view holds"),
        ({"componentType": 99}, "which glTF does not know"),
        ({"type": "VEC7"}, "VEC7"),
        ({"type": "SCALAR"}, "SCALAR"),
        ({"bufferView": 3}, "buffer views"),
        ({"sparse": {"count": 1}}, "componentType"),
    ],
)
def test_accessors_are_held_to_their_bounds(
    write_glb: Any, accessor: dict[str, Any], says: str
) -> None:
    root = mesh_root(TRIANGLE.tobytes())
    root["accessors"][0].update(accessor)
    with pytest.raises(AvatarError, match=says):
        read_gltf(write_glb(root, TRIANGLE.tobytes()))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_numbers_that_are_none_are_refused(write_glb: Any, bad: float) -> None:
    data = TRIANGLE.copy()
    data[1, 1] = bad
    with pytest.raises(AvatarError, match="infinite"):
        read_gltf(write_glb(mesh_root(data.tobytes()), data.tobytes()))


def test_small_files_cannot_ask_for_endless_vertices(write_glb: Any) -> None:
    zeros = {"componentType": 5126, "count": 1 << 22, "type": "VEC3"}
    root = {
        "accessors": [zeros] * 32,
        "meshes": [
            {
                "primitives": [
                    {"attributes": {"POSITION": 0}, "targets": [{"POSITION": i} for i in range(32)]}
                ]
            }
        ],
    }
    with pytest.raises(AvatarError, match="vertices of more than"):
        read_gltf(write_glb(root))


def test_small_files_cannot_ask_for_endless_pictures(write_glb: Any) -> None:
    # Nine pictures of 8192²; eight reach the limit, and none is decoded.
    buffer = io.BytesIO()
    Image.new("1", (8192, 8192)).save(buffer, "PNG")
    root = textured(data_uri(buffer.getvalue()))
    root["images"] *= 9
    root["textures"] = [{"source": i} for i in range(9)]
    root["materials"] = [
        {"pbrMetallicRoughness": {"baseColorTexture": {"index": i}}} for i in range(9)
    ]
    with pytest.raises(AvatarError, match="textures of more than"):
        read_gltf(write_glb(root))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"glTF",
        b"glTF\x02\0\0\0\xff\xff\0\0JSON",
        b"glTF\x01\0\0\0\x14\0\0\0" + b"\0" * 8,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"{}",
        b"[]",
        b'{"asset": {"version": "1.0"}}',
        b'{"asset": {"version": "2.0"}, "nodes": [{"translation": [NaN, 0, 0]}]}',
        b"[" * 100_000,
        b'{"asset": ' + b"9" * 10_000 + b"}",
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "avatar.vrm"
    path.write_bytes(data)
    with pytest.raises(AvatarError, match=r"avatar\.vrm"):
        read_gltf(path)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path / "none.vrm", tmp_path, Path("a\0b")):
        with pytest.raises(AvatarError):
            read_gltf(path)
