"""Fixtures: small hand-made avatars and stages with known expected values."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatars.model import (
    Avatar,
    Material,
    Mesh,
    MeshInstance,
    Meta,
    MorphTarget,
    Nodes,
    Primitive,
    Skin,
    Texture,
)
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import Backdrop, SetMesh, StageSet

GOLDEN = Path(__file__).parent / "golden"
BLACK = Backdrop((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


def quad(center: tuple[float, float, float], half: float) -> tuple[np.ndarray, np.ndarray]:
    """Return four corners facing +Z, and two triangles."""
    corners = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float32)
    return corners * half + np.float32(center), np.array([(0, 1, 2), (0, 2, 3)], np.uint32)


def primitive_of(position: np.ndarray, normal: np.ndarray, triangles: np.ndarray) -> Primitive:
    count = len(position)
    return Primitive(
        position.astype(np.float32),
        normal.astype(np.float32),
        np.zeros((count, 2), np.float32),
        np.ones((count, 4), np.float32),
        np.zeros((count, 4), np.uint32),
        np.zeros((count, 4), np.float32),
        triangles.astype(np.uint32),
        0,
    )


def avatar_of(
    primitives: tuple[Primitive, ...],
    materials: tuple[Material, ...],
    *,
    nodes: int = 1,
    skin: Skin | None = None,
    textures: tuple[Texture, ...] = (),
) -> Avatar:
    channels = max(len(p.targets) for p in primitives)
    mesh = Mesh("mesh", primitives, 0, ("",) * channels, np.zeros(channels, np.float32))
    return Avatar(
        Path("made.vrm"),
        "",
        Meta("made", ("a test",), "1.0"),
        Nodes(
            ("",) * nodes,
            np.arange(-1, nodes - 1, dtype=np.int32),
            np.zeros((nodes, 3), np.float32),
            np.tile(np.float32((0, 0, 0, 1)), (nodes, 1)),
            np.ones((nodes, 3), np.float32),
        ),
        (mesh,),
        (MeshInstance(0, 0, None if skin is None else 0),),
        () if skin is None else (skin,),
        materials,
        textures,
        {},
        (),
        None,
        channels,
    )


@pytest.fixture
def card() -> Callable[..., Avatar]:
    """Return a factory of squares with a side of one metre, at the origin, facing +Z."""

    def make(material: Material, texture: Texture | None = None) -> Avatar:
        position, triangles = quad((0.0, 0.0, 0.0), 0.5)
        part = primitive_of(position, np.tile((0.0, 0.0, 1.0), (4, 1)), triangles)
        part = replace(part, uv=np.array([(0, 1), (1, 1), (1, 0), (0, 0)], np.float32))
        return avatar_of((part,), (material,), textures=() if texture is None else (texture,))

    return make


@pytest.fixture
def pillar() -> Avatar:
    """Return a cylinder 1.6 m tall with two joints, and a morph target that inflates its top."""
    around, rows, radius, height = 24, 17, 0.15, 1.6
    angle = np.linspace(0.0, 2.0 * math.pi, around, endpoint=False)
    y = np.linspace(0.0, height, rows)
    ring = np.stack((np.sin(angle), np.zeros(around), np.cos(angle)), axis=-1)
    position = (ring[None] * radius + y[:, None, None] * np.array((0.0, 1.0, 0.0))).reshape(-1, 3)
    normal = np.tile(ring, (rows, 1))
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(around), indexing="ij")
    a, b = row * around + column, row * around + (column + 1) % around
    faces = np.stack((a, b, b + around, a, b + around, a + around), axis=-1).reshape(-1, 3)
    upper = np.clip((position[:, 1] - 0.6) / 0.4, 0.0, 1.0)
    top = np.flatnonzero(position[:, 1] > 1.2).astype(np.uint32)
    part = replace(
        primitive_of(position, normal, faces),
        joints=np.tile(np.uint32((0, 1, 0, 0)), (len(position), 1)),
        weights=np.stack(
            (1.0 - upper, upper, np.zeros_like(upper), np.zeros_like(upper)), axis=-1
        ).astype(np.float32),
        targets=(
            MorphTarget(
                top, (normal[top] * 0.1).astype(np.float32), (normal[top] * 0.05).astype(np.float32)
            ),
        ),
    )
    bind = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    bind[1, 1, 3] = -0.8
    white = Material("white", shade_color=(0.5, 0.5, 0.5))
    skin = Skin(np.array((0, 1), np.int32), bind)
    return avatar_of((part,), (white,), nodes=2, skin=skin)


@pytest.fixture
def pillar_pose() -> PosedAvatar:
    """Return the pillar at rest."""
    world = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    world[1, 1, 3] = 0.8
    return PosedAvatar(0, world, np.zeros(1, np.float32))


@pytest.fixture
def standing() -> PosedAvatar:
    """Return the pose of an avatar of one node at rest."""
    return PosedAvatar(0, np.eye(4, dtype=np.float32)[None], np.zeros(0, np.float32))


@pytest.fixture
def stage() -> Callable[..., StageSet]:
    """Return a factory of stages with squares (centre, half side, reflectance, emission) facing +Z,
    on black."""

    def make(*squares: tuple[tuple[float, float, float], float, float, float]) -> StageSet:
        meshes = []
        for index, (center, half, reflectance, emission) in enumerate(squares):
            position, triangles = quad(center, half)
            normal = np.tile(np.float32((0, 0, 1)), (4, 1))
            color = np.full((4, 3), reflectance, np.float32)
            meshes.append(
                SetMesh(f"square {index}", position, normal, color, triangles, (emission,) * 3)
            )
        return StageSet("squares", tuple(meshes), BLACK)

    return make


@pytest.fixture
def renderer() -> Iterator[Callable[..., StageRenderer]]:
    """Yield a function that opens renderers, which are closed after the test."""
    opened: list[StageRenderer] = []

    def make(*args: object, **options: object) -> StageRenderer:
        opened.append(StageRenderer(*args, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def require_golden(
    require_golden_picture: Callable[[np.ndarray, str, str], None],
) -> Callable[[StageRenderer, str], None]:
    """Return a function that compares a renderer's picture with a golden one."""

    def compare(drawing: StageRenderer, name: str) -> None:
        require_golden_picture(drawing.picture(), name, drawing.adapter.name)

    return compare


@pytest.fixture
def require_golden_picture(tmp_path: Path) -> Callable[[np.ndarray, str, str], None]:
    """Return a function that compares a picture with a golden one, only on llvmpipe: other drivers
    round differently."""

    def compare(picture: np.ndarray, name: str, adapter: str) -> None:
        if "llvmpipe" not in adapter:
            pytest.skip(f"pictures are kept for llvmpipe, and {adapter} draws")
        kept = GOLDEN / f"{name}.png"
        if os.environ.get("ENCORE_KEEP_GOLDEN"):
            Image.fromarray(picture).save(kept)
        with Image.open(kept) as image:
            expected = np.asarray(image.convert("RGB")).astype(int)
        difference = np.abs(picture.astype(int) - expected)
        if difference.mean() > 0.5 or (difference.max(axis=-1) > 8).mean() > 0.002:
            amplified = np.clip(difference * 16, 0, 255).astype(np.uint8)
            Image.fromarray(amplified).save(tmp_path / f"{name}_difference_x16.png")
            Image.fromarray(picture).save(tmp_path / f"{name}.png")
            pytest.fail(f"{name} has changed by {difference.mean():.2f} a byte: see {tmp_path}")

    return compare


@pytest.fixture
def state() -> Callable[..., StageState]:
    """Return a factory of states, viewed from three metres in front of the origin, unlit by
    default."""

    def make(
        *avatars: PosedAvatar,
        number: int = 0,
        seconds: float = 0.0,
        lights: tuple[Light, ...] = (),
        ambient: tuple[float, float, float] = (0.0, 0.0, 0.0),
        camera: Camera | None = None,
    ) -> StageState:
        seen_from = camera or Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), math.radians(35.0))
        return StageState(number, int(seconds * 1e9), 7, avatars, lights, ambient, seen_from)

    return make
