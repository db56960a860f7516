"""Test the floor that is lit at a reduced size: its shape, and that it looks as at full size."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from renderer.graphics.drawables.sets.flat_floor import extend_floor, split_floor
from renderer.graphics.drawables.solids import make_box
from renderer.graphics.quality import SOFTWARE
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Light, StageState
from renderer.stage.sets.stage_set import Backdrop, SetMesh, StageSet

BLACK = Backdrop((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
SIZE = 160, 96


def mesh(corners: np.ndarray, name: str = "deck", **values: Any) -> SetMesh:
    """Return triangles (m, 3, 3) as a flat-shaded grey mesh."""
    position = corners.reshape(-1, 3).astype(np.float32)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal = np.repeat(across / np.linalg.norm(across, axis=1, keepdims=True), 3, axis=0)
    triangles = np.arange(len(position), dtype=np.uint32).reshape(-1, 3)
    made = SetMesh(
        name, position, normal.astype(np.float32), np.full((len(position), 3), 0.4, np.float32),
        triangles, roughness=0.5,
    )  # fmt: skip
    return replace(made, **values)


def slab(width: float, depth: float, x: float = 0.0) -> np.ndarray:
    """Return a slab whose top is at height 0."""
    return make_box((width, 0.2, depth), (x, -0.1, 0.0))


def test_the_top_of_the_largest_slab_at_the_performers_feet_is_the_floor() -> None:
    large, small = mesh(slab(6.0, 4.0)), mesh(slab(3.0, 2.0, 5.0))
    below = mesh(slab(20.0, 20.0) - np.array((0.0, 0.8, 0.0)))
    floor, rest = split_floor([small, large, below], 0.0)
    assert floor is not None and np.ptp(floor.position[floor.triangles], axis=(0, 1))[0] == 6.0
    assert len(floor.triangles) == 2
    assert (floor.position[floor.triangles][..., 1] == 0.0).all()
    assert (rest[0], rest[2]) == (small, below) and len(rest[1].triangles) == 10
    assert set(map(tuple, rest[1].triangles)).isdisjoint(map(tuple, floor.triangles))


@pytest.mark.parametrize(
    "one",
    [
        mesh(slab(1.5, 2.0)),
        mesh(slab(6.0, 4.0), emissive=(0.0, 0.1, 0.0)),
        mesh(slab(6.0, 4.0), color=np.linspace(0.1, 0.9, 108, dtype=np.float32).reshape(36, 3)),
        mesh(slab(6.0, 4.0)[:, ::-1]),
        mesh(slab(6.0, 4.0) + np.array((0.0, 0.1, 0.0))),
    ],
    ids=["small", "shining", "of several colours", "upside down", "above"],
)
def test_no_other_surface_is_a_floor(one: SetMesh) -> None:
    floor, rest = split_floor([one], 0.0)
    assert floor is None and rest == (one,)


def test_the_border_moves_outwards_by_the_same_distance() -> None:
    floor, _ = split_floor([mesh(np.concatenate((slab(4.0, 4.0), slab(4.0, 4.0, 4.0))))], 0.0)
    assert floor is not None
    moved = extend_floor(floor, 0.5).position[floor.triangles].reshape(-1, 3)
    assert np.allclose(moved.min(axis=0), (-2.5, 0.0, -2.5), atol=1e-5)
    assert np.allclose(moved.max(axis=0), (6.5, 0.0, 2.5), atol=1e-5)
    # The corners that the two squares share keep their place along the border.
    assert np.isclose(moved[:, 0], 2.0, atol=1e-5).any()


POOLS = (
    Light((0.0, 5.0, 3.0), (0.0, 0.0, 0.0), (1.0, 0.9, 0.8), (0.2, 0.4)),
    Light((-4.0, 5.0, 0.0), (-1.0, 0.0, 0.0), (0.1, 0.3, 1.0), (0.1, 0.3)),
)


@pytest.mark.parametrize("height", [0.4, 1.0, 2.0])
@pytest.mark.parametrize(("lights", "ambient"), [(POOLS, 0.0), ((), 0.6)], ids=["pools", "ambient"])
def test_a_floor_looks_as_if_lit_pixel_by_pixel(
    renderer: Callable[..., StageRenderer],
    state: Callable[..., StageState],
    lights: tuple[Light, ...],
    ambient: float,
    height: float,
) -> None:
    baked = np.full((36, 4), 120, np.uint8)
    wall = mesh(make_box((1.0, 1.0, 0.2), (1.0, 0.5, 0.0)), "wall", light=baked)
    stage = StageSet("deck", (mesh(slab(6.0, 4.0)), wall), BLACK)
    camera = Camera((0.0, height, 6.0), (0.0, 0.0, 0.0), math.radians(45.0))
    lit = state(lights=lights, ambient=(ambient,) * 3, camera=camera)
    pictures = []
    for scale in (1.0, SOFTWARE.reduced_scale):
        drawing = renderer(*SIZE, stage, [], quality=replace(SOFTWARE, reduced_scale=scale))
        drawing.draw(lit)
        drawing.collect()
        pictures.append(drawing.picture().astype(float))
    whole, reduced = pictures
    assert whole.max() > 60.0
    difference = np.abs(whole - reduced).max(axis=-1)
    assert difference.mean() < 0.5
    if not lights:
        # Pools lose some sharpness at their edges; the edges of surfaces lose none.
        assert difference.max() <= 2.0
