"""Small files made on the spot, and those that lie beside the checkout."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
