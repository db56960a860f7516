"""Fixtures: three-vrm under Node, as the reference for avatars."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import struct
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from difference_table import PROPERTY, Difference

STEP = 1.0 / 60.0
_HERE = Path(__file__).parent


# A frame for both renderers: normalised rotations (xyzw) by bone, the hips' displacement [m], the
# gaze (yaw, pitch downwards) [degrees], and expression weights.
_REST: dict[str, Any] = {"bones": {}, "root": (0.0, 0.0, 0.0), "look": None, "expressions": {}}


@dataclass(frozen=True)
class Answer:
    """three-vrm's results for the frames.

    Attributes:
        positions: (f, n, 3) metres, in the file's order of nodes.
        turns: (f, n, 4) xyzw, in the world.
        morphs: one list per mesh, for each frame.
        materials: for each frame and material, its colours and texture transforms by name.
        first_person: flags by node.
        stretch: largest error of a spring bone's length, metres.
    """

    positions: npt.NDArray[np.float64]
    turns: npt.NDArray[np.float64]
    morphs: list[list[list[float]]]
    materials: list[list[dict[str, dict[str, list[float]]] | None]]
    first_person: dict[int, str]
    stretch: float


@dataclass(frozen=True)
class Reference:
    """three-vrm, ready to run."""

    folder: Path
    scratch: Path

    def run(
        self,
        file: Path,
        frames: Sequence[Mapping[str, Any]],
        springs: str | None = None,
        animation: Path | None = None,
    ) -> Answer:
        job, result = self.scratch / "job.json", self.scratch / "result.json"
        own = {
            "file": str(_make_readable(file, self.scratch)),
            "step": STEP,
            "springs": springs,
            "animation": None if animation is None else str(animation),
            "frames": [_REST | dict(frame) for frame in frames],
        }
        job.write_text(json.dumps(own))
        subprocess.run(
            ["node", str(self.folder / "reference.mjs"), str(job), str(result)],
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
        )
        answer = json.loads(result.read_text())
        return Answer(
            np.array(answer["positions"]),
            np.array(answer["turns"]),
            answer["morphs"],
            answer["materials"],
            {int(node): flag for node, flag in answer["firstPerson"].items()},
            answer["stretch"],
        )


@pytest.fixture(scope="session")
def reference(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("three-vrm needs Node and npm, which are not here")
    folder = _install(pytestconfig.cache.mkdir("threevrm"))  # type: ignore[union-attr]
    for script in (*_HERE.glob("*.mjs"), *_HERE.glob("*.html")):
        shutil.copy(script, folder)
    return Reference(folder, tmp_path_factory.mktemp("threevrm"))


@pytest.fixture
def difference(record_property: Callable[[str, Any], None]) -> Callable[..., None]:
    """Record a feature's largest difference on a file for the table, and assert its bound."""

    def note(
        feature: str,
        file: str,
        largest: float,
        unit: str,
        within: float,
        *,
        mended: bool = False,
        known: float | None = None,
    ) -> None:
        # Known: a fault of the reference, with the difference that it may cause.
        row = Difference(feature, file, float(largest), unit, within, mended)
        record_property(PROPERTY, tuple(row))
        assert largest <= (within if known is None else known), row

    return note


def _install(cache: Path) -> Path:
    """Return the folder with this package.json's modules; it is created atomically."""
    wanted = (_HERE / "package.json").read_bytes()
    folder = cache / "installed"
    if (folder / "package.json").is_file() and (folder / "package.json").read_bytes() == wanted:
        return folder
    aside = cache / f"installing-{os.getpid()}"
    aside.mkdir(exist_ok=True)
    (aside / "package.json").write_bytes(wanted)
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        subprocess.run(command, cwd=aside, check=True, timeout=120, capture_output=True)
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(aside, ignore_errors=True)
        pytest.skip(f"npm could not provide three-vrm: {error}")
    shutil.rmtree(folder, ignore_errors=True)
    # Another worker may have been faster; its copy is equivalent.
    with contextlib.suppress(OSError):
        aside.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
    return folder


def _make_readable(file: Path, scratch: Path) -> Path:
    """Return the file, or a copy with the fields that three-vrm requires and draft exporters omit.

    These are the version of extended colliders, and their plain fallback shape.
    """
    data = file.read_bytes()
    size = struct.unpack_from("<I", data, 12)[0]
    root = json.loads(data[20 : 20 + size])
    springs = root.get("extensions", {}).get("VRMC_springBone", {})
    extended = [c for c in springs.get("colliders", []) if "extensions" in c]
    if not extended:
        return file
    for collider in extended:
        collider["extensions"]["VRMC_springBone_extended_collider"]["specVersion"] = "1.0"
        collider.setdefault("shape", {"sphere": {"radius": 0.0, "offset": [0.0, -10000.0, 0.0]}})
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text + data[20 + size :]
    copy = scratch / file.name
    copy.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)
    return copy


# Each required bone: its parent and its position relative to it, metres. The left side is at +X.
_BODY: dict[str, tuple[str | None, tuple[float, float, float]]] = {
    "hips": (None, (0.0, 0.9, 0.0)),
    "spine": ("hips", (0.0, 0.1, 0.0)),
    "head": ("spine", (0.0, 0.5, 0.0)),
    **{
        side + bone: (parent if parent in ("spine", "hips") else side + parent, (sign * x, y, 0.0))
        for side, sign in (("left", 1.0), ("right", -1.0))
        for bone, parent, (x, y) in (
            ("UpperArm", "spine", (0.15, 0.4)),
            ("LowerArm", "UpperArm", (0.25, 0.0)),
            ("Hand", "LowerArm", (0.22, 0.0)),
            ("UpperLeg", "hips", (0.1, -0.05)),
            ("LowerLeg", "UpperLeg", (0.0, -0.4)),
            ("Foot", "LowerLeg", (0.0, -0.4)),
        )
    },
}


@dataclass
class Body:
    """A humanoid without a mesh, to which nodes and extensions are added."""

    version: str

    def __post_init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.extensions: dict[str, Any] = {}
        self._places: dict[str, int] = {}
        for bone, (parent, (x, y, z)) in _BODY.items():
            # 0.x faces -Z: its left is at -X.
            self.add(bone, parent, (-x if self.version == "0.x" else x, y, z))

    def add(
        self, name: str, parent: str | None, translation: tuple[float, float, float], **more: Any
    ) -> int:
        place = self._places[name] = len(self.nodes)
        self.nodes.append({"name": name, "translation": translation, **more})
        if parent is not None:
            self.nodes[self._places[parent]].setdefault("children", []).append(place)
        return place

    def place(self, name: str) -> int:
        return self._places[name]

    def write(self, path: Path) -> Path:
        bones = {bone: {"node": self._places[bone]} for bone in _BODY}
        meta = {"name": "body", "authors": ["tests"], "licenseUrl": "https://vrm.dev/licenses/1.0/"}
        if self.version == "1.0":
            vrm = {"specVersion": "1.0", "meta": meta, "humanoid": {"humanBones": bones}}
            extensions = {"VRMC_vrm": vrm, **self.extensions}
        else:
            listed = [{"bone": bone, **own} for bone, own in bones.items()]
            vrm = {"meta": {"title": "body"}, "humanoid": {"humanBones": listed}}
            extensions = {"VRM": {**vrm, **self.extensions}}
        root = {
            "asset": {"version": "2.0"},
            "scene": 0,
            "scenes": [{"nodes": [self._places["hips"]]}],
            "nodes": self.nodes,
            "extensions": extensions,
            "extensionsUsed": [*extensions, "VRMC_node_constraint"],
        }
        text = json.dumps(root).encode()
        text += b" " * (-len(text) % 4)
        body = struct.pack("<I4s", len(text), b"JSON") + text
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)
        return path


@pytest.fixture
def new_body() -> Callable[[str], Body]:
    return Body
