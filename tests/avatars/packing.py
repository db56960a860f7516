"""Pack the minimal avatar's file with meshoptimizer and with Draco."""

from __future__ import annotations

import json
import struct
from importlib import import_module
from typing import Any

import numpy as np

Json = dict[str, Any]
DTYPES = {5121: "u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def split(data: bytes) -> tuple[Json, bytes]:
    (size,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + size]), data[28 + size :]


def joined(root: Json, binary: bytes) -> bytes:
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text
    body += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


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


def with_meshopt(file: bytes, *, fallback: bool = True) -> bytes:
    """Pack vertices and triangles; the uncompressed fallback data is absent, or kept."""
    meshopt = import_module("meshopt")
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
    return joined(root, bytes(binary))


def with_draco(file: bytes) -> bytes:
    draco = import_module("DracoPy")
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
    return joined(root, bytes(binary))
