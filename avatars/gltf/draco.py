"""Decode primitives compressed with Draco.

Sources: KHR_draco_mesh_compression; Draco bitstream specification 2.2, "Header" and "Connectivity".
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

import numpy as np

from avatars.errors import AvatarError
from avatars.gltf.accessors import Accessors
from avatars.gltf.buffers import Buffers
from avatars.gltf.fields import Fields
from avatars.gltf.packages import DRACO, decoder, is_installed

EXTENSION: Final = "KHR_draco_mesh_compression"
_HEADER: Final = 11
_TRIANGLES, _METADATA = 1, 0x80
_SEQUENTIAL, _EDGEBREAKER = 0, 1


def unpack_primitive(primitive: Fields, accessors: Accessors, buffers: Buffers) -> None:
    """Decode a compressed primitive's Draco data into its accessors.

    A primitive that is not compressed is left unchanged, as is one that also has plain data where
    no decoder is installed.

    Raises:
        AvatarError: the data are damaged, do not match the accessors, or cannot be decoded.
    """
    packed = primitive.extension(EXTENSION)
    if packed is None:
        return
    attributes = primitive.child("attributes")
    loss = "the part is drawn without"
    found = {
        name: attributes.optional_reference(name, len(accessors), "accessors", loss)
        for name in packed.child("attributes").members
    }
    wanted = {name: accessor for name, accessor in found.items() if accessor is not None}
    indices = primitive.index("indices", len(accessors), "accessors")
    if not is_installed(DRACO) and all(map(accessors.is_stored, (indices, *wanted.values()))):
        return
    data, _ = buffers.view(packed.index("bufferView", buffers.view_count, "buffer views"))
    mesh = _decode(packed, bytes(data), accessors.count(indices))
    accessors.supply(indices, np.asarray(mesh.faces).reshape(-1, 1))
    by_id = {attribute["unique_id"]: attribute["data"] for attribute in mesh.attributes}
    for name, accessor in wanted.items():
        number = packed.child("attributes").integer(name)
        if number not in by_id:
            packed.fail("attributes", f"asks for attribute {number}, which the data do not have")
        accessors.supply(accessor, np.atleast_2d(by_id[number]))


def _decode(packed: Fields, data: bytes, corners: int) -> Any:
    module = decoder(DRACO, f"{packed.thing}, {packed.path}")
    if _corner_count(packed, data) != corners:
        packed.fail("bufferView", f"does not hold the {corners} corners that it should")
    try:
        mesh = module.decode(data)
    except (module.FileTypeException, ValueError, RuntimeError, MemoryError) as error:
        raise AvatarError(
            f"{packed.thing}, {packed.path}", "is damaged", "export the file again"
        ) from error
    if getattr(mesh, "faces", None) is None:
        packed.fail("bufferView", "holds no triangles")
    return mesh


def _corner_count(packed: Fields, data: bytes) -> int:
    """Return the number of triangle corners from the header, to bound memory before decoding."""

    def refuse() -> NoReturn:
        packed.fail("bufferView", "is not a Draco mesh of version 2.2")

    if len(data) < _HEADER + 3 or data[:7] != b"DRACO\x02\x02":
        refuse()
    kind, method, flags = data[7], data[8], data[10]
    # Metadata would precede the counts; no glTF exporter writes any.
    if kind != _TRIANGLES or method not in (_SEQUENTIAL, _EDGEBREAKER) or flags & _METADATA:
        refuse()
    place = _HEADER
    if method == _EDGEBREAKER:
        _, place = _varint(data, place + 1)
    faces, _ = _varint(data, place)
    return 3 * faces


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Decode a varint of up to 32 bits (little-endian 7-bit groups); return it and its end."""
    value = 0
    for shift in range(0, 35, 7):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, place
