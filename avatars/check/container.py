"""Check a file's GLB container: header, chunks and padding.

Source: glTF 2.0 specification, chapter 4 (GLB file format); VRMC_vrm-1.0 (.vrm files are GLB).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from avatars.check.findings import Report

_HEADER: Final = 12
_REMEDY: Final = "export the file again"


def check_container(path: Path, report: Report) -> None:
    """Report container faults of a file that can nevertheless be read."""
    data = path.read_bytes()
    if data[:4] != b"glTF":
        if path.suffix.lower() in (".vrm", ".glb"):
            report.error("", "is plain JSON under a GLB's name", "save it as binary glTF")
        return
    (length,) = struct.unpack_from("<I", data, 8)
    if length < len(data):
        report.error("", f"has {len(data) - length} bytes after its end", _REMEDY)
    _check_chunks(data[:length], report)


def _check_chunks(data: bytes, report: Report) -> None:
    kinds: list[bytes] = []
    offset = _HEADER
    while offset + 8 <= len(data):
        size, kind = struct.unpack_from("<I4s", data, offset)
        kinds.append(kind)
        if size % 4:
            report.error("", f"has a chunk of {size} bytes, not a multiple of 4", _REMEDY)
        body = data[offset + 8 : offset + 8 + size]
        if kind == b"JSON" and not body.rstrip(b" ").endswith(b"}"):
            if body.rstrip(b" \0").endswith(b"}"):
                report.warning("", "pads its JSON with NUL instead of spaces", _REMEDY)
            else:
                report.error("", "pads its JSON with something other than spaces", _REMEDY)
        offset += 8 + size
    if kinds[:1] != [b"JSON"]:
        report.error("", "does not begin with its JSON chunk", _REMEDY)
    if b"BIN\0" in kinds and kinds.index(b"BIN\0") != 1:
        report.error("", "has its binary chunk elsewhere than second", _REMEDY)
    for kind in (b"JSON", b"BIN\0"):
        if kinds.count(kind) > 1:
            name = kind.decode("ascii").strip("\0")
            report.error("", f"has {kinds.count(kind)} chunks {name}", _REMEDY)
