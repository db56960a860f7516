"""Read the container of a glTF 2.0 file: GLB chunks or plain JSON text.

Source: glTF 2.0 specification, chapter 4 (GLB file format).
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from avatars.errors import AvatarError
from avatars.gltf.fields import Fields
from avatars.gltf.warning_log import WarningLog

MAX_FILE_BYTES = 512 << 20
MAX_JSON_BYTES = 32 << 20
MAX_JSON_MARKS = 300_000
"""Maximum number of brackets and commas in the JSON, several times that of the most detailed
avatars. They are counted, not bytes, because a value takes a hundred times its text in memory,
whereas an embedded image is a single string."""

FileReader = Callable[[Path], bytes]
"""Returns the bytes of an avatar file."""

_REMEDY = "choose a VRM or glTF 2.0 file"
_HEADER = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")


@dataclass(frozen=True, slots=True)
class Container:
    """A file's JSON and binary chunk, not yet validated.

    Attributes:
        root: the JSON's root object.
        binary: the GLB's binary chunk; None in a plain glTF.
        sha256: hash of the file's bytes, hexadecimal.
    """

    path: Path
    root: Fields
    binary: memoryview | None
    sha256: str


def read_bytes(path: Path) -> bytes:
    """Return the bytes of an avatar file.

    Raises:
        AvatarError: it is missing, empty or too big.
    """
    try:
        if not path.is_file():
            raise AvatarError(str(path), "is not there or is not a file", _REMEDY)
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise AvatarError(
                str(path), f"is {size >> 20} MiB", f"use one below {MAX_FILE_BYTES >> 20} MiB"
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = getattr(error, "strerror", None) or error
        raise AvatarError(str(path), f"cannot be read ({reason})", _REMEDY) from error
    if not data:
        raise AvatarError(str(path), "is empty", "copy the file again")
    return data


def read_container(path: Path, read: FileReader = read_bytes) -> Container:
    """Read a .vrm, .glb or .gltf file; its content determines the format, not its name.

    Args:
        path: of the file.
        read: returns its bytes.

    Raises:
        AvatarError: the file is missing, too big, truncated, or in another format.
    """
    data = read(path)
    text, binary = _split_glb(path, data) if data[:4] == b"glTF" else (data, None)
    return Container(path, _parse(path, text), binary, hashlib.sha256(data).hexdigest())


def _split_glb(path: Path, data: bytes) -> tuple[bytes, memoryview | None]:
    def fail(fault: str) -> NoReturn:
        raise AvatarError(path.name, fault, "copy or export the file again")

    if len(data) < _HEADER.size + _CHUNK.size:
        fail("ends within its header")
    _, version, length = _HEADER.unpack_from(data)
    if version != 2:
        raise AvatarError(path.name, f"is a GLB of version {version}", "export it as glTF 2.0")
    if length > len(data):
        fail(f"is cut short: {len(data)} of {length} bytes are there")
    text: bytes | None = None
    binary: memoryview | None = None
    offset = _HEADER.size
    while offset + _CHUNK.size <= length:
        size, kind = _CHUNK.unpack_from(data, offset)
        offset += _CHUNK.size
        if size > length - offset:
            fail(f"has a chunk of {size} bytes where only {length - offset} are left")
        if kind == b"JSON" and text is None:
            text = data[offset : offset + size]
        elif kind == b"BIN\0" and binary is None:
            binary = memoryview(data)[offset : offset + size]
        offset += size
    if text is None:
        fail("is a GLB without its JSON")
    return text, binary


def _parse(path: Path, text: bytes) -> Fields:
    if len(text) > MAX_JSON_BYTES:
        raise AvatarError(path.name, "has more JSON than any avatar needs", _REMEDY)
    if sum(map(text.count, (b"[", b"{", b","))) > MAX_JSON_MARKS:
        raise AvatarError(path.name, "has more values in its JSON than any avatar needs", _REMEDY)
    try:
        # The specification pads with spaces; some exporters pad with NUL.
        plain = text.rstrip(b"\0 \t\r\n").decode("utf-8-sig")
        value = json.loads(plain, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise AvatarError(path.name, "is not a VRM or glTF file", _REMEDY) from error
    except (ValueError, RecursionError) as error:
        fault = "is neither a GLB nor glTF's JSON, or its JSON is damaged"
        raise AvatarError(path.name, fault, _REMEDY) from error
    root = Fields.of(path.name, "", value, WarningLog()) if isinstance(value, dict) else None
    if root is None or not root.has("asset"):
        raise AvatarError(path.name, "is JSON, but not glTF", _REMEDY)
    version = root.child("asset").text("version")
    if not version.startswith("2."):
        raise AvatarError(path.name, f"is glTF {version[:10] or 'of no version'}", "use glTF 2.0")
    return root


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
