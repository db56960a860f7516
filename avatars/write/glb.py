"""Write the GLB container: JSON and one binary chunk in one file (glTF 2.0, 4.4)."""

from __future__ import annotations

import json
import struct

from avatars.write.buffers import Json

_MAGIC, _VERSION = 0x46546C67, 2
_JSON_CHUNK, _BINARY_CHUNK = 0x4E4F534A, 0x004E4942


def glb_bytes(document: Json, binary: bytes) -> bytes:
    """Return a GLB file's bytes; the document's first buffer must describe any `binary`."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    chunks = _chunk(_JSON_CHUNK, text.encode(), b" ")
    if binary:
        chunks += _chunk(_BINARY_CHUNK, binary, b"\0")
    return struct.pack("<III", _MAGIC, _VERSION, 12 + len(chunks)) + chunks


def _chunk(kind: int, data: bytes, filler: bytes) -> bytes:
    padded = data + filler * (-len(data) % 4)
    return struct.pack("<II", len(padded), kind) + padded
