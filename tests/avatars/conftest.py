"""Fixtures: small generated files, and those of the shared data folder."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avatars.model import Avatar

# Tests are not a package; shared helpers are modules in this folder.
sys.path.append(str(Path(__file__).parent))

import tiny

WriteGlb = Callable[[dict[str, Any], bytes], Path]


@pytest.fixture
def write_glb(tmp_path: Path) -> WriteGlb:
    def write(root: dict[str, Any], binary: bytes = b"") -> Path:
        text = json.dumps({"asset": {"version": "2.0"}, **root}).encode()
        text += b" " * (-len(text) % 4)
        binary += b"\0" * (-len(binary) % 4)
        body = struct.pack("<I4s", len(text), b"JSON") + text
        if binary:
            body += struct.pack("<I4s", len(binary), b"BIN\0") + binary
        path = tmp_path / "made.glb"
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)
        return path

    return write


@pytest.fixture(
    params=[
        "EmissionMigration_v0.107.0.vrm",
        "Godette_vrm_v4.vrm",
        "VRMC_materials_mtoon_UV_Animation_Test.vrm",
        "VRMC_vrm_expressions_isBinary_Overridden.vrm",
        "blender_5.2/basic_armature.vrm",
        "blender_5.2/basic_armature_vrm1.vrm",
        "blender_5.2/sphere.vrm",
        "cool_loops.vrm",
        "sweeps/smoke_spring.vrm",
    ]
)
def avatar_path(request: pytest.FixtureRequest, shared_data: Path) -> Path:
    return shared_data / "avatars" / request.param


@pytest.fixture(scope="session")
def tiny_avatar() -> Avatar:
    """Return a complete minimal avatar: all bones, a body of boxes, a face of three shapes."""
    return tiny.tiny_avatar()


@pytest.fixture(scope="session")
def tiny_file(tiny_avatar: Avatar) -> bytes:
    """Return it as a VRM 1.0 file with two spring chains on its head."""
    return tiny.tiny_file(tiny_avatar)


@pytest.fixture(scope="session")
def tiny_file_0(tiny_avatar: Avatar) -> bytes:
    """Return it as a VRM 0.x file."""
    return tiny.tiny_file_0(tiny_avatar)


EditGlb = Callable[[bytes, Callable[[dict[str, Any]], None]], Path]


@pytest.fixture
def edited(tmp_path: Path) -> EditGlb:
    """Return a writer of GLB files whose JSON was changed by a function."""

    def write(data: bytes, change: Callable[[dict[str, Any]], None]) -> Path:
        root, rest = tiny.split_glb(data)
        change(root)
        path = tmp_path / "edited.vrm"
        path.write_bytes(tiny.join_glb(root, rest))
        return path

    return write
