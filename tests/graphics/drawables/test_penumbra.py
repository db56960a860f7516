"""Test that shadows are the softer the farther their occluder."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from avatars.model import Avatar, Material
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 256
LAMP = Light((6.0, 0.0, 6.0), (0.0, 0.0, 0.0), (0.6, 0.6, 0.6), (0.6, 0.8), casts_shadow=True)
SUN = Light((6.0, 0.0, 6.0), (0.0, 0.0, 0.0), (0.6, 0.6, 0.6), None, casts_shadow=True)


def edge_width(line: np.ndarray, pixel_m: float) -> float:
    """Return the width in metres over which the left edge of a shadow goes from light to dark."""
    lit = line.max()
    dark = int(np.argmin(line))
    share = (line[:dark] - line[dark]) / (lit - line[dark])
    return float(((share > 0.1) & (share < 0.9)).sum()) * pixel_m


@pytest.fixture
def width(card: Callable[..., Avatar], stage: Callable[..., StageSet]) -> Callable[..., float]:
    """Return a function that draws a card before a wall, and measures the edge of its shadow."""
    avatar = card(Material("paper"))
    posed = PosedAvatar(0, np.eye(4, dtype=np.float32)[None], np.zeros(0, np.float32))

    def measure(distance: float, quality: Quality, light: Light = LAMP) -> float:
        # The shadow falls to the left of the card; a camera close to the wall sees it alone.
        aim = (-distance - 0.5, 0.0, -distance)
        camera = Camera((aim[0], 0.0, aim[2] + 1.4), aim, math.radians(40.0))
        wall = stage(((0.0, 0.0, -distance), 12.0, 0.5, 0.0))
        state = StageState(0, 0, 0, (posed,), (light,), (0.02,) * 3, camera)
        with StageRenderer(SIZE, SIZE, wall, [avatar], samples=0, quality=quality) as drawing:
            assert drawing.draw(state) == ()
            drawing.collect()
            picture = drawing.picture().astype(float)[SIZE // 2 - 8 : SIZE // 2 + 8, :, 1]
        return edge_width(picture.mean(axis=0), 2.0 * 1.4 * math.tan(camera.fov_y / 2.0) / SIZE)

    return measure


@pytest.mark.parametrize("light", [LAMP, SUN], ids=["spot", "sun"])
def test_a_penumbra_grows_with_the_distance_of_its_occluder(
    width: Callable[..., float], light: Light
) -> None:
    near, far = width(0.4, FULL, light), width(3.0, FULL, light)
    assert 0.0 < near < 0.08
    assert far > 2.0 * near
    assert far < 0.5


def test_a_software_rasteriser_keeps_a_constant_blur(width: Callable[..., float]) -> None:
    near, far = width(0.4, SOFTWARE), width(3.0, SOFTWARE)
    assert far < 1.8 * near
