"""Refuse sets that are too large by their file size and header, before the content is loaded."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any, Final

from renderer.errors import StageError

SUFFIXES: Final = (".glb", ".gltf", ".obj", ".ply", ".stl", ".off", ".dae", ".3mf")
"""File formats with triangles that trimesh reads."""

MOST_VERTICES: Final = 4_000_000
"""Maximum number of vertices of a set with all instances: 200 MB on the GPU."""

LARGEST_BINARY: Final = 512 << 20
"""Maximum size of a binary file together with the files that it refers to, bytes."""

LARGEST_TEXT: Final = 128 << 20
"""Maximum size of a text file, bytes: its parser needs about ten times as much memory."""

_TEXT: Final = frozenset({".obj", ".off", ".dae"})
_HEADER: Final = 64 << 10
"""Maximum size of a PLY header, bytes."""
_GLB_HEADER: Final = 20
_STL_HEADER: Final = 84
_STL_TRIANGLE: Final = 50
"""Sizes of a binary STL file's header and of a triangle, bytes."""


def check_set(path: Path) -> dict[str, Any]:
    """Check a set's format, its size and the counts in its header.

    Returns:
        The JSON of a glTF or GLB file; empty for other formats.

    Raises:
        StageError: the file is absent, of an unknown format, or too large.
    """
    if not path.is_file():
        raise StageError(
            str(path), "the stage set does not exist", "give the path of a GLB or OBJ file"
        )
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise StageError(
            str(path), "the stage set has no known format", f"give one of {', '.join(SUFFIXES)}"
        )
    largest = LARGEST_TEXT if suffix in _TEXT else LARGEST_BINARY
    size = path.stat().st_size
    if size > largest:
        raise StageError(
            str(path),
            f"the stage set has {size / 1e6:.0f} MB, more than {largest / 1e6:.0f} MB",
            "reduce its meshes, or export it as GLB",
        )
    header: dict[str, Any] = {}
    count = 0
    try:
        if suffix in (".glb", ".gltf"):
            header = _read_gltf_header(path)
            count = _count_gltf_vertices(header)
        elif suffix == ".ply":
            count = _count_ply_vertices(path)
        elif suffix == ".stl":
            count = _count_stl_vertices(path, size)
        elif suffix == ".3mf":
            _check_archive(path)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError,
            struct.error, zipfile.BadZipFile) as error:  # fmt: skip
        raise unreadable(path, error) from error
    require_few_vertices(path, count)
    return header


def unreadable(path: Path, error: Exception) -> StageError:
    """Return the error for a damaged file."""
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return StageError(
        str(path), f"the stage set cannot be read ({reason})", "export it again as GLB"
    )


def require_few_vertices(path: Path, count: int) -> None:
    """Check the number of vertices.

    Raises:
        StageError: it exceeds MOST_VERTICES.
    """
    if count > MOST_VERTICES:
        raise StageError(
            str(path),
            f"the stage set has {count} vertices, more than {MOST_VERTICES}",
            "reduce its meshes, or place fewer instances",
        )


def _read_gltf_header(path: Path) -> dict[str, Any]:
    if path.suffix.lower() == ".gltf":
        text = path.read_bytes()
    else:
        with path.open("rb") as file:
            magic, _, _, length, kind = struct.unpack("<4sIII4s", file.read(_GLB_HEADER))
            if magic != b"glTF" or kind != b"JSON":
                raise ValueError("it does not begin as a GLB file")
            text = file.read(length)
    header = json.loads(text)
    if not isinstance(header, dict):
        raise TypeError("its header is no object")
    return header


def _count_gltf_vertices(header: dict[str, Any]) -> int:
    """Return the number of vertices of all instances, or that of the largest accessor if larger."""
    accessors = header.get("accessors", [])
    counts = [
        sum(
            int(accessors[primitive["attributes"]["POSITION"]]["count"])
            for primitive in mesh.get("primitives", [])
            if "POSITION" in primitive.get("attributes", {})
        )
        for mesh in header.get("meshes", [])
    ]
    placed = sum(counts[node["mesh"]] for node in header.get("nodes", []) if "mesh" in node)
    # An index buffer has up to six times as many entries as a closed mesh has vertices.
    largest = max((int(accessor["count"]) for accessor in accessors), default=0) // 6
    return int(max(placed, largest))


def _count_ply_vertices(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if not head.startswith(b"ply") or b"end_header" not in head:
        raise ValueError("it has no PLY header")
    return max((int(n) for n in re.findall(rb"element \w+ (\d{1,18})", head)), default=0)


def _count_stl_vertices(path: Path, size: int) -> int:
    with path.open("rb") as file:
        head = file.read(_STL_HEADER)
    if len(head) < _STL_HEADER:
        return 0
    triangles = int(struct.unpack("<I", head[80:])[0])
    # The text form has no count: use the limit of the binary form for its size.
    return 3 * triangles if size >= _STL_HEADER + _STL_TRIANGLE * triangles else 0


def _check_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        expanded = sum(entry.file_size for entry in archive.infolist())
    if expanded > LARGEST_TEXT:
        raise StageError(
            str(path),
            f"the stage set has {expanded / 1e6:.0f} MB unpacked, more than "
            f"{LARGEST_TEXT / 1e6:.0f} MB",
            "reduce its meshes, or export it as GLB",
        )
